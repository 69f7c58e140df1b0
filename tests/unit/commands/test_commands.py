"""`make ask`, `make chat`, what prepares them, and what `make help` shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assistant.answers import wording
from assistant.settings import ROOT
from commands import ask, chat, index, run


@pytest.mark.parametrize(
    "target",
    [
        *("run", "test", "train", "index", "chat", "ask", "eval", "bench", "bench-widget"),
        *("lint", "types", "lint-corpus", "signups", "channel-check", "verify-ledger"),
        "clean",
    ],
)
def test_make_help_shows_each_target_with_what_it_does(target: str) -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    (line,) = [line for line in shown.splitlines() if line.split()[:2] == ["make", target]]
    assert len(line.split()) > 4


def test_make_alone_shows_the_help() -> None:
    shown = [
        subprocess.run(["make", *goal], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for goal in ([], ["help"])
    ]
    assert shown[0] == shown[1] != ""


@pytest.mark.usefixtures("bare_environment")
def test_ask_shows_the_answer_and_how_it_came_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main(["what", "is", "CBT?"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Cognitive behavioral therapy")
    assert "Read as: what is CBT cognitive behavioral therapy?" in out
    assert "Topics: cbt" in out
    assert "(answers from 0." in out
    assert "psychotherapy-in-rehab#cbt" in out


@pytest.mark.usefixtures("bare_environment")
def test_ask_says_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main(["what's the best hand in texas hold em"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(wording.DONT_KNOW)
    assert "Topics: none" in out


@pytest.mark.parametrize("arguments", [[], [""], ["  "]])
def test_ask_without_a_question_says_how(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask.main(arguments) == 2
    assert 'make ask Q="what is CBT?"' in capsys.readouterr().err


def test_half_a_channel_stops_the_start_with_one_sentence(
    bare_environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    bare_environment.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    assert run.main() == 1
    assert capsys.readouterr().err == "SLACK_SIGNING_SECRET must be set with SLACK_BOT_TOKEN.\n"


@pytest.mark.parametrize("main", [lambda: ask.main(["a"]), index.main])
def test_a_folder_without_articles_is_one_sentence(
    bare_environment: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    main: object,
) -> None:
    bare_environment.setenv("CORPUS", str(tmp_path))
    assert main() == 1  # type: ignore[operator]
    assert capsys.readouterr().err == f"{tmp_path}: There is no article (*.md) in this folder.\n"


@pytest.mark.parametrize("main", [lambda: ask.main(["a"]), index.main, run.main, chat.main])
def test_a_bad_setting_is_one_sentence(
    bare_environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], main: object
) -> None:
    bare_environment.setenv("RETENTION_DAYS", "a while")
    assert main() == 1  # type: ignore[operator]
    assert capsys.readouterr().err == "RETENTION_DAYS: value is not a valid float.\n"
