"""What is changed in Rasa itself, each with its reason and its measured gain.

Rasa offers no setting for these. They are made for one version: with another,
none is applied and one warning says so. Each records the hash of the source it
replaces; a test compares them, so that a changed Rasa is noticed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType, SimpleNamespace
from typing import Any
from weakref import WeakSet

import aiohttp
import rasa
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.core.run
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from assistant.gaps.model import PREVIOUS_TEXT
from assistant.retrieval.encoder import EMBEDDING, to_text
from assistant.settings import load_settings
from extensions.embedding import SharedEncoder

logger = logging.getLogger(__name__)

RASA_VERSION = "3.6.21"
# The intent of "that's not what I asked".
_REJECTING = "reject_answer"
# A person waits for all of a turn; Rasa's own limit is 300 s for each call.
ACTION_TIMEOUT_SECONDS = 10.0

_request = EndpointConfig.request
_session = EndpointConfig.session
_create_tracker_store = Agent._create_tracker_store
_resolve_by_type = Event.resolve_by_type
_close_resources = rasa.core.run.close_resources

_get_possible_keys = RulePolicy._get_possible_keys
# What a rule can depend on recurs; a form's answers do not, and are not kept for long.
_MOST_KNOWN = 1000

# Sessions that are open, to be closed when the server stops.
_open_sessions: WeakSet[aiohttp.ClientSession] = WeakSet()


@dataclass(frozen=True)
class Patch:
    """A function of Rasa and what takes its place.

    Attributes:
        owner: the class or module that holds the function.
        name: its name there.
        original: the function as Rasa has it, or the module that all of it matters of.
        replacement: what is put there.
        source_hash: SHA-256 of the original's source.
    """

    owner: type | ModuleType
    name: str
    original: Callable[..., Any] | ModuleType
    replacement: Any
    source_hash: str


@lru_cache(maxsize=1)
def apply_patches() -> bool:
    """Applies all patches, once a process.

    Returns:
        Whether they were applied.
    """
    if rasa.__version__ != RASA_VERSION:
        logger.warning(
            "Rasa is %s, the patches are made for %s: none is applied, messages take longer.",
            rasa.__version__,
            RASA_VERSION,
        )
        return False
    for patch in PATCHES:
        static = isinstance(patch.owner, type) and isinstance(
            patch.owner.__dict__[patch.name], staticmethod
        )
        replacement: Any = staticmethod(patch.replacement) if static else patch.replacement
        setattr(patch.owner, patch.name, replacement)
    return True


# 1. The action server's reply is checked against a JSON schema that Rasa builds
#    and checks anew for each reply, every event against every kind of event. Each is
#    checked against its own kind, with a schema that is kept. Gain: p50 51 -> 13 ms
#    by keeping the schema; its own kind alone was not measured apart.
#    Rasa's error also holds the reply, which would be logged with all its texts.


@lru_cache(maxsize=1)
def _event_validators() -> dict[str, Draft202012Validator]:
    """A validator for each kind of event, by its name."""
    schema = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]
    common = {key: value for key, value in schema.items() if key != "oneOf"}
    return {
        kind["properties"]["event"]["const"]: Draft202012Validator({"allOf": [common, kind]})
        for kind in schema["oneOf"]
    }


def _validate_action_result(self: RemoteAction, result: Any) -> bool:
    reply = result if isinstance(result, dict) else {"events": None}
    events, responses = reply.get("events", []), reply.get("responses", [])
    if not (isinstance(events, list) and all(map(_is_event, events))):
        raise RasaException(f"The reply of action '{self.name()}' is malformed at 'events'.")
    if not (isinstance(responses, list) and all(isinstance(each, dict) for each in responses)):
        raise RasaException(f"The reply of action '{self.name()}' is malformed at 'responses'.")
    return True


def _is_event(event: Any) -> bool:
    name = event.get("event") if isinstance(event, dict) else None
    validator = _event_validators().get(name) if isinstance(name, str) else None
    return validator is not None and bool(validator.is_valid(event))


# 2. Rasa opens an HTTP session and a connection for each call of an action. One
#    for each endpoint and event loop is kept open instead. Gain: p50 15 -> 13 ms.


class _KeptSession:
    """Lends an open session to an `async with` that would close its own."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._lent = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._lent

    async def __aexit__(self, *_: object) -> None:
        """Stays open: the next call uses it again."""


def _kept_session(self: EndpointConfig) -> _KeptSession:
    loop = asyncio.get_running_loop()
    kept: tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession] | None
    kept = self.__dict__.get("_kept_session")
    if kept is None or kept[0] is not loop or kept[1].closed:
        kept = (loop, _session(self))
        self.__dict__["_kept_session"] = kept
        _open_sessions.add(kept[1])
    return _KeptSession(kept[1])


async def _limited_request(self: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
    kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_TIMEOUT_SECONDS)
    try:
        return await _request(self, *args, **kwargs)
    except asyncio.TimeoutError:
        # Of the kind that RemoteAction reports in a sentence; a bare one has none.
        raise aiohttp.ServerTimeoutError("no answer in time") from None
    except ClientResponseError as error:
        if error.status == 400:
            # The body names the action that rejected its execution; Rasa needs it.
            raise
        # Any other body may hold what the person wrote, and Rasa logs the error.
        raise ClientResponseError(error.status, error.message, "") from None


async def close_sessions() -> None:
    """Closes all kept sessions."""
    for session in list(_open_sessions):
        await session.close()


async def _close_resources_and_sessions(app: Any, loop: Any) -> None:
    await close_sessions()
    await _close_resources(app, loop)


# 3. Rasa wraps the tracker store so that, when it fails, turns go to a store in
#    memory that is never read: a turn is lost and nobody is told. A store that
#    says `fails_loudly` is left as it is, and the channel tells the person.


def _create_unwrapped_tracker_store(store: TrackerStore | None, domain: Any) -> TrackerStore:
    if store is None or not getattr(store, "fails_loudly", False):
        return _create_tracker_store(store, domain)
    store.domain = domain
    return store


# 4. For each event that is read back, Rasa walks the tree of all classes of events
#    to find the one of its type. It is looked up once instead. Gain: p50 17 -> 13 ms.

_resolve_by_type_once = lru_cache(maxsize=128)(_resolve_by_type)


# 5. Rasa runs its graph of components through dask: each time it copies the plan,
#    writes a debug line with the whole conversation in it, logged or not, and lets
#    dask sort what never changes. The order is found once for each target instead. Gain: 5 to
#    11 % of Rasa's CPU for a message.


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


# 6. For each rule and each state Rasa parses the rule's JSON again. It is parsed once;
#    nothing changes the states that come out. Gain: none that stood out of the noise
#    alone; a trial of drafts of 1 and 5 to 8 and of a leaner store together took
#    Rasa's CPU for a message from 17.3 to 14.2 ms.

_rule_key_to_state_once = lru_cache(maxsize=4096)(RulePolicy._rule_key_to_state)

# 7. Each call of an action carries every event that was read back, the texts and
#    sources of earlier answers among them. Actions look at the latest message and
#    after; what came before is in the slots, but for the question that an answer was
#    not to, which goes along. The message's embedding goes with the call, so that the
#    action server need not compute it again; it is kept nowhere.


def _action_call(self: RemoteAction, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
    call = {
        "next_action": self._name,
        "sender_id": tracker.sender_id,
        "tracker": tracker.current_state(EventVerbosity.NONE),
        "version": rasa.__version__,
    }
    call["tracker"]["events"] = [event.as_dict() for event in _latest_turn(tracker)]
    latest = call["tracker"]["latest_message"]
    vector = SharedEncoder.load(load_settings().models_dir).known(latest.get("text") or "")
    if vector is not None:
        latest = {**latest, EMBEDDING: to_text(vector)}
    if (latest.get(INTENT) or {}).get("name") == _REJECTING:
        latest = {**latest, PREVIOUS_TEXT: _previous_text(tracker)}
    call["tracker"]["latest_message"] = latest
    if not self._is_selective_domain_enabled() or domain.does_custom_action_explicitly_need_domain(
        self.name()
    ):
        call["domain"] = domain.as_dict()
    return call


def _latest_turn(tracker: DialogueStateTracker) -> list[Event]:
    turn: list[Event] = []
    for event in reversed(tracker.events):
        turn.append(event)
        if isinstance(event, UserUttered):
            break
    return turn[::-1]


def _previous_text(tracker: DialogueStateTracker) -> str:
    """What the last answer was given to; empty where the message before got none."""
    answered = False
    said = 0
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            message = event.metadata.get("message") or {}
            answered = answered or message.get("kind") == "answer"
        elif isinstance(event, UserUttered):
            said += 1
            if said > 1:
                # What was typed into a form, say, is nobody's question.
                return (event.text or "") if answered else ""
    return ""


# 8. For each message Rasa makes dictionaries of the whole domain, to see whether it is
#    empty, before it warns of intents that the domain lacks. `rasa data validate` finds
#    those before anything runs. Gain: 3 % of Rasa's CPU for a message.


def _no_check(self: MessageProcessor, parse_data: dict[str, Any]) -> None:
    """Nothing: the intents are the domain's."""


# 9. Rasa copies events and states in depth for debug lines, whether they are logged or
#    not. These two modules use `copy` for nothing else, so nothing is copied there.

_NO_COPIES = SimpleNamespace(deepcopy=lambda value: value)


# 10. Every rule is compared anew with every state of the conversation, twice a turn,
#     although a rule says nothing of states before its first one. Only as many are
#     looked at as the longest rule has, and once for the same ones: what influences a
#     rule recurs in every conversation. Gain: 0.15 -> 0.004 ms of CPU a call,
#     with 103 rules and 42 states; a turn has two calls.


class _FoundRules:
    """The rules of a lookup that apply to states met before.

    Attributes:
        rules: the lookup; held, so that no other takes its place in memory.
        longest: states of its longest rule.
        by_states: keys of the rules that apply.
    """

    def __init__(self, policy: RulePolicy, rules: dict[str, str]) -> None:
        self.rules, self.count = rules, len(rules)
        self.longest = max((len(policy._rule_key_to_state(key)) for key in rules), default=0)
        self.by_states: dict[str, frozenset[str]] = {}

    def are_of(self, rules: dict[str, str]) -> bool:
        return self.rules is rules and self.count == len(rules)


def _possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[Any]) -> set[str]:
    """As Rasa's, from the last states alone."""
    every: dict[int, _FoundRules] = self.__dict__.setdefault("_found_rules", {})
    found = every.get(id(lookup))
    if found is None or not found.are_of(lookup):
        found = every[id(lookup)] = _FoundRules(self, lookup)
    latest = states[-found.longest :] if found.longest else []
    name = repr(latest)
    if name not in found.by_states:
        if len(found.by_states) >= _MOST_KNOWN:
            found.by_states.clear()
        found.by_states[name] = frozenset(_get_possible_keys(self, lookup, latest))
    return set(found.by_states[name])


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
        _NO_COPIES,
        "f42dfbf26e2ffcb66e08cf4180d1de1cce2a8f59389d5d3b4ea12a95b1f186dd",
    ),
    Patch(
        rasa.core.policies.rule_policy,
        "copy",
        rasa.core.policies.rule_policy,
        _NO_COPIES,
        "952d1a13906511ac9b8d1c3dcd27148b24bbcd6610ebb13bff23f2fb1667b2b5",
    ),
    Patch(
        RemoteAction,
        "_validate_action_result",
        RemoteAction._validate_action_result,
        _validate_action_result,
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
    ),
    Patch(
        RemoteAction,
        "_action_call_format",
        RemoteAction._action_call_format,
        _action_call,
        "428795b944f22edba142d278ec47a30098975b01463ba337ec447dade52a0492",
    ),
    Patch(
        DaskGraphRunner,
        "run",
        DaskGraphRunner.run,
        _run_graph,
        "45f0f52f574f3aa9546a552bf671183e171092c18b66e97f5771a7fa295de37e",
    ),
    Patch(
        RulePolicy,
        "_rule_key_to_state",
        RulePolicy._rule_key_to_state,
        _rule_key_to_state_once,
        "b91b949bbccbff0bdd67604e957b8884becef48ebc634c655c01bb5e6e93677e",
    ),
    Patch(
        RulePolicy,
        "_get_possible_keys",
        _get_possible_keys,
        _possible_keys,
        "2915fd81711e194c6d667728e00bd0e51e9c1c2791a0be14c55f0ef9938f9936",
    ),
    Patch(
        EndpointConfig,
        "session",
        _session,
        _kept_session,
        "e55aa13d9d4fb4bc440ac33b870a97ee162b76dda7ccb6bf68433567475fdffb",
    ),
    Patch(
        EndpointConfig,
        "request",
        _request,
        _limited_request,
        "ccdb778aed8208e23cde3c3f47eac7fbbbb735dac8f7ef7254d54451c64ad608",
    ),
    Patch(
        rasa.core.run,
        "close_resources",
        _close_resources,
        _close_resources_and_sessions,
        "bc3d36e8149e84cd906082694203f0f78bbdb09544be8753af472ff59cc284e9",
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
