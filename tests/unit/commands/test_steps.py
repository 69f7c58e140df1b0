from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time

import pytest

from assistant.settings import ROOT
from commands import steps
from commands.steps import StepFailedError, fail, step


def test_a_step_shows_its_begin_and_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    with step("Building"):
        pass
    assert capsys.readouterr().out == "- Building ...\n- Building ... done (0 s)\n"


def test_a_step_that_fails_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StepFailedError), step("Building"):
        raise StepFailedError("No.")
    assert capsys.readouterr().out.endswith("- Building ... failed (0 s)\n")


def test_a_long_step_tells_that_it_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_TICK_FILE", 0.02)
    with step("Building"):
        time.sleep(0.2)
    out = capsys.readouterr().out
    assert out.count("- Building ... 0 s\n") >= 2
    assert "\033" not in out


def test_a_terminal_has_one_line_a_step() -> None:
    ours, theirs = pty.openpty()
    code = "from commands.steps import step\nwith step('Building'): pass"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=theirs, check=True)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    os.close(theirs)
    assert shown.count("\n") == 1
    assert re.fullmatch(
        r"\r\x1b\[K- Building \.\.\.\r\x1b\[K- Building \.\.\. done \(0 s\)\r\n", shown
    )


def test_a_failure_is_one_sentence_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail("It failed.") == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "It failed.\n")
