"""Reads plain text: blocks between empty lines, a short line alone is a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.authoring.pieces import Piece, Source

_MAX_HEADING_WORDS = 14
# A line of this length was broken because it was full, not because it ended.
_FULL_LINE = 55
_BULLETS = "[*-\u2013\u2022"
_ENDS_AS_TEXT = (".", "!", ":", ";", ",")


def read_text(text: str) -> Source:
    """The pieces of a plain text."""
    return Source(tuple(_pieces(text)))


def looks_like_heading(line: str) -> bool:
    """Whether a line that stands alone reads like a heading."""
    words = line.split()
    return (
        0 < len(words) <= _MAX_HEADING_WORDS
        and not line.endswith(_ENDS_AS_TEXT)
        and line[0] not in _BULLETS
        and any(char.isalpha() for char in line)
    )


def _pieces(text: str) -> Iterator[Piece]:
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [" ".join(line.split()) for line in block.split("\n") if line.strip()]
        if len(lines) == 1 and looks_like_heading(lines[0]):
            yield Piece("heading", lines[0])
            continue
        for line in _unwrapped(lines):
            yield Piece("paragraph", line)


def _unwrapped(lines: list[str]) -> list[str]:
    """Joins lines that were broken at a margin; others are paragraphs of their own."""
    joined: list[str] = []
    previous = ""
    for line in lines:
        goes_on = len(previous) >= _FULL_LINE and not re.match(r"\[\^?\w+\]", line)
        if joined and goes_on:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        previous = line
    return joined
