"""How the action server is called, and what of its reply is taken."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from assistant.retrieval.encoder import from_text
from extensions.patches import action_calls
from extensions.patches.action_calls import PATCHES, close_sessions

EVENT = {"event": "slot", "name": "topic", "value": "cbt"}


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
    monkeypatch.setattr(action_calls, "ACTION_TIMEOUT_SECONDS", 0.1)

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


def test_an_action_is_sent_the_latest_turn_alone() -> None:
    said = [UserUttered("one"), BotUttered("1"), UserUttered("two"), SlotSet("topic", "cbt")]
    tracker = DialogueStateTracker.from_events("person", said, [])
    call = RemoteAction("action_x", EndpointConfig("http://x"))._action_call_format(
        tracker, Domain.empty()
    )
    assert [event["event"] for event in call["tracker"]["events"]] == ["user", "slot"]
    assert call["tracker"]["latest_message"]["text"] == "two"
    assert call["next_action"] == "action_x"


def test_what_the_reply_before_was_and_offered_goes_along() -> None:
    choice = {"title": "Sign up", "payload": "/start_signup"}
    offer = {"kind": "answer", "choices": [choice]}
    said = [
        UserUttered("one"),
        BotUttered("0", metadata={"message": {"kind": "crisis"}}),
        UserUttered("two"),
        BotUttered("1", metadata={"message": offer}),
        BotUttered("2"),
        UserUttered("yes"),
        BotUttered("3", metadata={"message": {"kind": "notice"}}),
    ]
    tracker = DialogueStateTracker.from_events("person", said, [])
    action = RemoteAction("action_x", EndpointConfig("http://x"))
    latest = action._action_call_format(tracker, Domain.empty())["tracker"]["latest_message"]
    before = latest["reply_before"]
    assert sorted(before["kinds"]) == ["", "answer"]
    assert before["payloads"] == ["/start_signup"]


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

    monkeypatch.setattr(action_calls.SharedEncoder, "load", lambda models_dir: Knowing())
    action = RemoteAction("action_x", EndpointConfig("http://x"))

    def handed_on(text: str) -> Any:
        tracker = DialogueStateTracker.from_events("person", [UserUttered(text)], [])
        call = action._action_call_format(tracker, Domain.empty())
        assert "embedding" not in str(call["tracker"]["events"])
        assert "embedding" not in (tracker.latest_message.parse_data or {})
        return from_text(call["tracker"]["latest_message"].get("embedding"))

    assert np.array_equal(handed_on("known"), vector)
    assert handed_on("unknown") is None
