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
        said: sentences of the last answers, this one's among them; they need not come again.
        upcoming: keys of sections to go on with when these are used up.
        topics: glossary ids that the answer was about.
        edition: of the articles that it quoted.
        asked: the articles' own question that the person's came nearest to, as the
            section's key and its number there; so the same can be asked of something
            else, without a word of the person's.
        aspect: what was asked of the topics, where the intent said it.
    """

    shown: Shown = ()
    latest: Shown = ()
    said: Shown = ()
    upcoming: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    edition: str = ""
    asked: tuple[str, int] | None = None
    aspect: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form that a slot holds."""
        return {
            "shown": [[key, list(numbers)] for key, numbers in self.shown],
            "latest": [[key, list(numbers)] for key, numbers in self.latest],
            "said": [[key, list(numbers)] for key, numbers in self.said],
            "upcoming": list(self.upcoming),
            "topics": list(self.topics),
            "edition": self.edition,
            "asked": list(self.asked) if self.asked else None,
            "aspect": self.aspect,
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
                said=_shown(stored.get("said", ())),
                upcoming=tuple(stored["upcoming"]),
                topics=tuple(stored["topics"]),
                edition=str(stored["edition"]),
                asked=_asked(stored.get("asked")),
                aspect=stored.get("aspect"),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return cls()


def _shown(stored: Any) -> Shown:
    return tuple((key, tuple(numbers)) for key, numbers in stored)


def _asked(stored: Any) -> tuple[str, int] | None:
    if stored is None:
        return None
    key, number = stored
    return str(key), int(number)
