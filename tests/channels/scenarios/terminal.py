"""A person at Rasa's shell, in a real terminal.

One server is enough for all: `Shell` starts it as `make chat` does, and each person gets
a terminal of their own with the code that Rasa's shell runs in its.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pexpect

from assistant.settings import ROOT, load_settings
from commands.servers import Servers, free_port
from commands.training import prepare, train
from tests.channels.scenarios.person import Person

_START_SECONDS = 120.0
_ANSWER_SECONDS = 20.0
# The terminal is told to take pasted text while the prompt is there, and not while it is not.
_PROMPT_ENDS, _PROMPT_BEGINS = r"\x1b\[\?2004l", r"\x1b\[\?2004h"
# Rasa shows each message in bright blue.
_MESSAGE = re.compile(r"\x1b\[94m(.*?)\x1b\[0m", re.DOTALL)
_TALK = (
    "import asyncio, sys;"
    "from extensions import lean_imports; lean_imports.install();"
    "from rasa.core.channels.console import record_messages;"
    "asyncio.run(record_messages(sys.argv[1], server_url=sys.argv[2]))"
)


class TerminalPerson(Person):
    """Types, and reads what is printed."""

    def __init__(self, terminal: Any) -> None:
        """Takes a terminal that shows the prompt."""
        super().__init__()
        self._terminal = terminal

    def write(self, text: str) -> list[str]:
        """Types a line and reads until the next prompt."""
        self._terminal.sendline(text)
        self._terminal.expect(_PROMPT_ENDS, timeout=_ANSWER_SECONDS)
        self._terminal.expect(_PROMPT_BEGINS, timeout=_ANSWER_SECONDS)
        return [found.replace("\r\n", "\n") for found in _MESSAGE.findall(self._terminal.before)]


class Shell:
    """A server of Rasa's shell that is running."""

    def __init__(self, address: str, environment: dict[str, str]) -> None:
        """Takes where it is and what its terminals need."""
        self._address = address
        self._environment = environment

    @contextlib.contextmanager
    def person(self) -> Iterator[TerminalPerson]:
        """Somebody new at a terminal."""
        terminal = _spawn(["-c", _TALK, uuid.uuid4().hex, self._address], self._environment)
        try:
            terminal.expect(_PROMPT_BEGINS, timeout=_START_SECONDS)
            yield TerminalPerson(terminal)
        finally:
            terminal.close(force=True)


@contextlib.contextmanager
def running_shell() -> Iterator[Shell]:
    """Starts the action server and Rasa's shell, and ends both."""
    with tempfile.TemporaryDirectory() as state:
        settings = load_settings().copy(
            update={
                "port": free_port(),
                "actions_port": free_port(),
                "state_dir": Path(state),
                "database_url": None,
            }
        )
        prepare(settings)
        model = train(settings)
        with Servers(settings) as servers:
            servers.start_actions()
            # It does not ask the terminal where its cursor is, which nobody answers here.
            environment = {**servers.environment, "PROMPT_TOOLKIT_NO_CPR": "1"}
            options = [*servers.rasa_options(), "--model", str(model), "--port", str(settings.port)]
            terminal = _spawn(["-m", "extensions.server", "shell", *options], environment)
            try:
                terminal.expect(_PROMPT_BEGINS, timeout=_START_SECONDS)
                _wait_for(f"http://127.0.0.1:{settings.actions_port}/health")
                yield Shell(f"http://127.0.0.1:{settings.port}", environment)
            finally:
                terminal.close(force=True)


def _wait_for(address: str) -> None:
    """Waits until the action server, which starts beside the shell, answers, too."""
    until = time.monotonic() + _START_SECONDS
    while True:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(address, timeout=10)
            return
        assert time.monotonic() < until, "the action server does not answer"
        time.sleep(0.2)


def _spawn(arguments: list[str], environment: dict[str, str]) -> Any:
    return pexpect.spawn(
        sys.executable,
        ["-W", "ignore", *arguments],
        cwd=str(ROOT),
        env={**os.environ, **environment},
        encoding="utf-8",
        dimensions=(50, 400),
    )
