from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from messaging_toy import until

from assistant.settings import Settings
from extensions.channels.messaging.incoming import Incoming, NotSentError, not_sent
from extensions.channels.messaging.rows import MessageRows, Noted
from extensions.channels.messaging.sending import Sender, backoff
from tests.databases import database_url, postgresql

__all__ = ["database_url", "postgresql"]

CANARY = "Zyrphelia"
DAY = timedelta(days=1)


@pytest.fixture
def deployed(database_url: str | None, tmp_path: Path) -> Settings:
    return Settings(
        state_dir=tmp_path,
        database_url=database_url,
        data_keys=Fernet.generate_key().decode(),
        records_secret="r" * 40,
        token_secret="t" * 40,
    )


@pytest.fixture
def rows(deployed: Settings) -> Iterator[MessageRows]:
    opened = MessageRows(deployed, "toy")
    yield opened
    opened.close()


def said(text: str = "hello", person: str = "ann", event: str | None = None) -> Incoming:
    return Incoming(event or f"{person} {text}", person, f"to {person}", text=text)


def note(rows: MessageRows, *messages: Incoming) -> list[Noted]:
    (noted,) = rows.note([messages])
    return noted


class TestIncoming:
    def test_an_event_is_noted_once_and_open_until_it_is_answered(self, rows: MessageRows) -> None:
        (first,) = note(rows, said())
        (again,) = note(rows, said())
        assert again == first
        rows.answer(first, [])
        assert note(rows, said()) == []
        assert rows.unanswered() == []

    def test_it_survives_a_restart(self, rows: MessageRows, deployed: Settings) -> None:
        note(rows, said("one"), said("two"))
        rows.close()
        after = MessageRows(deployed, "toy")
        assert [noted.incoming for noted in after.unanswered()] == [said("one"), said("two")]
        after.close()

    def test_what_ends_the_process_each_time_is_given_up(self, rows: MessageRows) -> None:
        note(rows, said())
        assert [len(rows.unanswered()) for _ in range(4)] == [1, 1, 0, 0]

    def test_what_somebody_is_at_is_left_to_them(self, rows: MessageRows) -> None:
        one, _ = note(rows, said("one"), said("two"))
        assert [noted.incoming.text for noted in rows.unanswered({one.id})] == ["two"]

    def test_conversations_are_told_apart_by_person_and_channel(
        self, rows: MessageRows, deployed: Settings
    ) -> None:
        other = MessageRows(deployed, "other")
        names = {rows.conversation("ann"), rows.conversation("bob"), other.conversation("ann")}
        assert len(names) == 3
        assert all(len(name) == 32 and int(name, 16) for name in names)
        assert rows.conversation("ann") in names
        # Another channel's rows are none of its business.
        note(other, said())
        assert rows.unanswered() == []
        other.close()


class TestOutgoing:
    def answered(self, rows: MessageRows, *texts: str, person: str = "ann", **how: Any) -> Noted:
        (noted,) = note(rows, said(" ".join(texts), person))
        rows.answer(noted, [{"text": text} for text in texts], **how)
        return noted

    def test_of_each_conversation_the_first_is_due_and_what_is_urgent(
        self, rows: MessageRows
    ) -> None:
        self.answered(rows, "one", "two")
        self.answered(rows, "three", person="bob")
        self.answered(rows, "four", urgent=True)
        assert [post.message["text"] for post in rows.due(9)] == ["one", "three", "four"]

    def test_what_failed_keeps_those_behind_it_waiting(self, rows: MessageRows) -> None:
        self.answered(rows, "one", "two")
        (first,) = rows.due(9)
        soon = time.time() + 60
        rows.try_again(first, soon)
        assert rows.due(9) == []
        assert rows.next_due() is not None
        rows.try_again(first, time.time() - 1)
        (again,) = rows.due(9)
        assert (again.id, again.attempts) == (first.id, 1)
        rows.sent(first.id)
        assert [post.message["text"] for post in rows.due(9)] == ["two"]

    def test_nothing_waits_when_all_is_sent(self, rows: MessageRows) -> None:
        self.answered(rows, "one")
        rows.sent(rows.due(9)[0].id)
        assert rows.next_due() is None

    def test_with_a_lost_key_it_is_dropped_and_the_others_are_sent(
        self, rows: MessageRows, deployed: Settings
    ) -> None:
        self.answered(rows, "one")
        keyless = deployed.copy(update={"data_keys": Fernet.generate_key().decode()})
        after = MessageRows(keyless, "toy")
        self.answered(after, "two", person="bob")
        assert [post.message["text"] for post in after.due(9)] == ["two"]
        note(rows, said("three"))
        assert after.unanswered() == []
        after.close()


class TestContacts:
    def test_nobody_is_known_before_the_first_answer(self, rows: MessageRows) -> None:
        (noted,) = note(rows, said())
        assert rows.contact(noted.conversation).seen_at is None
        rows.answer(noted, [], told_at=7.0, later=[{"text": "rest"}])
        known = rows.contact(noted.conversation)
        assert known.told_at == 7.0
        assert known.later == ({"text": "rest"},)

    def test_a_number_is_kept_until_the_ledger_has_it(self, rows: MessageRows) -> None:
        (noted,) = note(rows, said("stop"))
        rows.answer(noted, [], stopped_at=7.0, unrecorded="+12025550143")
        assert rows.unrecorded() == {noted.conversation: "+12025550143"}
        rows.recorded(noted.conversation)
        assert rows.unrecorded() == {}
        assert rows.contact(noted.conversation).stopped_at == 7.0


class TestPurge:
    def test_what_is_past_its_time_goes(
        self, rows: MessageRows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        note(rows, said("one"))
        (stopped,) = note(rows, said("two", "bob"))
        rows.answer(stopped, [{"text": "unsent"}], stopped_at=time.time())
        assert rows.purge(DAY, 30 * DAY) == 0
        later = time.time() + 2 * 86400
        monkeypatch.setattr(time, "time", lambda: later)
        assert rows.purge(DAY, DAY) == 2
        assert rows.unanswered() == []
        assert rows.next_due() is None
        # Still no event when the platform sends it again.
        assert note(rows, said("one")) == []
        # And who wants no messages gets none.
        assert rows.contact(stopped.conversation).stopped_at


def test_neither_text_nor_person_is_in_the_file(rows: MessageRows, tmp_path: Path) -> None:
    message = Incoming("event", f"{CANARY} Quonk", f"{CANARY}@example.org", text=f"I am {CANARY}")
    (noted,) = note(rows, message)
    rows.answer(noted, [{"text": CANARY}], later=[{"text": CANARY}], unrecorded=CANARY)
    note(rows, said(CANARY))
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes(), path


class TestSender:
    """What is in the outbox reaches the platform, whatever it says meanwhile."""

    def run(
        self, rows: MessageRows, *outcomes: Exception | None, seconds: float = 3, kept: float = 60
    ) -> list[str]:
        """Runs a sender whose first sends end like this; returns what was taken."""
        taken: list[str] = []
        left = list(outcomes)

        async def send(address: str, message: dict[str, Any]) -> None:
            outcome = left.pop(0) if left else None
            if outcome is not None:
                raise outcome
            taken.append(message["text"])

        async def whole() -> None:
            sender = asyncio.create_task(Sender(rows, send, 0.0, kept).run())
            await until(lambda: rows.next_due() is None and not left, seconds)
            sender.cancel()

        asyncio.run(whole())
        return taken

    def fill(self, rows: MessageRows, *texts: str) -> None:
        (noted,) = note(rows, said(" ".join(texts)))
        rows.answer(noted, [{"text": text} for text in texts])

    def test_in_order_after_failures(self, rows: MessageRows) -> None:
        self.fill(rows, "one", "two", "three")
        failures = (not_sent(500), OSError(), None, asyncio.TimeoutError())
        assert self.run(rows, *failures, seconds=9) == ["one", "two", "three"]

    def test_what_is_refused_for_good_keeps_nothing_back(self, rows: MessageRows) -> None:
        self.fill(rows, "one", "two")
        assert self.run(rows, not_sent(400)) == ["two"]

    def test_what_is_too_old_is_given_up(self, rows: MessageRows) -> None:
        self.fill(rows, "one", "two")
        assert self.run(rows, not_sent(500), kept=0.0) == ["two"]

    def test_the_platform_wants_to_be_left_alone(self, rows: MessageRows) -> None:
        self.fill(rows, "one")
        started = time.monotonic()
        assert self.run(rows, not_sent(429, "1.5")) == ["one"]
        assert time.monotonic() - started > 1.5

    def test_no_word_or_address_is_in_the_log(
        self, rows: MessageRows, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.fill(rows, CANARY)
        self.run(rows, ValueError(CANARY), not_sent(400))
        assert "ValueError" in caplog.text
        assert "HTTP 400" in caplog.text
        assert CANARY not in caplog.text

    def test_urgent_messages_are_sent_without_the_database(
        self, rows: MessageRows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        outcomes: list[Exception | None] = [not_sent(500), None]

        async def send(address: str, message: dict[str, Any]) -> None:
            if outcome := outcomes.pop(0):
                raise outcome

        sender = Sender(rows, send, 0.0, 60)
        assert asyncio.run(sender.send_unnoted("to ann", [{"text": "988"}]))
        outcomes[:] = [not_sent(404)]
        assert not asyncio.run(sender.send_unnoted("to ann", [{"text": "988"}]))

    @pytest.mark.parametrize("look_seconds", [0.0, 0.3])
    def test_what_is_urgent_is_sent_once_however_the_outbox_is_looked_into(
        self, rows: MessageRows, monkeypatch: pytest.MonkeyPatch, look_seconds: float
    ) -> None:
        taken: list[str] = []
        due = rows.due

        async def send(address: str, message: dict[str, Any]) -> None:
            await asyncio.sleep(0.1)
            taken.append(message["text"])

        def slowly(limit: int) -> Any:
            found = due(limit)
            time.sleep(look_seconds)
            return found

        monkeypatch.setattr(rows, "due", slowly)

        async def whole() -> None:
            (noted,) = note(rows, said())
            posts = rows.answer(noted, [{"text": "988"}], urgent=True)
            sender = Sender(rows, send, 0.0, 60)
            looking = asyncio.create_task(sender.run())
            await asyncio.sleep(0.05)
            await sender.send_now(posts)
            await asyncio.sleep(0.6)
            looking.cancel()

        asyncio.run(whole())
        assert taken == ["988"]
        assert rows.next_due() is None


@pytest.mark.parametrize(
    ("status", "header", "final", "seconds"),
    [
        (429, "7", False, 7.0),
        (503, "0.5", False, 0.5),
        (500, None, False, None),
        (401, None, False, None),
        (429, "Fri, 27 Nov 2026 00:00:00 GMT", False, None),
        (400, "7", True, None),
        (403, None, True, None),
        (404, None, True, None),
    ],
)
def test_what_a_status_means(
    status: int, header: str | None, final: bool, seconds: float | None
) -> None:
    error: NotSentError = not_sent(status, header)
    assert (error.final, error.retry_after, str(error)) == (final, seconds, f"HTTP {status}")


def test_delays_double_up_to_five_minutes() -> None:
    assert 0.5 <= backoff(0) <= 1
    assert 2 <= backoff(2) <= 4
    assert 150 <= backoff(90) <= 300
