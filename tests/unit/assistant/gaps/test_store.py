"""What is kept of a gap, for how long, and that it can be erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cryptography.fernet import Fernet

from assistant.gaps import store as module
from assistant.gaps import votes as votes_module
from assistant.gaps.model import Missed
from assistant.gaps.store import GapStore, forget, purge
from assistant.settings import Settings

HORSES = Missed("unknown", ("ptsd",), ("other-therapies#horses",))
CANARY = "canary horses"


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    class Then(date):
        @classmethod
        def today(cls) -> date:
            return day

    monkeypatch.setattr(module, "date", Then)
    monkeypatch.setattr(votes_module, "date", Then)


def raw(settings: Settings) -> bytes:
    return b"".join(path.read_bytes() for path in settings.state_dir.glob("gaps.db*"))


def test_a_gap_is_kept_with_its_day_and_without_its_conversation(
    store: GapStore, settings: Settings
) -> None:
    store.add("conversation-7361", "web", CANARY, HORSES)
    (gap,) = store.gaps()
    assert (gap.kind, gap.channel, gap.text) == ("unknown", "web", CANARY)
    assert (gap.topics, gap.sections) == (("ptsd",), ("other-therapies#horses",))
    assert gap.day == date.today()
    stored = raw(settings)
    assert b"conversation-7361" not in stored
    assert b"canary" not in stored
    assert b"horses" not in stored


def test_what_is_out_of_scope_is_only_counted(store: GapStore) -> None:
    for _ in range(2):
        store.add("one", "web", CANARY, Missed("out_of_scope"))
    assert store.gaps() == []
    assert store.out_of_scope() == 2


def test_the_same_conversation_is_known_again_and_another_is_not(store: GapStore) -> None:
    for conversation in ("one", "one", "two"):
        store.add(conversation, "web", "", HORSES)
    first, second, third = (gap.conversation for gap in store.gaps())
    assert first == second != third


def test_one_conversation_cannot_fill_the_disk(store: GapStore) -> None:
    for _ in range(60):
        store.add("one", "web", "", HORSES)
    assert len(store.gaps()) == 50


def test_an_erased_conversation_is_gone_and_stays_so(store: GapStore, settings: Settings) -> None:
    store.add("one", "web", CANARY, HORSES)
    store.add("two", "web", "another", HORSES)
    store.vote("one", "answer", ["a#b"], True)
    forget("one", settings)
    assert [gap.text for gap in store.gaps()] == ["another"]
    # What was on its way when it was erased.
    store.add("one", "web", CANARY, HORSES)
    store.vote("one", "answer", ["a#b"], False)
    assert [gap.text for gap in store.gaps()] == ["another"]
    assert [(each.helpful, each.unhelpful) for each in store.votes()] == [(1, 0)]
    with sqlite3.connect(settings.state_dir / "gaps.db") as database:
        assert database.execute("SELECT count(*) FROM answer_vote").fetchone() == (0,)


def test_old_gaps_are_purged_and_unseen_before_that(
    store: GapStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = int(settings.gaps_retention_days)
    on_day(monkeypatch, date.today() - timedelta(days=days + 1))
    store.add("one", "web", "old", HORSES)
    store.add("one", "web", "", Missed("out_of_scope"))
    store.vote("one", "answer", ["a#b"], True)
    on_day(monkeypatch, date.today() - timedelta(days=days))
    store.add("one", "web", "just not old", HORSES)
    monkeypatch.undo()
    assert [gap.text for gap in store.gaps()] == ["just not old"]
    assert purge(settings) == 1
    with sqlite3.connect(settings.state_dir / "gaps.db") as database:
        assert database.execute("SELECT count(*) FROM content_gap").fetchone() == (1,)
    assert store.out_of_scope() == 0
    assert store.votes() == []


def test_the_mark_of_an_erased_conversation_goes_when_its_token_has_expired(
    store: GapStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.forget("one")
    purge(settings)
    store.add("one", "web", CANARY, HORSES)
    assert store.gaps() == []
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + settings.session_hours * 3600 + 1)
    purge(settings)
    store.add("one", "web", CANARY, HORSES)
    assert len(store.gaps()) == 1


def test_the_latest_vote_on_an_answer_holds(store: GapStore) -> None:
    store.vote("one", "first", ["a#b", "c#d"], True)
    store.vote("two", "first", ["a#b", "c#d"], True)
    store.vote("one", "second", ["a#b"], True)
    store.vote("one", "first", ["a#b", "c#d"], False)
    store.vote("one", "first", ["a#b", "c#d"], False)
    found = {each.section: (each.helpful, each.unhelpful) for each in store.votes()}
    assert found == {"a#b": (2, 1), "c#d": (1, 1)}


def test_a_gap_of_a_key_that_is_gone_counts_without_its_text(
    store: GapStore, settings: Settings
) -> None:
    store.add("one", "web", CANARY, HORSES)
    other = settings.copy(update={"data_keys": Fernet.generate_key().decode()})
    (gap,) = GapStore(other).gaps()
    assert (gap.text, gap.topics) == ("", ())


@pytest.mark.postgres
def test_it_works_on_postgresql(settings: Settings, postgresql: Callable[[], str]) -> None:
    settings = settings.copy(update={"database_url": postgresql()})
    store = GapStore(settings)
    store.add("one", "web", CANARY, HORSES)
    store.add("one", "web", "", Missed("out_of_scope"))
    store.add("two", "web", "another", HORSES)
    store.vote("one", "answer", ["a#b"], True)
    store.vote("one", "answer", ["a#b"], False)
    assert [(each.helpful, each.unhelpful) for each in store.votes()] == [(0, 1)]
    forget("one", settings)
    store.add("one", "web", CANARY, HORSES)
    assert [gap.text for gap in store.gaps()] == ["another"]
    assert store.out_of_scope() == 1
    assert purge(settings) == 0
    store.close()
