"""Mends misspelt words of a question towards the words of the corpus."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne
from spellchecker import SpellChecker

_WORD = re.compile(r"[^\W\d_]{5,}")
_VOWELS = re.compile(r"[aeiouy]")


class Spelling:
    """Knows the corpus's words, and which other words are right as they are."""

    def __init__(
        self,
        corpus_words: Collection[str],
        other_words: Collection[str],
        delicate_words: Collection[str] = (),
    ) -> None:
        """Takes lower-case words.

        Args:
            corpus_words: what a misspelt word may be mended to.
            other_words: words that are right although the corpus lacks them.
            delicate_words: those of the corpus that may be mended to only over one
                letter, or over vowels: oxazepam is not a misspelt diazepam.
        """
        self._known = {*corpus_words, *other_words}
        self._delicate = frozenset(delicate_words)
        self._targets = sorted(word for word in corpus_words if len(word) > 4)

    def mend(self, text: str) -> str:
        """The text with each unknown word replaced by the one that it resembles.

        A known word in the plural is known.

        A word of 5 to 7 letters may differ by one letter, added, lost, changed
        or swapped with its neighbour; a longer one by two.
        """
        return _WORD.sub(lambda match: self._mend_word(match[0]), text)

    def _mend_word(self, word: str) -> str:
        lower = word.lower()
        if lower in self._known or lower.removesuffix("s") in self._known:
            return word
        allowed = 1 if len(word) < 8 else 2
        found = extractOne(lower, self._targets, scorer=OSA.distance, score_cutoff=allowed)
        if found is None or (found[0] in self._delicate and not _sounds_alike(lower, *found[:2])):
            return word
        return str(found[0])


def _sounds_alike(word: str, other: str, distance: float) -> bool:
    """Whether a word differs by one letter, or in vowels alone: "fentynal", "methodon"."""
    return distance <= 1 or _VOWELS.sub("", word) == _VOWELS.sub("", other)


def in_dictionary(words: Collection[str]) -> set[str]:
    """Those of some lower-case words that an English dictionary has, apostrophes left out."""
    # 40 MB, needed while articles are read and not for messages: it is not kept.
    known = SpellChecker().word_frequency.dictionary
    joined = {word.replace("'", "") for word in known if "'" in word}
    return {word for word in words if word in known or word in joined}
