"""`make chat` in a real terminal."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

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


def test_user_signs_up_in_the_terminal_with_numbers_and_an_emergency_comes_first(
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "STATE_DIR": str(tmp_path)}
    terminal = pexpect.spawn(
        sys.executable,
        ["-W", "ignore", "-m", "commands.chat"],
        cwd=str(ROOT),
        env=environment,
        encoding="utf-8",
        dimensions=(50, 200),
    )

    def say(text: str, answer: str) -> None:
        terminal.expect("Your input ->", timeout=_START_SECONDS)
        terminal.sendline(text)
        terminal.expect(answer, _ANSWER_SECONDS)

    try:
        say("I want to sign up for treatment", "1. Yes, I am 18 or older")
        say("1", "What name should we call you by")
        say("i want to die", "988")
        say("thank you", "There is no hurry")
        say("1", "What name should we call you by")
        say("Maria", "3. Text message")
        say("3", "What number should we text")
        say("202-555-0143", "1. Myself")
        say("2", "contact you about treatment")
        say("/affirm", "clear yes")
        say("yes", "send you text messages")
        say("1", "Do you agree to this")
        say('/choose{"choice": "x:signup_terms:yes"}', "clear yes")
        say("yes", "Name: Maria")
        say("send it", "Your sign-up has been received")
        say("/stop", "")
        terminal.expect(pexpect.EOF, _ANSWER_SECONDS)
    finally:
        terminal.close(force=True)
    with closing(sqlite3.connect(tmp_path / "signups.db")) as database:
        stored = database.execute(
            "SELECT contact_method, for_whom, channel FROM sign_up"
        ).fetchall()
    assert stored == [("sms", "loved_one", "cmdline")]
