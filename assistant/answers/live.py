"""Which edition of the articles a deployment answers from.

One small file in the state folder names it, replaced at once, so that a running
server sees either the old or the new edition and never a half of each.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import SettingsError
from assistant.settings import Settings

_FILE = "live.json"


@dataclass(frozen=True)
class Live:
    """What a deployment answers from.

    Attributes:
        articles: the folder that the edition was made of.
        edition: the edition's name.
        question: one that it answers, to try it with.
        problem: why the articles as they are now are not live; empty when they are.
    """

    articles: str
    edition: str
    question: str
    problem: str = ""


def live_edition(settings: Settings) -> Live | None:
    """What was published last from these articles; None when nothing was."""
    try:
        live = Live(**json.loads(_path(settings).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return live if live.articles == articles_folder(settings) else None


def articles_folder(settings: Settings) -> str:
    """The folder of the articles, as `Live` names it."""
    return str(settings.corpus.resolve())


def _path(settings: Settings) -> Path:
    return settings.state_dir / _FILE


def set_live(settings: Settings, live: Live) -> Live:
    """Makes an edition the one that is answered from; returns what it was given.

    Raises:
        SettingsError: the state folder cannot be written.
    """
    path = _path(settings)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{_FILE}-", encoding="utf-8", delete=False
        ) as file:
            json.dump(asdict(live), file)
        os.replace(file.name, path)
    except OSError as error:
        raise SettingsError(f"Cannot write to {path.parent}: {error.strerror}.") from None
    return live
