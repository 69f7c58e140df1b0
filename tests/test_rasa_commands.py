"""The plain `rasa` commands that any Rasa user would try from the root."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import ROOT, load_settings
from commands.training import train

pytestmark = pytest.mark.rasa


def rasa(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Runs `rasa` and gives back what it said."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("rasa")), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_data_validates_without_a_warning() -> None:
    done = rasa("data", "validate", "--fail-on-warnings")
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_story_goes_as_written(tmp_path: Path) -> None:
    model = train(load_settings())
    # `rasa test` alone would also ask all the examples that the model has learnt from.
    done = rasa(
        *("test", "core", "--fail-on-prediction-errors", "--stories", "tests/stories"),
        *("--model", str(model), "--out", str(tmp_path)),
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text("utf-8")
    assert "None of the test stories failed" in failed


def test_train_makes_a_model(tmp_path: Path) -> None:
    done = rasa("train", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr[-2000:]
    assert list(tmp_path.glob("*.tar.gz"))
