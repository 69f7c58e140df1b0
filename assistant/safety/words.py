"""Reads plain text as sentences of the words that the patterns are written in.

Contractions, slang and abbreviations are written out; a word that no dictionary
knows is taken for the pattern's word that it resembles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import CorpusError
from assistant.safety.emergency import Language
from assistant.safety.normalise import plain
from assistant.safety.spelling import Spelling, single_letters
from assistant.settings import ROOT

WORDS_FILE = ROOT / "data" / "safety" / "words.yml"

# A dot ends a sentence only before a space: "i.want.to.die" is one; "..." is a pause.
_SENTENCE_END = re.compile(r"(?<![.])[.!?;](?:[!?]*)(?=\s|$)|[!?]{2,}|\n+")
_QUESTION = re.compile(r"\?")
_TOKEN = re.compile(r"[a-z0-9']+|\*")
_STARRED = re.compile(r"(?<![a-z*])[a-z]*\*[a-z*]*")
# A word in which a letter follows itself.
_DOUBLED = re.compile(r"(?<![a-z0-9'*])(?=[a-z']*([a-z'])\1)[a-z]+(?:'+[a-z]+)?(?![a-z0-9'*])")
_IS = re.compile(r"(?<=[a-z])'s\b")
_NOT = re.compile(r"n't\b")
# A pattern's window: what has no full stop for longer is cut here, with an overlap.
_WINDOW = 60
_OVERLAP = 15


@dataclass(frozen=True)
class Sentence:
    """One sentence in the patterns' words.

    Attributes:
        text: words, one space between them, lower-case ASCII.
        asked: it ends in a question mark.
        altered: it was written otherwise: misspelt, or in slang.
    """

    text: str
    asked: bool
    altered: bool = False


class Reader:
    """Turns a message into sentences."""

    def __init__(self, stored: Mapping[str, Any], vocabulary: Collection[str]) -> None:
        """Takes the words file's content and the words that patterns use."""
        self._contractions = _replacer(stored["contractions"], "(?<![a-z0-9'])", "(?![a-z0-9'])")
        self._short = frozenset(stored["contractions"])
        self._by_single: dict[str, str] = {
            single_letters(key): key for key in stored["contractions"]
        }
        self._replace = _replacer(stored["replace"], r"(?<!\S)", r"(?!\S)")
        self._spanish = frozenset(stored["spanish"])
        self._english = frozenset(stored["english"])
        written = " ".join(stored["replace"].values()).split()
        self._spelling = Spelling({*vocabulary, *written}, stored["replace"])

    def undisguised(self, text: str) -> str:
        """A message as a reader sees it: plain letters, none doubled that no word has twice.

        One that hides nothing comes back as it is, but for lower case.
        """
        return _DOUBLED.sub(self._undoubled, plain(text))

    def sentences(self, text: str) -> list[Sentence]:
        """The sentences of an undisguised message, long ones in overlapping pieces."""
        found = []
        for raw, asked in _split(text):
            written = self._written(raw)
            words = self._replace(" ".join(self._spelling.mend(written))).split()
            found += [Sentence(piece, asked, words != written) for piece in _pieces(words)]
        return found

    def language(self, sentences: Collection[Sentence]) -> Language:
        """Spanish when more of the words that tell are Spanish."""
        words = [word for sentence in sentences for word in sentence.text.split()]
        spanish = sum(word in self._spanish for word in words)
        english = sum(word in self._english for word in words)
        return "es" if spanish > english else "en"

    def _undoubled(self, match: re.Match[str]) -> str:
        """A word with doubled letters that no word has, without them: ccan't, hellp."""
        word = match[0]
        if "'" not in word:
            return self._spelling.undoubled(word)
        if word in self._short:
            return word
        single = single_letters(word)
        return self._by_single.get(single, single if single.endswith("n't") else word)

    def _written(self, raw: str) -> list[str]:
        """The words of a sentence as written, shortened forms written out."""
        text = _NOT.sub(" not", self._contractions(raw))
        text = _IS.sub(" is", text)
        words = _TOKEN.findall(_starred(text, self._spelling))
        return [word.replace("'", "") for word in words]


@lru_cache(maxsize=1)
def stored_words(path: Path = WORDS_FILE) -> dict[str, Any]:
    """The content of the words file.

    Raises:
        CorpusError: it lacks what is needed.
    """
    try:
        stored = yaml.safe_load(path.read_text("utf-8"))
        for part in ("contractions", "replace"):
            stored[part] = {str(key): str(value) for key, value in stored[part].items()}
        return {**stored, "spanish": stored["spanish"], "english": stored["english"]}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise CorpusError("Is not lists of words and replacements.", str(path)) from None


def _split(text: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if text[start : end.start()].strip():
            yield text[start : end.start()], bool(_QUESTION.search(end[0]))
        start = end.end()
    if text[start:].strip():
        yield text[start:], False


def _pieces(words: list[str]) -> Iterator[str]:
    for start in range(0, max(len(words) - _OVERLAP, 1), _WINDOW - _OVERLAP):
        if piece := words[start : start + _WINDOW]:
            yield " ".join(piece)


def _starred(text: str, spelling: Spelling) -> str:
    """The text with letters behind stars guessed: k*ll, s**cide."""
    if "*" not in text:
        return text
    return _STARRED.sub(lambda match: spelling.unstarred(match[0]), text)


def _replacer(table: Mapping[str, str], before: str, after: str) -> Callable[[str], str]:
    keys = sorted(table, key=len, reverse=True)
    found = re.compile(f"{before}(?:{'|'.join(map(re.escape, keys))}){after}")
    return lambda text: found.sub(lambda match: table[match[0]], text)
