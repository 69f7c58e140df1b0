"""How far a form is, beside the answers; no word of the person's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """What is remembered from one question to the next.

    Attributes:
        run: random, made when the form starts; names its choices and its submission.
        failures: answers in a row that could not be read.
        shown: SHA-256 of the text that was asked last, where it matters; else empty.
        crisis: the latest emergency when the last question was asked; empty for none.
        offered: whether it was asked, after an emergency, if the form is to go on.
        ending: how the form ended; empty while it goes on.
        reference: of what was stored.
    """

    run: str
    failures: int = 0
    shown: str = ""
    crisis: str = ""
    offered: bool = False
    ending: str = ""
    reference: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As a slot keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Any) -> Progress | None:
        """What `as_dict` made; None for anything else, such as an older version's."""
        try:
            return cls(**kept)
        except TypeError:
            return None

    def is_paused(self, crisis: str) -> bool:
        """Whether there was an emergency since the last question.

        Args:
            crisis: a mark of the latest emergency; empty for none.
        """
        return bool(crisis) and crisis != self.crisis
