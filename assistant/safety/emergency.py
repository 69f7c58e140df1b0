"""What the detector of emergencies says of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Situation = Literal["suicide", "self_harm", "overdose", "withdrawal_emergency", "violence", "abuse"]
SITUATIONS: tuple[Situation, ...] = get_args(Situation)
Concerned = Literal["self", "other"]
Certainty = Literal["direct", "likely"]
Language = Literal["en", "es"]


@dataclass(frozen=True)
class Emergency:
    """A message taken for an emergency.

    Attributes:
        situation: what kind; it chooses the reply.
        concerned: who is in danger: the person who writes, or somebody else.
        certainty: "direct" where a pattern says so, "likely" where only the
            classifier does.
        language: of the message, for the reply.
    """

    situation: Situation
    concerned: Concerned
    certainty: Certainty
    language: Language = "en"
