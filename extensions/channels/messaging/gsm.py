"""The letters of text messages: what fits, and how much of it.

GSM 03.38's alphabet takes 160 characters a message, or 153 in each part of a longer one;
a single letter outside of it leaves 70, or 67.
"""

from __future__ import annotations

import unicodedata

from anyascii import anyascii

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes the place of two.
_EXTENDED = frozenset("^{}\\[~]|€")
_ONE_PART, _EACH_PART = 160, 153
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u2022": "-",
        "\u00a0": " ",
        "\u202f": " ",
        # Two places each otherwise, in every answer.
        "[": "(",
        "]": ")",
    }
)


def to_gsm(text: str) -> str:
    """The text in the alphabet of text messages: "niño" stays, "está" becomes "esta"."""
    composed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return "".join(
        letter if letter in _BASIC or letter in _EXTENDED else anyascii(letter)
        for letter in composed
    )


def places(text: str) -> int:
    """How many places a text of that alphabet takes."""
    return len(text) + sum(letter in _EXTENDED for letter in text)


def parts(text: str) -> int:
    """How many text messages a text of that alphabet is sent, and paid, as."""
    taken = places(text)
    return 1 if taken <= _ONE_PART else -(-taken // _EACH_PART)


MOST_PARTS = 3


def fits(text: str) -> bool:
    """Whether a text is no longer than `MOST_PARTS`."""
    return parts(text) <= MOST_PARTS
