"""Takes out of a text all that could say who wrote it.

There is no list of all names, so nothing is looked for and taken out; instead only
known words stay. Whatever is none becomes "…": names, numbers, addresses, and also
misspelt words, which is the price.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.lang.en.stop_words import STOP_WORDS

from assistant.gaps.vocabulary import Vocabulary

GONE = "…"
# A long story says who tells it, whatever words are taken out of it.
MAX_WORDS = 30
_SENTENCE = re.compile(r"[^.?!\n]+[.?!]*")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})
_OUTER = "\"'()[]{}<>*_~`«»“”„-–—…,;:.?!"  # noqa: RUF001 - dashes and quotes as people type them
_PAUSE = re.compile(r"[,;:.?!)]$")
_ENDING = re.compile(r"(?<=[a-z])('s|'m|'re|'ve|'ll|'d)$")
_NOT = re.compile(
    r"(do|does|did|ca|wo|is|are|was|were|have|has|had|could|would|should|must|need|ai)n't"
)
_WORD = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*")
_INTRODUCES = re.compile(
    r"(\bname('s|s)?( is)?|\bnames|\bnamed|\bcalled|\bcall me|\bnicknamed|\bgoes by)$"
)
# How far a street's name goes on after its number.
_STREET_WORDS = 4
_MAX_NAMES = 3
# Auxiliary verbs that are names, too.
_AUXILIARIES = frozenset(("will", "may"))


@dataclass
class _Token:
    """A word of the text.

    Attributes:
        core: without punctuation around it, as it was written.
        lower: the same in lower case, without an ending such as "'s".
        kept: whether it may stay.
        pauses: whether punctuation follows.
        asks: whether that is a question mark.
    """

    core: str
    lower: str
    kept: bool
    pauses: bool
    asks: bool


class Redactor:
    """Keeps known words, in lower case, and "…" for all else."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Takes the words that may stay."""
        self._words = vocabulary

    def redact(self, text: str) -> str:
        """What may be kept of a text; empty where too little would be left.

        Args:
            text: as a person wrote it, of any length.

        Returns:
            At most `MAX_WORDS` words in lower case.
        """
        plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
        tokens = [token for part in _asked(plain) for token in self._tokens(part)][:MAX_WORDS]
        self._drop_addresses(tokens)
        self._drop_number_runs(tokens)
        self._drop_introduced(tokens)
        self._drop_beside_names(tokens)
        says_something = any(t.kept and t.lower not in STOP_WORDS for t in tokens)
        if not says_something or 2 * sum(t.kept for t in tokens) < len(tokens):
            return ""
        return _joined(tokens)

    def _tokens(self, sentence: str) -> Iterator[_Token]:
        raw = sentence.split()
        shouted = sentence.upper() == sentence
        for at, word in enumerate(raw):
            core = word.strip(_OUTER)
            if core:
                kept = self._may_stay(core, first=at == 0 or shouted)
                lower = _ENDING.sub("", core.lower())
                pauses = bool(_PAUSE.search(word))
                yield _Token(core, lower, kept, pauses, word.endswith("?"))

    def _may_stay(self, core: str, first: bool) -> bool:
        if core in ("I", "i", "a", "A"):
            return True
        lower = core.lower()
        if _NOT.fullmatch(lower):
            return True
        base = _ENDING.sub("", lower)
        if base == "i":
            return True
        if not _WORD.fullmatch(base):
            return False
        parts = base.split("-")
        if any(character.isupper() for character in core) and not first:
            # A capital within a sentence: a name, unless the articles know the word.
            return all(p in self._words.field and p not in self._words.family for p in parts)
        return all(part in self._words.ordinary for part in parts)

    def _drop_addresses(self, tokens: Sequence[_Token]) -> None:
        """The name of a street between its number and its kind: "12 old oak street"."""
        for at, token in enumerate(tokens):
            if any(character.isdigit() for character in token.core):
                near = tokens[at + 1 : at + 2 + _STREET_WORDS]
                kinds = [n for n, each in enumerate(near) if each.lower in self._words.streets]
                for each in near[: kinds[-1] + 1] if kinds else ():
                    each.kept = False

    def _drop_number_runs(self, tokens: Sequence[_Token]) -> None:
        """Numbers said in words, two or more together: telephone numbers, dates of birth."""
        numeric = [
            token.lower in self._words.numbers
            or any(character.isdigit() for character in token.core)
            for token in tokens
        ]
        for at, token in enumerate(tokens):
            beside = numeric[max(at - 1, 0) : at] + numeric[at + 1 : at + 2]
            if numeric[at] and any(beside):
                token.kept = False

    def _drop_introduced(self, tokens: Sequence[_Token]) -> None:
        """What follows "my name is", a title, and a name that looks like an auxiliary verb."""
        before = ""
        for at, token in enumerate(tokens):
            before = f"{before} {token.core.lower()}"[-40:]
            following = tokens[at + 1 : at + 1 + _MAX_NAMES]
            if _INTRODUCES.search(before):
                _drop_names(following)
            elif token.lower in self._words.titles:
                _drop_names(following[:2])
            elif token.lower in self._words.roles:
                _drop_names([each for each in following[:1] if each.lower in self._words.family])
            elif token.lower in _AUXILIARIES and self._is_a_name(token, following):
                token.kept = False

    def _is_a_name(self, token: _Token, following: Sequence[_Token]) -> bool:
        """Whether "will" or "may" is one: "will's", "will is", "will garcia"."""
        if token.core.lower() != token.lower:
            return True
        return bool(following) and (
            following[0].lower in self._words.verbs or not following[0].kept
        )

    def _drop_beside_names(self, tokens: Sequence[_Token]) -> None:
        """Family names that are words, beside something that was no word: "jennifer young"."""
        for first, second in pairwise(tokens):
            if not first.kept and not first.pauses and second.lower in self._words.family:
                second.kept = second.kept and second.lower in STOP_WORDS
        for first, second in pairwise(tokens):
            if not second.kept and not first.pauses and first.lower in self._words.family:
                first.kept = first.kept and first.lower in STOP_WORDS


def _asked(text: str) -> list[str]:
    """The sentences that ask; all of them where none does."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(_unsplit(text))]
    questions = [sentence for sentence in sentences if sentence.endswith("?")]
    return questions or sentences


def _unsplit(text: str) -> str:
    # A dot within a word ends no sentence: an address would fall into innocent parts.
    return re.sub(r"(?<=\S)[.?!](?=\S)", "\u2024", text)


def _drop_names(following: Sequence[_Token]) -> None:
    for number, token in enumerate(following):
        if number and (token.lower in STOP_WORDS or following[number - 1].pauses):
            return
        is_name = token.lower not in STOP_WORDS or token.lower in _AUXILIARIES
        token.kept = token.kept and not is_name


def _joined(tokens: Sequence[_Token]) -> str:
    shown: list[str] = []
    for token in tokens:
        word = token.core.lower() if token.kept else GONE
        # How many words are gone is nobody's business either.
        if word != GONE or shown[-1:] != [GONE]:
            shown.append(word)
    return " ".join(shown) + ("?" if tokens[-1].asks else "")
