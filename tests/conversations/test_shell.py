"""`make chat` in a real terminal."""

from __future__ import annotations

import pexpect
import pytest

from assistant.settings import ROOT

pytestmark = pytest.mark.live

_START_SECONDS = 120
_ANSWER_SECONDS = 20


def test_user_chats_in_the_terminal_and_reads_numbered_sources() -> None:
    terminal = pexpect.spawn(
        "make", ["chat"], cwd=str(ROOT), encoding="utf-8", dimensions=(50, 200)
    )
    try:
        terminal.expect("Your input ->", timeout=_START_SECONDS)
        terminal.sendline("what is CBT?")
        terminal.expect(r"Cognitive behavioral therapy, or CBT, .*\[1\]\[2\]", _ANSWER_SECONDS)
        terminal.expect("Sources:", _ANSWER_SECONDS)
        terminal.expect(r"\[1\] What Is Psychotherapy", _ANSWER_SECONDS)
        terminal.expect(r"\[2\] National Institute on Drug Abuse", _ANSWER_SECONDS)
        terminal.expect("Your input ->", _ANSWER_SECONDS)
        terminal.sendline("why do I need therapy in rehab?")
        terminal.expect("Sources:", _ANSWER_SECONDS)
        terminal.expect("Your input ->", _ANSWER_SECONDS)
        terminal.sendline("what's the best hand in texas hold em")
        terminal.expect("outside of what I can help with|I don't know", _ANSWER_SECONDS)
        terminal.expect("Your input ->", _ANSWER_SECONDS)
        terminal.sendline("/stop")
        terminal.expect(pexpect.EOF, _ANSWER_SECONDS)
    finally:
        terminal.close(force=True)
    assert terminal.exitstatus == 0
