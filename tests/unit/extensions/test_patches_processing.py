"""How a message goes through Rasa's graph, and where its turn is kept."""

from __future__ import annotations

from typing import Any

from conftest import DOMAIN
from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from extensions.patches.processing import PATCHES
from extensions.tracker_store import EncryptedTrackerStore


def test_our_store_is_not_wrapped_and_others_are(store: EncryptedTrackerStore) -> None:
    assert Agent(tracker_store=store, domain=DOMAIN).tracker_store is store
    other = Agent(tracker_store=InMemoryTrackerStore(DOMAIN), domain=DOMAIN).tracker_store
    assert isinstance(other, FailSafeTrackerStore)


class Adder(GraphComponent):
    """Adds what it is given to its own number."""

    def __init__(self, number: int) -> None:
        self.number = number

    @classmethod
    def create(cls, config: dict[str, Any], **_: Any) -> Adder:
        return cls(config["number"])

    def add(self, left: int, right: int = 0) -> int:
        return self.number + left + right


def test_a_graph_gives_what_dask_gives() -> None:
    def node(number: int, **needs: str) -> SchemaNode:
        return SchemaNode(needs, Adder, "create", "add", {"number": number}, is_target=True)

    schema = GraphSchema(
        {
            "last": node(1000, left="first", right="second"),
            "second": node(100, left="first", right="given"),
            "first": node(10, left="given"),
            "unwanted": node(1, left="missing"),
        }
    )
    runner = DaskGraphRunner.create(schema, None, ExecutionContext(schema))
    (original,) = [patch.original for patch in PATCHES if patch.owner is DaskGraphRunner]
    for targets in (["last"], ["second", "first"]):
        for number in (1, 2):
            given = {"given": number}
            assert runner.run(given, targets) == original(runner, given, targets)
