"""Figures of crisis replies: by kind and channel, nothing of any person, and never in the way."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.safety.counts import CrisisCounts


def test_replies_are_counted_by_situation_and_channel(tmp_path: Path) -> None:
    counts = CrisisCounts(tmp_path / "state")
    assert counts.read() == []
    for situation, channel in [("suicide", "web"), ("suicide", "web"), ("abuse", "cmdline")]:
        counts.add(situation, channel)
    assert CrisisCounts(tmp_path / "state").read() == [
        ("abuse", "cmdline", 1),
        ("suicide", "web", 2),
    ]


def test_nothing_but_kinds_is_kept(tmp_path: Path) -> None:
    counts = CrisisCounts(tmp_path)
    counts.add("my name is Zyrphelia", "web")
    assert counts.read() == [("unknown", "web", 1)]
    with sqlite3.connect(tmp_path / "crisis-counts.db") as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(crisis_reply)")]
    database.close()
    assert columns == ["situation", "channel", "replies"]


def test_many_at_once_are_all_counted(tmp_path: Path) -> None:
    counts = CrisisCounts(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        for _ in range(100):
            threads.submit(counts.add, "overdose", "web")
    assert counts.read() == [("overdose", "web", 100)]


@pytest.mark.parametrize("fault", ["folder is a file", "not a database", "locked"])
def test_a_dead_file_is_no_reason_to_fail(
    tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.safety.counts._WAIT_SECONDS", 0.05)
    state, path = tmp_path / "state", tmp_path / "state" / "crisis-counts.db"
    counts = CrisisCounts(state)
    holder = None
    if fault == "folder is a file":
        state.write_text("", "utf-8")
    else:
        state.mkdir()
    if fault == "not a database":
        path.write_bytes(b"x" * 5000)
    if fault == "locked":
        counts.add("suicide", "web")
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    counts.add("suicide", "web")
    if holder:
        holder.close()
    assert "could not be counted" in caplog.text
