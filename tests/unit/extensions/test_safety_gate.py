"""An emergency is answered first and at once, whatever else is dead; the conversation goes on."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from conftest import ANSWER, DOMAIN, EchoAgent, WordDetector, serving, signed_in
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import OperationalError

from assistant.safety.counts import CrisisCounts
from assistant.safety.emergency import Emergency
from assistant.safety.protocol import Crisis, Protocol
from assistant.safety.resources import crisis_texts
from assistant.settings import Settings
from extensions import gate as gate_module
from extensions.emergencies import Watch
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[httpx.AsyncClient, EchoAgent], Awaitable[Any]]
SUICIDE = "I want to kill myself"
WHOLE = crisis_texts().emergency("suicide", "self", "en")
WITHDRAWAL = crisis_texts().likely("withdrawal_emergency", "en")
ANSWER_SENT = replace(ANSWER, choices=()).as_dict()


@pytest.fixture
def drive(
    settings: Settings, store: EncryptedTrackerStore, gate: SafetyGate
) -> Callable[[Scenario], Any]:
    """Runs a scenario against a served channel whose gate notices plain words."""

    def run(scenario: Scenario) -> Any:
        async def whole() -> Any:
            agent = EchoAgent(store)
            async with serving(settings, agent, gate) as client:
                return await scenario(client, agent)

        return asyncio.run(whole())

    return run


async def say(client: httpx.AsyncClient, text: str, headers: dict[str, str]) -> dict[str, Any]:
    """The one message of a reply, which took no longer than a second."""
    started = time.perf_counter()
    reply = await client.post("/messages", json={"text": text}, headers=headers)
    assert time.perf_counter() - started < 1
    assert reply.status_code == 200
    (message,) = reply.json()["messages"]
    return dict(message)


def test_the_first_message_is_answered_kept_and_the_conversation_goes_on(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        crisis = await say(client, SUICIDE, headers)
        assert crisis == json.loads(json.dumps(WHOLE.as_dict()))
        assert (await say(client, "What is CBT?", headers))["kind"] == "answer"
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert history[0] == {"from": "person", "text": SUICIDE}
        assert history[1] == {"from": "assistant", "message": crisis}
        assert len(history) == 4

    drive(scenario)


def test_the_second_message_gets_a_shorter_reply_and_another_emergency_its_own(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        texts = [SUICIDE, SUICIDE, "she overdosed", "quiero morir", "quiero morir"]
        replies = [(await say(client, text, headers))["text"] for text in texts]
        assert len(set(replies)) == 5
        assert len(replies[1]) < len(replies[0])
        assert "naloxone" in replies[2]
        assert "marque 2" in replies[3]
        assert len(replies[4]) < len(replies[3])

    drive(scenario)


def _raise(*_: Any, **__: Any) -> Any:
    raise OperationalError("the words of a person", {}, Exception())


async def _fail(*_: Any, **__: Any) -> Any:
    _raise()


async def _hang(*_: Any, **__: Any) -> Any:
    await asyncio.sleep(5)


@pytest.mark.parametrize("fault", ["no agent", "no model", "no actions", "no store", "no lock"])
@pytest.mark.parametrize("way", [_fail, _hang])
def test_the_reply_needs_nothing_behind_it(
    drive: Any,
    fault: str,
    way: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        agent.turn = way
        if fault == "no agent":
            agent.tracker_store = None  # type: ignore[assignment]
        elif fault == "no model":
            agent.processor = None
        elif fault == "no actions":
            agent.action_endpoint.request = way
        elif fault == "no store":
            for name in ("retrieve", "save", "get_or_create_tracker"):
                monkeypatch.setattr(agent.tracker_store, name, way)
        else:
            monkeypatch.setattr(agent.lock_store, "lock", _raise)
        assert (await say(client, SUICIDE, headers))["text"] == WHOLE.text
        # What was said before is known without the store.
        again = await say(client, SUICIDE, headers)
        assert again["kind"] == "crisis"
        assert again["text"] != WHOLE.text

    drive(scenario)
    assert "kill" not in caplog.text
    assert "words of a person" not in caplog.text


WORRIED = "I'm worried about my dad, what is detox?"


class AnsweringActions:
    """Stands for an action server that answers beside an emergency."""

    def __init__(self, responses: list[dict[str, Any]]) -> None:
        self.responses = responses
        self.asked: list[dict[str, Any]] = []

    async def request(self, **call: Any) -> dict[str, Any]:
        self.asked.append(call["json"])
        events = [{"event": "slot", "name": "topic", "value": "detox"}]
        return {"events": events if self.responses else [], "responses": self.responses}


def test_what_is_only_likely_an_emergency_is_answered_too(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        agent.action_endpoint = AnsweringActions([{"text": ANSWER.text, "message": ANSWER_SENT}])
        headers = await signed_in(client)
        reply = await client.post("/messages", json={"text": WORRIED}, headers=headers)
        crisis, answer = reply.json()["messages"]
        assert crisis["kind"] == "crisis"
        assert answer["text"] == ANSWER.text
        (call,) = agent.action_endpoint.asked
        assert call["tracker"]["latest_message"] == {"text": WORRIED}
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert [entry["message"]["text"] for entry in history[1:]] == [
            crisis["text"],
            ANSWER.text,
        ]
        # A direct statement gets the reply alone.
        assert (await say(client, SUICIDE, headers))["kind"] == "crisis"
        assert len(agent.action_endpoint.asked) == 1

    drive(scenario)


@pytest.mark.parametrize("way", [_fail, _hang, AnsweringActions([]).request])
def test_a_likely_emergency_is_answered_without_an_action_server(drive: Any, way: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        agent.action_endpoint.request = way
        message = await say(client, WORRIED, await signed_in(client))
        assert message["text"] == WITHDRAWAL.text

    drive(scenario)


def test_a_turn_that_hangs_does_not_hold_up_the_reply(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)

        async def slow(message: UserMessage) -> None:
            await asyncio.sleep(1.5)
            await agent.converse(message)

        agent.turn = slow
        before = asyncio.ensure_future(
            client.post("/messages", json={"text": "hello"}, headers=headers)
        )
        await asyncio.sleep(0.1)
        assert (await say(client, SUICIDE, headers))["text"] == WHOLE.text
        assert (await before).status_code == 200
        await asyncio.sleep(0.2)
        history = (await client.get("/history", headers=headers)).json()["messages"]
        said = [entry["text"] for entry in history if entry["from"] == "person"]
        assert said == ["hello", SUICIDE]

    drive(scenario)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"text": "x " * 5000 + SUICIDE}),
        json.dumps({"text": "\N{SLIGHTLY SMILING FACE}" * 9_900 + SUICIDE}),
        json.dumps({"text": "I want to kill\0 myself"}),
        json.dumps({"text": "\ud800I want to kill myself"}),
        json.dumps({"text": SUICIDE, "sender": "somebody"}),
        json.dumps({"text": "/" + SUICIDE}),
    ],
    ids=["10,000 characters", "of 12 bytes each", "NUL", "surrogate", "more keys", "slash"],
)
def test_a_text_that_would_be_refused_is_answered_first(drive: Any, body: str) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        reply = await client.post("/messages", content=body.encode("ascii"), headers=headers)
        assert reply.status_code == 200
        assert reply.json()["messages"] == [json.loads(json.dumps(WHOLE.as_dict()))]
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert history[0]["text"].endswith("kill myself")
        assert len(history[0]["text"]) <= 10_000

    drive(scenario)


def test_a_long_text_without_an_emergency_is_refused_with_a_way_to_help(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        for length in (2001, 200_000):
            reply = await client.post("/messages", json={"text": "x" * length}, headers=headers)
            assert reply.status_code == 413
            assert "988" in reply.json()["detail"]

    drive(scenario)


def test_without_a_token_nothing_is_looked_at(drive: Any, detector: WordDetector) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        reply = await client.post("/messages", json={"text": SUICIDE})
        assert reply.status_code == 401
        # But whoever reads that is told where help is.
        assert "911" in reply.json()["detail"]

    drive(scenario)
    assert SUICIDE not in detector.looked


def test_slots_and_a_form_stay_as_they_were(drive: Any, store: EncryptedTrackerStore) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        conversation_id = headers["Authorization"].removeprefix("Bearer ").partition(".")[0]
        tracker = DialogueStateTracker(conversation_id, DOMAIN.slots)
        for event in (
            ActionExecuted("action_listen"),
            SlotSet("name", "Ada"),
            ActiveLoop("signup_form"),
            SlotSet("requested_slot", "phone"),
            ActionExecuted("action_listen"),
        ):
            tracker.update(event)
        await store.save(tracker)
        await say(client, SUICIDE, headers)
        kept = await store.retrieve(conversation_id)
        assert kept is not None
        assert kept.get_slot("name") == "Ada"
        assert kept.active_loop_name == "signup_form"
        assert kept.latest_action_name == "action_listen"
        assert Crisis.from_dict(kept.get_slot("crisis")) == Crisis("suicide", "self", "en")

    drive(scenario)


def test_after_a_restart_the_tracker_knows_what_was_said(
    settings: Settings, store: EncryptedTrackerStore, detector: WordDetector
) -> None:
    async def scenario() -> None:
        agent = EchoAgent(store)
        async with serving(settings, agent, _gate(settings, detector)) as client:
            headers = await signed_in(client)
            await say(client, SUICIDE, headers)
        async with serving(settings, agent, _gate(settings, detector)) as client:
            assert (await say(client, SUICIDE, headers))["text"] != WHOLE.text

    asyncio.run(scenario())


def _gate(settings: Settings, detector: WordDetector, lifetime: float = 3600) -> SafetyGate:
    counts = CrisisCounts(settings.state_dir)
    return SafetyGate(Watch(detector), Protocol(crisis_texts()), counts, lifetime)


def test_an_erased_conversation_is_forgotten_and_its_emergencies_still_answered(
    drive: Any, gate: SafetyGate
) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        await say(client, SUICIDE, headers)
        assert (await client.delete("/session", headers=headers)).status_code == 204
        assert not gate._crises
        assert (await say(client, SUICIDE, headers))["text"] == WHOLE.text
        assert (await client.get("/history", headers=headers)).status_code == 401

    drive(scenario)


def test_rasa_and_the_actions_are_told_of_the_crisis_and_nothing_else(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        heard: list[Any] = []

        async def listen(message: UserMessage) -> None:
            heard.append(message.metadata)
            await agent.converse(message)

        agent.turn = listen
        await say(client, "hello", headers)
        await say(client, SUICIDE, headers)
        await say(client, "what happens if I call?", headers)
        assert heard == [None, {"crisis": Crisis("suicide", "self", "en").as_dict()}]

    drive(scenario)


def test_in_a_crisis_a_failure_says_again_where_help_is(drive: Any) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        await say(client, SUICIDE, headers)
        agent.turn = _fail
        message = await say(client, "what happens if I call?", headers)
        assert message["kind"] == "crisis"
        assert "988" in message["text"]
        assert "662-4357" not in message["text"]

    drive(scenario)


def test_replies_are_counted(drive: Any, gate: SafetyGate) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        for text in (SUICIDE, SUICIDE, "she overdosed", "hello"):
            await say(client, text, headers)

    drive(scenario)
    assert gate.counts.read() == [("overdose", "web", 1), ("suicide", "web", 2)]


def test_a_detector_that_fails_lets_the_message_through_and_health_says_so(
    drive: Any, detector: WordDetector, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        assert (await client.get("/health")).status_code == 200
        detector.broken = True
        reply = await client.get("/health")
        assert reply.status_code == 503
        assert reply.json()["failing"] == ["gate"]
        assert (await say(client, "a canary", await signed_in(client)))["kind"] == "answer"

    drive(scenario)
    assert "detector of emergencies failed: ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_a_message_is_looked_at_once(detector: WordDetector) -> None:
    watch = Watch(detector)
    found = [watch.notice(text) for text in (SUICIDE, "hello", SUICIDE, "hello")]
    assert found == [Emergency("suicide", "self", "direct"), None] * 2
    assert detector.looked == [SUICIDE, "hello"]
    for number in range(100):
        watch.notice(f"text {number}")
    watch.notice(SUICIDE)
    assert detector.looked.count(SUICIDE) == 2


def test_the_memory_ends_with_the_conversation_and_is_bounded(
    settings: Settings, detector: WordDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    emergency = Emergency("abuse", "self", "direct")
    short = _gate(settings, detector, lifetime=0.0)
    short.reply("a", emergency)
    time.sleep(0.01)
    assert short.crisis("a") is None
    assert short.still_here("a") is None
    monkeypatch.setattr(gate_module, "_MAX_CONVERSATIONS", 3)
    gate = _gate(settings, detector)
    for name in "abcde":
        gate.reply(name, emergency)
    assert [name for name in "abcde" if gate.crisis(name)] == ["c", "d", "e"]


def test_a_store_without_the_slot_keeps_the_rest(drive: Any, store: EncryptedTrackerStore) -> None:
    store.domain = Domain.empty()

    async def scenario(client: httpx.AsyncClient, agent: EchoAgent) -> None:
        headers = await signed_in(client)
        await say(client, SUICIDE, headers)
        history = (await client.get("/history", headers=headers)).json()["messages"]
        assert len(history) == 2

    drive(scenario)


@pytest.mark.parametrize("text", ["does it hurt?", "and is it painful", "Is it quick?!", "¿duele?"])
def test_what_leans_on_an_emergency_is_one_in_the_same_conversation(
    gate: SafetyGate, text: str
) -> None:
    assert gate.notice("a", text) is None
    gate.reply("a", Emergency("suicide", "other", "direct", "es"))
    assert gate.notice("a", text) == Emergency("suicide", "other", "likely", "es")
    assert gate.notice("b", text) is None
    gate.forget("a")
    assert gate.notice("a", text) is None


@pytest.mark.parametrize("text", ["does detox hurt?", "what is CBT?", "is it covered?", ""])
def test_other_questions_after_an_emergency_are_answered(gate: SafetyGate, text: str) -> None:
    gate.reply("a", Emergency("suicide", "self", "direct"))
    assert gate.notice("a", text) is None
