from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.settings import Settings
from commands import training
from commands.steps import StepFailedError
from commands.training import prepare, train
from tests.unit.articles import GOOD

# What `rasa train` does as far as `train` sees it: it writes the model, and takes
# note of each time that it is run.
TRAINER = """#!/bin/sh
while [ $# -gt 1 ]; do
  case "$1" in --out) out=$2;; --fixed-model-name) name=$2;; esac
  shift
done
echo trained >> "$out/runs"
echo model > "$out/$name.tar.gz"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "models").mkdir()
    return Settings(models_dir=tmp_path / "models", state_dir=tmp_path / "state")


@pytest.fixture
def trainer(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the runs of the trainer are noted."""
    program = tmp_path / "trainer"
    program.write_text(TRAINER)
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return settings.models_dir / "runs"


def test_a_model_is_trained_once(settings: Settings, trainer: Path) -> None:
    model = train(settings)
    assert model.read_text() == "model\n"
    assert train(settings) == model
    assert trainer.read_text() == "trained\n"


def test_a_model_that_was_changed_is_refused_until_it_is_deleted(
    settings: Settings, trainer: Path
) -> None:
    model = train(settings)
    model.write_text("another")
    with pytest.raises(StepFailedError, match="was changed after training; delete it"):
        train(settings)
    model.unlink()
    assert train(settings).read_text() == "model\n"
    assert trainer.read_text() == "trained\ntrained\n"


def test_a_failed_training_names_the_log(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "trainer"
    program.write_text("#!/bin/sh\necho no such intent >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(StepFailedError) as caught:
        train(settings)
    log = settings.models_dir / "training.log"
    assert str(caught.value) == f"Training failed; what Rasa said is in {log}."
    assert log.read_text() == "no such intent\n"


def test_a_training_that_leaves_no_model_has_failed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(StepFailedError, match="Training failed"):
        train(settings)


def test_preparing_tells_what_is_wrong_with_the_corpus(settings: Settings, tmp_path: Path) -> None:
    empty = settings.copy(update={"corpus": tmp_path / "empty"})
    with pytest.raises(StepFailedError, match=r"empty: There is no article \(\*\.md\)"):
        prepare(empty)


def test_preparing_goes_on_with_what_was_live_and_says_so(
    deployment: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "care.md").write_text(GOOD, "utf-8")
    settings = deployment.copy(update={"corpus": folder, "state_dir": tmp_path / "state"})
    prepare(settings)
    assert "Visitors" not in capsys.readouterr().out
    (folder / "care.md").write_text("no article", "utf-8")
    prepare(settings)
    out = capsys.readouterr().out
    assert "care.md" in out
    assert "Visitors get answers from the articles as they were before." in out


def test_training_with_a_bad_setting_ends_with_one_sentence(
    bare_environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_environment.setenv("PORT", "many")
    assert training.main() == 1
    assert capsys.readouterr().err == "PORT: value is not a valid integer.\n"
