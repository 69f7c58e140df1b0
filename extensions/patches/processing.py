"""Patches of how Rasa handles a message: its graph, its events, where a turn is kept."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import rasa.core.processor
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event

from extensions.patches.patch import Patch

_create_tracker_store = Agent._create_tracker_store
_resolve_by_type = Event.resolve_by_type


# Rasa wraps the tracker store so that, when it fails, turns go to a store in
# memory that is never read: a turn is lost and nobody is told. A store that
# says `fails_loudly` is left as it is, and the channel tells the person.


def _create_unwrapped_tracker_store(store: TrackerStore | None, domain: Any) -> TrackerStore:
    if store is None or not getattr(store, "fails_loudly", False):
        return _create_tracker_store(store, domain)
    store.domain = domain
    return store


# For each event that is read back, Rasa walks the tree of all classes of events
# to find the one of its type. It is looked up once instead. Gain: p50 17 -> 13 ms.

_resolve_by_type_once = lru_cache(maxsize=128)(_resolve_by_type)

# Rasa runs its graph of components through dask: each time it copies the plan,
# writes a debug line with the whole conversation in it, logged or not, and lets
# dask sort what never changes. The order is found once for each target instead. Gain: 5 to
# 11 % of Rasa's CPU for a message.


def _run_graph(
    self: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    wanted = tuple(targets or self._graph_schema.target_names)
    orders = self.__dict__.setdefault("_orders", {})
    if wanted not in orders:
        orders[wanted] = _in_order(self, wanted)
    # As dask has them: a value beside the name of who made it.
    results = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in orders[wanted]:
            made = (results.get(need, need) for need in needs)
            results[name] = self._instantiated_nodes[name](*made)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(results[name] for name in wanted)


def _in_order(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """The nodes that the targets need, each after those that it needs itself."""
    nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
    order: dict[str, list[str]] = {}

    def visit(name: str) -> None:
        if name in nodes and name not in order:
            needs = list(nodes[name].needs.values())
            for need in needs:
                visit(need)
            order[name] = needs

    for target in targets:
        visit(target)
    return list(order.items())


# For each message Rasa makes dictionaries of the whole domain, to see whether it is
# empty, before it warns of intents that the domain lacks. `rasa data validate` finds
# those before anything runs. Gain: 3 % of Rasa's CPU for a message.


def _no_check(self: MessageProcessor, parse_data: dict[str, Any]) -> None:
    """Nothing: the intents are the domain's."""


# Rasa copies events and states in depth for debug lines, whether they are logged or
# not. These two modules use `copy` for nothing else, so nothing is copied there.

NO_COPIES = SimpleNamespace(deepcopy=lambda value: value)

PATCHES: tuple[Patch, ...] = (
    Patch(
        MessageProcessor,
        "_check_for_unseen_features",
        MessageProcessor._check_for_unseen_features,
        _no_check,
        "286ab49de966bc0e7fd781720a321b384f0c3cd2c46e4b556b081db79bf4c36f",
    ),
    Patch(
        rasa.core.processor,
        "copy",
        rasa.core.processor,
        NO_COPIES,
        "f42dfbf26e2ffcb66e08cf4180d1de1cce2a8f59389d5d3b4ea12a95b1f186dd",
    ),
    Patch(
        DaskGraphRunner,
        "run",
        DaskGraphRunner.run,
        _run_graph,
        "45f0f52f574f3aa9546a552bf671183e171092c18b66e97f5771a7fa295de37e",
    ),
    Patch(
        Event,
        "resolve_by_type",
        _resolve_by_type,
        _resolve_by_type_once,
        "b5cf570fa7f286c7059ec73d8880528d03a78b28cf4e80285a46079c0fa65968",
    ),
    Patch(
        Agent,
        "_create_tracker_store",
        _create_tracker_store,
        _create_unwrapped_tracker_store,
        "97499b594b45581b2c6d8ff7adb9083af24eba85654995a40350de65633ca574",
    ),
)
