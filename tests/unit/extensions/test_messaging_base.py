from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from conftest import EchoAgent
from messaging_toy import Platform, toy_platform, until
from sqlalchemy.exc import OperationalError

from assistant.settings import Settings
from extensions.channels.messaging.incoming import Incoming
from extensions.channels.messaging.rows import MessageRows
from extensions.gate import SafetyGate
from extensions.tracker_store import EncryptedTrackerStore

Scenario = Callable[[Platform], Awaitable[Any]]


@pytest.fixture
def drive(
    settings: Settings, store: EncryptedTrackerStore, gate: SafetyGate
) -> Callable[[Scenario], Any]:
    """Runs a scenario against a served toy channel."""

    def run(scenario: Scenario) -> Any:
        async def whole() -> Any:
            async with toy_platform(settings, EchoAgent(store), gate) as platform:
                return await scenario(platform)

        return asyncio.run(whole())

    return run


def test_a_question_is_answered_after_the_opening(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        assert await platform.post(platform.said("what is CBT?")) == 200
        opening, answer = await platform.replies(2)
        assert "automated program, not a person" in opening
        assert answer == "CBT is a kind of therapy.\n1. Tell me more\n2. Thanks"
        await platform.post(platform.said("and DBT?"))
        assert len(await platform.replies(3)) == 3

    drive(scenario)


def test_a_number_or_a_title_means_the_choice(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        await platform.post(platform.said("what is CBT?"))
        await platform.replies(2)
        heard: list[str] = []
        converse = platform.agent.converse

        async def listen(message: Any) -> None:
            heard.append(message.text)
            await converse(message)

        platform.agent.turn = listen
        for text in ("2", "tell me more", "3", "/thank"):
            await platform.post(platform.said(text))
            await platform.settle()
        assert heard == ["/thank", "tell me more", "3", "/thank"]
        # The last one was typed, so that it is a text and no command.
        assert platform.agent.parsed == ["\u200bthank"]

    drive(scenario)


def test_a_forged_request_is_no_event(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        assert await platform.post(platform.said("what is CBT?"), key="guess") == 403
        await platform.settle()
        assert not platform.channel.sent

    drive(scenario)


def test_what_is_sent_again_is_answered_once(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        message = platform.said("what is CBT?")
        statuses = await asyncio.gather(*(platform.post(message) for _ in range(20)))
        assert set(statuses) == {200}
        await platform.replies(2)
        await platform.post(message)
        await platform.settle()
        assert len(platform.to()) == 2

    drive(scenario)


def test_an_emergency_is_answered_while_a_turn_hangs(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        gone = asyncio.Event()

        async def hang(_: Any) -> None:
            await gone.wait()

        platform.agent.turn = hang
        await platform.post(platform.said("what is CBT?"))
        await platform.post(platform.said("I want to kill myself"))
        (crisis,) = await platform.replies(1)
        assert "988" in crisis
        gone.set()

    drive(scenario)


def test_a_slow_database_and_a_retry_storm_answer_an_emergency_once(
    drive: Callable[[Scenario], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(platform: Platform) -> None:
        rows = platform.channel.reception.rows
        note = rows.note

        def slowly(*arguments: Any) -> Any:
            time.sleep(1)
            return note(*arguments)

        monkeypatch.setattr(rows, "note", slowly)
        send = platform.channel.send

        async def send_slowly(address: str, message: dict[str, Any]) -> None:
            await asyncio.sleep(1)
            await send(address, message)

        monkeypatch.setattr(platform.channel.reception.sender, "_send", send_slowly)
        emergency, question = platform.said("I want to kill myself"), platform.said("what is CBT?")
        storm = [platform.post(emergency, question) for _ in range(10)]
        assert set(await asyncio.gather(*storm)) == {200}
        await platform.replies(3)
        await platform.settle()
        assert [text.startswith("I'm glad you wrote") for text in platform.to()].count(True) == 1
        assert len(platform.to()) == 3

    drive(scenario)


def test_without_a_database_an_emergency_is_answered_and_the_rest_comes_again(
    drive: Callable[[Scenario], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(platform: Platform) -> None:
        def broken(*_: Any, **__: Any) -> Any:
            raise OperationalError("", {}, Exception())

        emergency, question = platform.said("I want to kill myself"), platform.said("what is CBT?")
        with monkeypatch.context() as broken_rows:
            broken_rows.setattr(platform.channel.reception.rows, "_begin", broken)
            assert await platform.post(emergency) == 200
            assert await platform.post(emergency, question) == 503
        assert len(platform.to()) == 1
        assert await platform.post(emergency, question) == 200
        crisis, opening, answer = await platform.replies(3)
        assert "988" in crisis
        assert opening.startswith("Hello")
        assert answer.startswith("CBT")

    drive(scenario)


def test_hours_later_it_is_said_again_that_this_is_a_program(
    drive: Callable[[Scenario], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(platform: Platform) -> None:
        now = [time.time()]
        monkeypatch.setattr(time, "time", lambda: now[0])
        await platform.post(platform.said("what is CBT?"))
        assert (await platform.replies(2))[0].startswith("Hello")
        # Without a pause of an hour it is one conversation.
        for minutes, count in ((55, 3), (55, 4), (55, 5), (55, 7)):
            now[0] += minutes * 60
            await platform.post(platform.said("and then?"))
            await platform.replies(count)
        assert platform.to()[-1].startswith("A reminder")
        # The next day it begins anew.
        now[0] += 24 * 3600
        await platform.post(platform.said("hello again"))
        assert (await platform.replies(9))[-2].startswith("Hello")

    drive(scenario)


def test_a_number_that_comes_before_the_reply_chooses_nothing(
    drive: Callable[[Scenario], Any],
) -> None:
    async def scenario(platform: Platform) -> None:
        await platform.post(platform.said("what is CBT?"))
        await platform.replies(2)
        await platform.settle()
        await platform.post(platform.said("1"), platform.said("2"))
        first, second = (await platform.replies(4))[2:]
        assert first.startswith("CBT")
        assert "had not finished" in second
        await platform.settle()
        await platform.post(platform.said("2"))
        assert (await platform.replies(5))[-1].startswith("CBT")

    drive(scenario)


def test_who_sends_too_much_is_told_once_and_an_emergency_is_answered(
    settings: Settings, store: EncryptedTrackerStore, gate: SafetyGate
) -> None:
    limited = settings.copy(update={"messages_per_minute": 3})

    async def scenario() -> None:
        async with toy_platform(limited, EchoAgent(store), gate) as platform:
            for n in range(10):
                await platform.post(platform.said(f"question {n}"))
            texts = await platform.replies(5)
            await platform.settle()
            assert len(platform.to()) == 5
            assert "That was a lot at once" in texts[-1]
            await platform.post(platform.said("I want to kill myself"))
            assert "988" in (await platform.replies(6))[-1]
            await platform.post(platform.said("what is CBT?", "bob"))
            assert len(await platform.replies(2, "bob")) == 2
            rows = platform.channel.reception.rows
            # Nothing is left to be answered after the next start.
            await until(lambda: rows.unanswered() == [])

    asyncio.run(scenario())


def test_what_was_noted_before_a_restart_is_answered_after_it(
    settings: Settings, store: EncryptedTrackerStore, gate: SafetyGate
) -> None:
    rows = MessageRows(settings, "toy")
    rows.note([[Incoming("event-before", "ann", "to ann", text="what is CBT?")]])
    rows.close()

    async def scenario() -> None:
        async with toy_platform(settings, EchoAgent(store), gate) as platform:
            assert (await platform.replies(2))[-1].startswith("CBT")
            again = platform.said("what is CBT?", event_id="event-before")
            assert await platform.post(again) == 200
            await platform.settle()
            assert len(platform.to()) == 2

    asyncio.run(scenario())


def test_a_turn_that_fails_ends_with_a_sentence_that_names_help(
    drive: Callable[[Scenario], Any],
) -> None:
    async def scenario(platform: Platform) -> None:
        async def fail(_: Any) -> None:
            raise ValueError

        platform.agent.turn = fail
        await platform.post(platform.said("what is CBT?"))
        assert "988" in (await platform.replies(2))[-1]

    drive(scenario)


def test_a_choice_that_is_not_offered_is_refused_in_words(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        await platform.post(platform.said(None, kind="choice", choice="guess"))
        assert "no longer offered" in (await platform.replies(2))[-1]

    drive(scenario)


def test_what_is_no_text_gets_a_kind_sentence(drive: Callable[[Scenario], Any]) -> None:
    async def scenario(platform: Platform) -> None:
        await platform.post(platform.said(None, kind="other"), platform.said("\0", "bob"))
        assert "only read text" in (await platform.replies(2))[-1]
        assert "not text" in (await platform.replies(2, "bob"))[-1]

    drive(scenario)
