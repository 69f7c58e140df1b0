"""Tells a message in Spanish, and says in Spanish where somebody speaks it.

The articles are in English, and nothing is ever translated by a program: a person who
writes in Spanish is told so, given the helplines that answer in Spanish, and offered the
English articles on what the message names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pydantic
import yaml

from assistant.errors import CorpusError
from assistant.message import Choice, Message, Resource
from assistant.safety.normalise import plain
from assistant.safety.resources import CrisisTexts, crisis_texts
from assistant.settings import ROOT

SPANISH_FILE = ROOT / "data" / "spanish.yml"

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
# "Do you speak Spanish?" is answered in Spanish too.
_SPANISH_WANTED = re.compile(
    r"\b(?:speak|write|writing|talk|chat|answer|ask|reply|help)\b(?: \w+){0,3} spanish\b"
    r"|\bspanish,? please\b|^spanish$"
)
_MOST_CHOICES = 3
_SIGNS = re.compile(r"[¿¡ñÑ]")


class _Strict(pydantic.BaseModel):
    class Config:
        """A misspelt key is an error, not a word that is never read."""

        extra = "forbid"
        allow_mutation = False


class Topic(_Strict):
    """Something that people ask about in Spanish.

    Attributes:
        names: what they call it, plain letters in lower case.
        title: what the choice shows.
        ask: the English question that it stands for.
    """

    names: tuple[str, ...]
    title: str
    ask: str


class Spanish(_Strict):
    """Everything in `data/spanish.yml`; the file says what its parts are for."""

    words: frozenset[str]
    words_of_names: frozenset[str]
    english: frozenset[str]
    courtesies: frozenset[str]
    agreements: frozenset[str]
    answer: str
    courtesy: str
    offer: str
    resources: tuple[str, ...]
    topics: tuple[Topic, ...]

    def is_spanish(self, text: str) -> bool:
        """Whether a message is Spanish, or asks for Spanish.

        Spanish words have to outnumber English ones. Words that names have in English
        texts count only beside others: one word that is surely Spanish is needed.
        """
        read = plain(text)
        if _SPANISH_WANTED.search(read):
            return True
        words = _WORD.findall(read)
        sure = sum(word in self.words for word in words)
        names = sum(word in self.words_of_names for word in words)
        english = sum(word in self.english for word in words)
        if not sure or sure + names <= english:
            return False
        # Half of the words, or two that no English sentence has by chance.
        return sure >= 2 or 2 * (sure + names) >= len(words) or bool(_SIGNS.search(text))

    def is_yes(self, text: str) -> bool:
        """Whether a message is no more than a yes in Spanish."""
        words = set(_WORD.findall(plain(text)))
        return bool(words) and words <= self.agreements

    def reply(self, text: str, texts: CrisisTexts) -> Message:
        """What a message in Spanish is answered.

        Args:
            text: the message.
            texts: where the ways to help are kept.
        """
        links = tuple(
            Resource(texts.resources[name].es, texts.resources[name].href)
            for name in self.resources
        )
        if set(_WORD.findall(plain(text))) <= self.courtesies | self.agreements:
            return Message("notice", self.courtesy, resources=links)
        choices = tuple(Choice(topic.title, topic.ask) for topic in self._named(text))
        offer = [self.offer, *(f"- {choice.title}" for choice in choices)] if choices else []
        said = "\n".join(offer)
        whole = "\n\n".join(filter(None, [self.answer, said]))
        return Message("notice", whole, choices=choices, resources=links)

    def _named(self, text: str) -> list[Topic]:
        """The topics that a message names, those with the longest names first."""
        words = " ".join(_WORD.findall(plain(text)))
        found: list[tuple[int, Topic]] = []
        for topic in self.topics:
            lengths = [len(name) for name in topic.names if f" {name} " in f" {words} "]
            if lengths:
                found.append((-max(lengths), topic))
        found.sort(key=lambda each: each[0])
        return [topic for _, topic in found[:_MOST_CHOICES]]


@lru_cache(maxsize=1)
def load_spanish(path: Path = SPANISH_FILE) -> Spanish:
    """Reads the words and texts, once.

    Raises:
        CorpusError: the file is missing, malformed, or offers a way to help that
            `crisis.yml` has not.
    """
    place = f"{path.parent.name}/{path.name}"
    try:
        spanish = Spanish.parse_obj(yaml.safe_load(path.read_text("utf-8")))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        raise CorpusError(f"`{first['loc'][0]}`: {first['msg']}.", place) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise CorpusError("The words and texts in Spanish cannot be read.", place) from None
    unknown = set(spanish.resources) - set(crisis_texts().resources)
    if unknown:
        raise CorpusError(f"`resources` of crisis.yml has no {sorted(unknown)[0]}.", place)
    return spanish
