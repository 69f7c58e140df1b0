"""The patches of Rasa: what they replace is unchanged, and what they do."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import logging
import random
from typing import Any

import numpy as np
import pytest
import rasa
from conftest import DOMAIN
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from assistant.retrieval.encoder import from_text
from extensions import rasa_patches
from extensions.rasa_patches import PATCHES, Patch, apply_patches, close_sessions
from extensions.tracker_store import EncryptedTrackerStore

EVENT = {"event": "slot", "name": "topic", "value": "cbt"}


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{patch.owner.__name__}.{patch.name}")
def test_rasa_has_not_changed_under_the_patch(patch: Patch) -> None:
    source = inspect.getsource(patch.original)
    assert hashlib.sha256(source.encode()).hexdigest() == patch.source_hash


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: f"{patch.owner.__name__}.{patch.name}")
def test_the_patch_is_in_place(patch: Patch) -> None:
    assert apply_patches()
    assert getattr(patch.owner, patch.name) is patch.replacement


def test_another_rasa_is_left_alone_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.99")
    with caplog.at_level(logging.WARNING, logger=rasa_patches.logger.name):
        assert not apply_patches.__wrapped__()
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"events": [], "responses": []},
        {"events": [EVENT], "responses": [{"text": "a"}]},
        {"events": [{"event": "slot"}]},
        {"events": [{"name": "canary"}]},
        {"events": [{"event": "no such event"}]},
        {"events": "canary"},
        {"responses": ["canary"]},
        [],
        None,
    ],
    ids=str,
)
def test_replies_are_judged_as_rasa_judges_them(reply: Any) -> None:
    action = RemoteAction("action_test", EndpointConfig("http://127.0.0.1:1"))
    original = next(p.original for p in PATCHES if p.name == "_validate_action_result")
    try:
        expected = original(action, reply)
    except Exception:
        with pytest.raises(RasaException) as raised:
            action._validate_action_result(reply)
        assert "canary" not in str(raised.value)
    else:
        assert action._validate_action_result(reply) is expected


class _Served:
    """An action server of three routes; counts its connections."""

    def __init__(self) -> None:
        self.peers: set[Any] = set()
        self.keys: list[str | None] = []

    async def __aenter__(self) -> _Served:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await close_sessions()
        self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.peers.add(writer.get_extra_info("peername"))
        while head := (await reader.readuntil(b"\r\n\r\n")).decode():
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
            self.keys.append(fields.get("x-actions-key"))
            await reader.readexactly(int(fields.get("content-length", 0)))
            if "/slow" in head:
                await asyncio.sleep(1)
            status = "500 canary" if "/broken" in head else "200 OK"
            body = b'{"echo": "canary"}'
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )


def test_calls_share_one_connection_and_send_the_endpoints_headers() -> None:
    async def scenario() -> None:
        async with _Served() as served:
            endpoint = EndpointConfig(served.url, headers={"X-Actions-Key": "secret"})
            for _ in range(5):
                assert await endpoint.request(json={}) == {"echo": "canary"}
            assert len(served.peers) == 1
            assert served.keys == ["secret"] * 5

    asyncio.run(scenario())
    # A session belongs to its event loop; another loop gets another one.
    asyncio.run(scenario())


def test_a_slow_call_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_patches, "ACTION_TIMEOUT_SECONDS", 0.1)

    async def scenario() -> None:
        async with _Served() as served:
            with pytest.raises(Exception, match="no answer in time"):
                await EndpointConfig(served.url).request(subpath="slow", json={}, timeout=300)

    asyncio.run(scenario())


def test_the_body_of_an_error_is_not_kept() -> None:
    async def scenario() -> None:
        async with _Served() as served:
            with pytest.raises(ClientResponseError) as raised:
                await EndpointConfig(served.url).request(subpath="broken", json={})
            assert not raised.value.text

    asyncio.run(scenario())


def test_our_store_is_not_wrapped_and_others_are(store: EncryptedTrackerStore) -> None:
    assert Agent(tracker_store=store, domain=DOMAIN).tracker_store is store
    other = Agent(tracker_store=InMemoryTrackerStore(DOMAIN), domain=DOMAIN).tracker_store
    assert isinstance(other, FailSafeTrackerStore)


def test_an_action_is_sent_the_latest_turn_alone() -> None:
    said = [UserUttered("one"), BotUttered("1"), UserUttered("two"), SlotSet("topic", "cbt")]
    tracker = DialogueStateTracker.from_events("person", said, [])
    call = RemoteAction("action_x", EndpointConfig("http://x"))._action_call_format(
        tracker, Domain.empty()
    )
    assert [event["event"] for event in call["tracker"]["events"]] == ["user", "slot"]
    assert call["tracker"]["latest_message"]["text"] == "two"
    assert call["next_action"] == "action_x"


@pytest.mark.parametrize(
    ("intent", "kind", "handed_on"),
    [
        ("reject_answer", "answer", "what is CBT?"),
        ("reject_answer", "prompt", ""),
        ("ask_more", "answer", None),
    ],
)
def test_what_an_answer_was_given_to_goes_along_where_it_missed(
    intent: str, kind: str, handed_on: str | None
) -> None:
    said = [
        UserUttered("earlier"),
        BotUttered("0", metadata={"message": {"kind": "answer"}}),
        UserUttered("what is CBT?"),
        BotUttered("1", metadata={"message": {"kind": kind}}),
        UserUttered("not that", {"name": intent}),
    ]
    tracker = DialogueStateTracker.from_events("person", said, [])
    action = RemoteAction("action_x", EndpointConfig("http://x"))
    call = action._action_call_format(tracker, Domain.empty())
    assert call["tracker"]["latest_message"].get("previous_text") == handed_on
    assert "CBT" not in str(call["tracker"]["events"])


def test_an_action_is_handed_the_embedding_that_the_process_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vector = np.linspace(-1, 1, 384, dtype=np.float32)

    class Knowing:
        def known(self, text: str) -> np.ndarray | None:
            return vector if text == "known" else None

    monkeypatch.setattr(rasa_patches.SharedEncoder, "load", lambda models_dir: Knowing())
    action = RemoteAction("action_x", EndpointConfig("http://x"))

    def handed_on(text: str) -> Any:
        tracker = DialogueStateTracker.from_events("person", [UserUttered(text)], [])
        call = action._action_call_format(tracker, Domain.empty())
        assert "embedding" not in str(call["tracker"]["events"])
        assert "embedding" not in (tracker.latest_message.parse_data or {})
        return from_text(call["tracker"]["latest_message"].get("embedding"))

    assert np.array_equal(handed_on("known"), vector)
    assert handed_on("unknown") is None


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


RULES = {
    json.dumps(rule): action
    for action, rule in {
        "first": [
            {},
            {"user": {"intent": "greet"}, "prev_action": {"action_name": "action_listen"}},
        ],
        "second": [{"prev_action": {"action_name": "utter_hello"}}],
        "third": [
            {"user": {"intent": "ask"}, "prev_action": {"action_name": "action_listen"}},
            {"user": {"intent": "ask"}, "prev_action": {"action_name": "utter_hello"}},
        ],
    }.items()
}


@pytest.mark.parametrize("length", range(6))
@pytest.mark.parametrize("seed", range(5))
def test_the_same_rules_apply_as_rasa_finds(length: int, seed: int) -> None:
    assert apply_patches()
    policy = object.__new__(RulePolicy)
    choose = random.Random(seed)
    states = [
        {
            **({"user": {"intent": choose.choice(["greet", "ask"])}} if turn else {}),
            **(
                {"prev_action": {"action_name": choose.choice(["action_listen", "utter_hello"])}}
                if turn
                else {}
            ),
        }
        for turn in range(length)
    ]
    found = rasa_patches._possible_keys(policy, RULES, states)
    assert found == rasa_patches._get_possible_keys(policy, RULES, states)
    # The second time it is remembered, and nobody's copy is another's.
    found.clear()
    again = rasa_patches._possible_keys(policy, RULES, states)
    assert again == rasa_patches._get_possible_keys(policy, RULES, states)
