"""Recording costs a message nothing, whatever fails."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import pytest

from assistant.gaps.model import Missed, Observation
from assistant.gaps.recorder import Recorder
from assistant.gaps.redaction import Redactor
from assistant.gaps.store import GapStore
from assistant.settings import Settings

CANARY = "Zebediah Quux"


def asked(text: str, kind: Any = "unknown") -> Observation:
    return Observation("one", "web", text, Missed(kind))


def test_a_gap_is_stored_redacted(redactor: Redactor, store: GapStore) -> None:
    recorder = Recorder(lambda: redactor, lambda: store)
    assert recorder.offer(asked(f"I am {CANARY}, do you have horse therapy"))
    recorder.drain()
    assert [gap.text for gap in store.gaps()] == ["i am … do you have horse therapy"]


def test_what_is_out_of_scope_leaves_no_text(redactor: Redactor, store: GapStore) -> None:
    recorder = Recorder(lambda: redactor, lambda: store)
    recorder.offer(asked("what is the weather", "out_of_scope"))
    recorder.drain()
    assert store.gaps() == []
    assert store.out_of_scope() == 1


def test_switched_off_it_takes_nothing() -> None:
    recorder = Recorder(pytest.fail, pytest.fail, enabled=False)
    assert not recorder.offer(asked("do you have horse therapy"))


def test_taking_a_gap_never_waits_for_the_store_and_few_wait(redactor: Redactor) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def stuck() -> GapStore:
        busy.set()
        go_on.wait(20)
        raise OSError("disk full")

    recorder = Recorder(lambda: redactor, stuck)
    recorder.offer(asked("first"))
    assert busy.wait(20)
    started = time.perf_counter()
    taken = sum(recorder.offer(asked(str(number))) for number in range(1000))
    assert time.perf_counter() - started < 1
    assert taken == 100
    go_on.set()
    recorder.drain()


def test_a_broken_store_loses_gaps_and_logs_no_text(
    redactor: Redactor, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def add(self, *arguments: Any) -> None:
            raise ValueError(arguments)

    recorder = Recorder(lambda: redactor, Broken)  # type: ignore[arg-type]
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            assert recorder.offer(asked(f"i am {CANARY}, horse therapy"))
            recorder.drain()
    assert caplog.text.count("A content gap could not be kept: ValueError.") == 2
    assert "Zebediah" not in caplog.text
    assert "horse" not in caplog.text


def test_a_store_that_comes_back_is_used_again(redactor: Redactor, settings: Settings) -> None:
    failing = [OSError("disk full")]

    def opened() -> GapStore:
        if failing:
            raise failing.pop()
        return GapStore(settings)

    recorder = Recorder(lambda: redactor, opened)
    for text in ("lost therapy", "kept therapy"):
        recorder.offer(asked(text))
        recorder.drain()
    assert [gap.text for gap in GapStore(settings).gaps()] == ["kept therapy"]
