"""Mends words that no dictionary knows towards the words of the patterns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

# A word seen less often in the dictionaries' corpora is as likely a slip as a word.
_KNOWN_FROM = 150
# A message holds few unknown words; one of thousands is no message, and gets no more time.
_MOST_UNKNOWN = 400
_LONGEST_WORD = 40
# Said so often of danger that a star in them is read as a letter.
_STARRED_WORDS = (
    "kill", "killed", "killing", "suicide", "suicidal", "die", "dead", "dying", "cut",
    "cutting", "rape", "raped", "hang", "shoot", "gun", "knife", "overdose", "overdosed",
    "stab", "murder", "hurt", "harm", "pills", "heroin", "matar", "matarme", "morir",
    "suicidarme", "suicidio",
)  # fmt: skip
_RUN = re.compile(r"(.)\1+")


class Spelling:
    """Knows the patterns' words, and which other words are right as they are."""

    def __init__(self, vocabulary: Collection[str], right: Collection[str] = ()) -> None:
        """Takes the words to mend to, and others that are right as they are."""
        counts = dictionary()
        self._english = frozenset(_seen("en"))
        self._vocabulary = frozenset(word for word in vocabulary if word.isalpha())
        self._right = frozenset(right)
        self._known = frozenset(word for word, seen in counts.items() if seen >= _KNOWN_FROM)
        self._counts = counts
        by_rank = sorted(self._vocabulary, key=lambda word: (-counts.get(word, 0), word))
        self._single: dict[str, str] = {}
        self._deletes: dict[str, str] = {}
        for word in by_rank:
            self._single.setdefault(single_letters(word), word)
            if len(word) >= 4:
                for shorter in _shortened(word, 2 if len(word) >= 8 else 1):
                    self._deletes.setdefault(shorter, word)
        for word in sorted(filter(str.isalpha, right)):
            self._single.setdefault(single_letters(word), word)
        for word in sorted(self._known, key=lambda word: (-counts[word], word)):
            self._single.setdefault(single_letters(word), word)
        self._longest = max(map(len, self._vocabulary), default=0)

    def mend(self, words: Sequence[str]) -> list[str]:
        """The words, each unknown one as the word (or words) that it resembles."""
        left = _MOST_UNKNOWN
        mended: list[str] = []
        for word in words:
            if word in self._vocabulary or word in self._right or not word.isalpha():
                mended.append(word)
            elif word in self._known:
                mended.append(self._undoubled(word))
            elif left and len(word) <= _LONGEST_WORD:
                left -= 1
                mended.append(self._mend_word(word))
            else:
                mended.append(word)
        return mended

    def undoubled(self, word: str) -> str:
        """A word without the doubled letters that no word has; any other as it is."""
        if word in self._vocabulary or word in self._right or len(word) > _LONGEST_WORD:
            return word
        if word in self._known:
            return self._undoubled(word)
        return self._single.get(single_letters(word), word)

    def unstarred(self, word: str) -> str:
        """A word with stars as the word of danger that it hides, or without them."""
        if not 2 < len(word) <= _LONGEST_WORD:
            return word.replace("*", "")
        hidden = re.compile(re.sub(r"\\\*+|(?:\\\*)+", "[a-z]{1,3}", re.escape(word)))
        for candidate in _STARRED_WORDS:
            if hidden.fullmatch(candidate):
                return candidate
        return word.replace("*", "")

    def _undoubled(self, word: str) -> str:
        """Of a rare word with a doubled letter, the common one it is without."""
        single = self._single.get(single_letters(word), word) if _RUN.search(word) else word
        common = single in self._vocabulary and len(single) < len(word)
        often = self._counts.get(single, 0) > 50 * self._counts[word]
        return single if common and often else word

    def _mend_word(self, word: str) -> str:
        single = single_letters(word)
        if single in self._single:
            return self._single[single]
        if len(word) >= 4:
            for tried in (word, single):
                near = self._near(tried)
                if near is not None:
                    return near
        if len(word) >= 7:
            pieces = self._split(word) or self._split(single)
            if pieces:
                return " ".join(pieces)
        return word

    def _near(self, word: str) -> str | None:
        """The word of the patterns that this one is a letter (of 8 or more, two) away from."""
        allowed = 1 if len(word) < 8 else 2
        for shorter in _shortened(word, allowed):
            target = self._deletes.get(shorter)
            if target is not None and _near_enough(word, target, allowed):
                # Spanish verbs differ by an ending, and the dictionary has not all of them.
                if target not in self._english and (len(word) < 7 or word[-4:] != target[-4:]):
                    continue
                return target
        return None

    def _split(self, word: str) -> list[str] | None:
        """Words that were written without spaces between: killmyself."""
        best: list[list[str] | None] = [None] * (len(word) + 1)
        best[0] = []
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - self._longest), end):
                before, piece = best[start], word[start:end]
                if before is None or (piece not in self._vocabulary and piece not in {"i", "a"}):
                    continue
                reached = best[end]
                if reached is None or len(before) + 1 < len(reached):
                    best[end] = [*before, piece]
        found = best[-1]
        return found if found and len(found) <= max(2, len(word) // 3) else None


@lru_cache(maxsize=1)
def dictionary() -> dict[str, int]:
    """How often each English or Spanish word was seen, without accents."""
    counts: dict[str, int] = {}
    for language in ("en", "es"):
        for word, seen in _seen(language).items():
            counts[word] = max(seen, counts.get(word, 0))
    return counts


@lru_cache(maxsize=2)
def _seen(language: str) -> dict[str, int]:
    frequencies = SpellChecker(language=language).word_frequency.dictionary
    return {
        word.translate(_ACCENTS): seen
        for word, seen in frequencies.items()
        if seen >= _KNOWN_FROM // 3
    }


_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun", "'")


def single_letters(word: str) -> str:
    """The word with each repeated letter once."""
    return _RUN.sub(r"\1", word)


def _shortened(word: str, letters: int) -> Iterator[str]:
    """The word, and what is left of it when so many letters or fewer are lost."""
    yield word
    for place in range(len(word)):
        shorter = word[:place] + word[place + 1 :]
        yield shorter
        if letters == 2:
            for second in range(place, len(shorter)):
                yield shorter[:second] + shorter[second + 1 :]


def _near_enough(word: str, target: str, allowed: int) -> bool:
    # The first letter is seldom wrong, and "bills" are not "pills".
    same_start = word[0] == target[0] or word[:2] == target[1::-1] or word[1:] == target
    return same_start and OSA.distance(word, target, score_cutoff=allowed) <= allowed
