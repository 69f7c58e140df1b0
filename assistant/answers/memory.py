"""What is remembered of the last answer, so that the next message can build on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Sections by their key, "article#section"; sentences by their number in the section.
Shown = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Memory:
    """The last answer, without a word of what the person wrote.

    Attributes:
        shown: sentences shown so far on this subject, section by section.
        latest: the part of `shown` that the last message showed.
        upcoming: keys of sections to go on with when these are used up.
        topics: glossary ids that the answer was about.
        edition: of the articles that it quoted.
    """

    shown: Shown = ()
    latest: Shown = ()
    upcoming: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    edition: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form that a slot holds."""
        return {
            "shown": [[key, list(numbers)] for key, numbers in self.shown],
            "latest": [[key, list(numbers)] for key, numbers in self.latest],
            "upcoming": list(self.upcoming),
            "topics": list(self.topics),
            "edition": self.edition,
        }

    @classmethod
    def from_dict(cls, stored: Any) -> Memory:
        """Reads what `as_dict` gave; remembers nothing when it is of another form.

        A conversation may go on after an update that changed what is remembered.
        """
        try:
            return cls(
                shown=_shown(stored["shown"]),
                latest=_shown(stored["latest"]),
                upcoming=tuple(stored["upcoming"]),
                topics=tuple(stored["topics"]),
                edition=str(stored["edition"]),
            )
        except (KeyError, TypeError, ValueError):
            return cls()


def _shown(stored: Any) -> Shown:
    return tuple((key, tuple(numbers)) for key, numbers in stored)
