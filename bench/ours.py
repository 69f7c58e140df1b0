"""This assistant, trained and served as `make run` does it."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import psutil

from assistant.answers.live import live_edition, set_live
from assistant.settings import ROOT, Settings, load_settings
from bench.contender import Served
from bench.load import Bot, Say
from commands.servers import Servers, free_port
from commands.training import prepare, train

_QUESTIONS = ROOT / "tests" / "evaluation" / "questions.jsonl"
_CACHE = "RASA_CACHE_DIRECTORY"


class Ours:
    """The assistant with free ports and a state folder that is gone afterwards."""

    name = "This assistant"

    def __init__(self, folder: Path, articles: Path | None = None, about: str = "") -> None:
        """Makes what `make run` makes before it serves.

        Args:
            folder: holds what is gone afterwards.
            articles: to answer from, if not the settings' own.
            about: asks only questions that a section of this article answers.

        Raises:
            AssistantError: a setting cannot be used.
            StepFailedError: something could not be made.
        """
        self._folder = folder
        settings = load_settings()
        self._settings = settings.copy(
            update={
                "database_url": None,
                "corpus": articles or settings.corpus,
                "state_dir": folder / f"state-{(articles or settings.corpus).name}",
            }
        )
        self._questions = in_scope_questions(about)
        prepare(self._settings)
        self._model = train(self._settings)

    def train(self) -> float:
        """Trains with an empty cache; returns the seconds it took.

        What does not change with the training data (the encoder, the search
        index) is there already, as Rasa's own code is.

        Raises:
            StepFailedError: it failed.
        """
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            models, cache = Path(name, "models"), Path(name, "cache")
            models.mkdir()
            for made in self._settings.models_dir.iterdir():
                if made.is_dir():
                    (models / made.name).symlink_to(made)
            started = time.perf_counter()
            with _environment(_CACHE, str(cache)):
                train(self._settings.copy(update={"models_dir": models}))
            return time.perf_counter() - started

    @contextlib.contextmanager
    def serving(self) -> Iterator[Served]:
        """Spawns the action server and Rasa, as `make run` does."""
        with tempfile.TemporaryDirectory(dir=self._folder) as state:
            settings = self._settings.copy(
                update={
                    "port": free_port(),
                    "actions_port": free_port(),
                    "state_dir": Path(state),
                    # One client sends more than any person would.
                    "messages_per_minute": 0,
                }
            )
            live = live_edition(self._settings)
            assert live is not None
            # What `make run` has published before it starts the servers.
            set_live(settings, live)
            with Servers(settings) as servers:
                servers.start_actions()
                servers.start_rasa(self._model)
                bot = Bot(
                    self.name,
                    live.question,
                    self._questions,
                    _Web(servers.address).open,
                    servers.require_running,
                )
                yield Served(bot, *_processes(settings))


class _Web:
    """The web channel."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def open(self, http: aiohttp.ClientSession) -> Say:
        """Begins a session; the Say tells whether sentences were quoted."""
        async with http.post(f"{self._address}/sessions", raise_for_status=True) as reply:
            token = (await reply.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{self._address}/messages"

        async def say(text: str) -> bool:
            post = http.post(address, json={"text": text}, headers=headers, raise_for_status=True)
            async with post as reply:
                messages = (await reply.json())["messages"]
            return any(message["kind"] == "answer" for message in messages)

        return say


def in_scope_questions(about: str = "") -> tuple[str, ...]:
    """Questions that the articles answer; with `about` those that one of them answers."""
    lines = map(json.loads, _QUESTIONS.read_text("utf-8").splitlines())
    return tuple(
        line["text"]
        for line in lines
        if line["kind"] == "in_scope" and any(about in key for key in line["sections"])
    )


def _processes(settings: Settings) -> tuple[psutil.Process, psutil.Process]:
    children = {tuple(child.cmdline()): child for child in psutil.Process().children()}
    rasa, actions = (
        next(child for command, child in children.items() if str(port) in command)
        for port in (settings.port, settings.actions_port)
    )
    return rasa, actions


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before
