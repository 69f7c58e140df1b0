"""The fixed messages for emergencies, from one data file with the date of its check."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from assistant.errors import CorpusError
from assistant.message import Message, Resource
from assistant.settings import ROOT

CRISIS_FILE = ROOT / "data" / "crisis.yml"


@lru_cache(maxsize=1)
def crisis_message(path: Path = CRISIS_FILE) -> Message:
    """The general message: for an emergency whose kind is not known.

    Raises:
        CorpusError: the data file cannot be used.
    """
    try:
        stored = yaml.safe_load(path.read_text("utf-8"))["default"]
        resources = tuple(Resource(each["label"], each["href"]) for each in stored["resources"])
        return Message("crisis", stored["text"], resources=resources)
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise CorpusError("Has no `default` with `text` and `resources`.", str(path)) from None
