"""A message as a form looks at it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.forms import words

# From this confidence of the NLU on, an intent outweighs the words.
_SURE = 0.7
# The intent of a pressed choice. No example teaches it, so that nobody can write it.
CHOOSE = "choose"
_CHOICE_MARK = ":"
# "Tom, Tom Barker", which no classifier knows from chat.
_NAMES_ALONE = re.compile(r"(?:[A-Z][a-z'\u2019-]+(?:[,.]?\s+|\.?$)){1,4}")


@dataclass(frozen=True)
class Pressed:
    """A choice that the server offered and that was pressed.

    Attributes:
        run: which run of a form offered it.
        slot: what was asked.
        value: which of the options.
    """

    run: str
    slot: str
    value: str

    @property
    def payload(self) -> str:
        """What the choice carries; it stays on the server."""
        parts = _CHOICE_MARK.join((self.run, self.slot, self.value))
        return f'/{CHOOSE}{{"choice": "{parts}"}}'

    @classmethod
    def from_entity(cls, value: object) -> Pressed | None:
        """What the payload's entity says; None where it is of another form."""
        parts = str(value).split(_CHOICE_MARK)
        return cls(*parts) if len(parts) == 3 else None


@dataclass(frozen=True)
class Said:
    """What a person sent while a form was asking.

    Attributes:
        text: as it was written.
        intent: what the NLU takes it for.
        confidence: of the intent, 0 to 1.
        has_topic: whether it names something of the glossary.
        pressed: the choice, where one was pressed; nothing typed can make one.
    """

    text: str
    intent: str = ""
    confidence: float = 0.0
    has_topic: bool = False
    pressed: Pressed | None = None

    @property
    def plain(self) -> str:
        """The words alone: lower case, no punctuation, single spaces."""
        return plain(self.text)

    @property
    def first_clause(self) -> str:
        """The words before the first stop or comma."""
        return plain(re.split(r"[,.;:!\n]", self.text, maxsplit=1)[0])

    def is_sure(self, *intents: str) -> bool:
        """Whether the NLU is sure that it is one of these."""
        return self.intent in intents and self.confidence >= _SURE

    @property
    def asks(self) -> bool:
        """Whether it is a question or a remark rather than an answer to a form."""
        said = self.plain
        if "?" in self.text or "¿" in self.text:
            return True
        if said in words.GIVEN_NAMES or words.TITLED.match(said):
            return False
        if words.QUESTION.match(said):
            return True
        if self.has_topic and not words.ABOUT_ONESELF.match(said):
            return True
        if said in words.SMALL_TALK:
            return True
        if _NAMES_ALONE.fullmatch(self.text.strip()):
            return False
        # Of one or two words, which may be a name, the NLU knows too little.
        return (
            len(said.split()) > 2
            and not words.ABOUT_ONESELF.match(said)
            and self.confidence >= _SURE
            and (self.intent.startswith("ask_") or self.intent in words.REMARKS)
        )


def plain(text: str) -> str:
    """The words of a text: lower case, no punctuation, single spaces.

    A slash stays: what begins with one is never a plain word.
    """
    straight = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    # "yesss" is a yes.
    short = re.sub(r"([^\W\d])\1{2,}", r"\1", straight.replace("'", ""))
    return " ".join(re.sub(r"[^\w\s/+]", " ", short).split())
