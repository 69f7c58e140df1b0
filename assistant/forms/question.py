"""One question of a form, and how its answer is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.forms.readers import Option
from assistant.forms.said import Pressed, Said
from assistant.message import Choice, Message

# What a slot holds: a word, or what was agreed to.
Value = str | dict[str, str]

_ANY_LENGTH = 10_000


def _nothing(_: Said) -> str | None:
    return None


@dataclass(frozen=True)
class Question:
    """What is asked for one slot.

    Attributes:
        slot: of the domain.
        text: what is asked, without the options.
        why: what is said to "why do you need that?".
        options: what can be pressed, or named by its number.
        read: reads a text; None or a `FieldError` where there is no clear answer.
        agreement: whether something is agreed to: unclear answers are then asked
            about once more, and taken as a no.
        words_asking: up to how many words a question ("can you text me?") is an answer.
        shown: SHA-256 of the text, where an answer counts only if this very text was shown.
        personal: whether the text holds what the person told.
    """

    slot: str
    text: str
    why: str
    options: tuple[Option, ...] = ()
    read: Callable[[Said], str | None] = _nothing
    agreement: bool = False
    words_asking: int = 0
    shown: str = ""
    personal: bool = False

    def prompt(self, run: str) -> Message:
        """The question as a message.

        Args:
            run: of the form, so that choices of an earlier one are not taken.
        """
        return prompt(self.text, run, self.slot, self.options)


def prompt(text: str, run: str, slot: str, options: Sequence[Option]) -> Message:
    """A message that asks; the options are numbered for where nothing can be pressed."""
    numbered = [f"{number}. {option.title}" for number, option in enumerate(options, 1)]
    choices = tuple(
        Choice(option.title, Pressed(run, slot, option.value).payload) for option in options
    )
    return Message("prompt", "\n".join([text, *numbered]), choices=choices)


def sha256_of(text: str) -> str:
    """For `Question.shown`, where the text has no hash of its own."""
    return hashlib.sha256(text.encode()).hexdigest()


# For an answer that is one wherever it stands, such as an email address.
ANYWHERE = _ANY_LENGTH
