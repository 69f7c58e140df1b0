"""The bot that `rasa init` makes: made, trained and served as Rasa has it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import psutil

from bench import machine
from bench.contender import Served
from bench.load import Bot, Say
from commands.servers import free_port
from commands.steps import StepFailedError

# All from the template's own NLU examples, along its own stories.
_PHRASES = (
    *("hello", "I am sad", "yes", "bye"),
    *("good morning", "I am great", "are you a bot?", "goodbye"),
    *("hey", "so sad", "no", "see you later"),
)
_STOP_LIMIT = 15.0


class Rival:
    """A project from Rasa's own template, in a folder of its own."""

    name = "The bot of rasa init"

    def __init__(self, folder: Path) -> None:
        """Makes the project, as `rasa init --no-prompt` does before it trains.

        Raises:
            StepFailedError: Rasa's template is not where it should be.
        """
        self._project = folder / "project"
        self._log = folder / "rival.log"
        # Not imported for this: Rasa would bring TensorFlow into this process.
        package = find_spec("rasa")
        places = (package.submodule_search_locations if package else None) or []
        template = next((Path(place) / "cli" / "initial_project" for place in places), None)
        if template is None or not template.is_dir():
            raise StepFailedError("Rasa's template for new bots is not installed.")
        shutil.copytree(template, self._project)
        # Imports all that training imports, so that it is compiled by then.
        self._rasa("train", "--dry-run")

    def train(self) -> float:
        """Trains with plain `rasa train`; returns the seconds it took.

        Raises:
            StepFailedError: it failed.
        """
        started = time.perf_counter()
        self._rasa("train")
        return time.perf_counter() - started

    @contextlib.contextmanager
    def serving(self) -> Iterator[Served]:
        """Serves with plain `rasa run`: `rest` channel and tracker store as they come."""
        port = free_port()
        with self._log.open("ab") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "rasa", "run", "--port", str(port)],
                cwd=self._project,
                env=machine.environment_of_rival(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

        def require_running() -> None:
            if server.poll() is not None:
                raise StepFailedError(f"{self.name} ended: {self._last_words()}")

        bot = Bot(self.name, _PHRASES[0], _PHRASES, _opener(port), require_running)
        try:
            yield Served(bot, psutil.Process(server.pid))
        finally:
            server.terminate()
            try:
                server.wait(_STOP_LIMIT)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def _rasa(self, *arguments: str) -> None:
        with self._log.open("ab") as log:
            status = subprocess.run(
                [sys.executable, "-m", "rasa", *arguments],
                cwd=self._project,
                env=machine.environment_of_rival(),
                stdout=log,
                stderr=log,
                check=False,
            ).returncode
        # A dry run's status says with bits what would have to be trained.
        if status and "--dry-run" not in arguments:
            raise StepFailedError(f"{self.name} could not be made: {self._last_words()}")

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."


def _opener(port: int) -> Callable[[aiohttp.ClientSession], Awaitable[Say]]:
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"

    async def begin(http: aiohttp.ClientSession) -> Say:
        sender = uuid.uuid4().hex

        async def say(text: str) -> bool:
            body = {"sender": sender, "message": text}
            async with http.post(address, json=body, raise_for_status=True) as reply:
                return bool(await reply.json())

        return say

    return begin
