from __future__ import annotations

from pathlib import Path

import pytest

from assistant.safety.counts import CrisisCounts
from commands import crisis_counts


@pytest.fixture
def state(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    return tmp_path


def test_counts_are_shown(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CrisisCounts(state).add("suicide", "web")
    assert crisis_counts.main() == 0
    assert capsys.readouterr().out.split() == ["suicide", "web", "1"]


def test_none_yet_is_said(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crisis_counts.main() == 0
    assert "No crisis reply" in capsys.readouterr().out


def test_a_broken_file_is_said(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (state / "crisis-counts.db").write_bytes(b"x" * 5000)
    assert crisis_counts.main() == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_wrong_setting_is_said(state: Path, bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("PORT", "0")
    assert crisis_counts.main() == 1
