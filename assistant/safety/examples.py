"""The labelled examples of emergencies and of harmless messages near them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.folds import fold_of
from assistant.safety.emergency import Situation
from assistant.settings import ROOT

EXAMPLES_FILE = ROOT / "data" / "safety" / "examples.jsonl"


@dataclass(frozen=True)
class Example:
    """A message with what it is: a situation, or None; and whom it concerns."""

    text: str
    situation: Situation | None
    other: bool

    @property
    def fold(self) -> int:
        """The part that it is left out with, the same one each time."""
        return fold_of(self.text)


def read_emergency_examples(path: Path = EXAMPLES_FILE) -> list[Example]:
    """The labelled examples.

    Raises:
        CorpusError: the file cannot be used.
    """
    try:
        stored = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        return [
            Example(
                each["text"],
                each["situation"] if each["label"] == "crisis" else None,
                each["concerned"] == "other",
            )
            for each in stored
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError("Is not JSON lines of labelled examples.", str(path)) from None
