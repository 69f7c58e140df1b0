"""Takes the disguise off a message's characters: what is left is plain lower-case ASCII.

People write in a hurry, with accents or without, in look-alike letters to get past
a filter, or with emoji. All of it is read as the plain words that a reader sees.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from confusable_homoglyphs.confusables import confusables_data

# Longer messages are cut in the middle: what matters is said first or last.
_LONGEST = 24_000

_SPACES = re.compile(r"[^\S\n]+")
# A sign that stands for a letter has a letter or another such sign beside it.
_LEET = re.compile(r"[a-z0-9@$!|+*]+")
_LEET_SIGNS = frozenset("@$!|+0134578")
_LEET_LETTERS = str.maketrans("@$!|+0134578", "asiitoieastb")
# Numbers with a unit or an ending are numbers: 30mg, 5th, 2am, 24h, 90s.
_MEASURE = re.compile(r"\d+(?:[.,]\d+)?[a-z]{1,4}|[a-z]\d{1,3}|[a-z]{2,}\d{2,}")
# h.e.l.p, k i l l, s-u-i-c-i-d-e: four single letters or more in a row.
_SPELLED_OUT = re.compile(r"(?<![a-z0-9])[a-z](?:[ ._*/-]{1,3}[a-z](?![a-z0-9'])){3,}")
# Of three letters there are words too ("u r a"), so only these, and not as a part of a longer run
# of letters ("d i e t"); I, a and u are words beside them.
_SHORT_SPELLED_OUT = re.compile(
    r"(?<![a-z0-9'])(?<![ ._*/-][b-hj-tv-z][ ._*/-])("
    + "|".join(r"[ ._*/-]{1,3}".join(word) for word in ("die", "kms", "kys", "cut", "gun"))
    + r")(?![a-z0-9']|[ ._*/-]{1,3}[b-hj-tv-z](?![a-z0-9']))"
)
_BETWEEN_LETTERS = re.compile(r"(?<=[a-z])[ ._*/-](?=[a-z])")
_LETTER = re.compile(r"[a-z]")
_NO_LETTER = re.compile(r"[^a-z]+")
_QUOTES = str.maketrans("\u2018\u2019\u02bc\u00b4`\u2032", "''''''")


def plain(text: str) -> str:
    """The message in lower-case ASCII letters, digits and punctuation.

    Zero-width and control characters, accents, look-alike letters of other
    alphabets, letters written as digits or signs, and letters set apart are
    undone; an emoji becomes its English name.
    """
    if len(text) > _LONGEST:
        text = text[: _LONGEST // 2] + "\n" + text[-_LONGEST // 2 :]
    text = text.translate(_QUOTES)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(map(_ascii, decomposed))
    text = _SPACES.sub(" ", text.replace("\r", "\n").lower())
    text = _SHORT_SPELLED_OUT.sub(lambda match: _NO_LETTER.sub("", match[0]), text)
    text = _SPELLED_OUT.sub(_joined, text)
    return _LEET.sub(_without_leet, text)


@lru_cache(maxsize=4096)
def _ascii(character: str) -> str:
    """What a reader sees in a character; of a decomposed text."""
    if character.isascii():
        return character if character.isprintable() or character.isspace() else ""
    kind = unicodedata.category(character)
    # Marks and formats are the accents that came off, zero-width characters, directions.
    if kind in {"Mn", "Me", "Cf", "Cs", "Co"}:
        return ""
    for alike in confusables_data.get(character, ()):
        if len(alike["c"]) == 1 and alike["c"].isascii() and alike["c"].isalpha():
            return str(alike["c"])
    if kind[0] == "Z":
        return " "
    ascii_text = anyascii(character)
    # An emoji is a word of its own: :pill: is " pill ".
    if kind == "So":
        return f" {ascii_text.strip(':').replace('_', ' ')} "
    return ascii_text


def _joined(match: re.Match[str]) -> str:
    # Letters are joined over one sign; a wider gap is one between words.
    return _BETWEEN_LETTERS.sub("", match[0])


def _without_leet(match: re.Match[str]) -> str:
    word = match[0].rstrip("!+|*")
    tail = match[0][len(word) :]
    if not _LETTER.search(word) or _LEET_SIGNS.isdisjoint(word) or _MEASURE.fullmatch(word):
        return match[0]
    return word.translate(_LEET_LETTERS) + tail
