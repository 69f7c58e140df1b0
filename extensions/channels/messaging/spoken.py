"""The words of a message for channels that show its choices and sources in their own way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.answers import wording


def spoken_text(message: Mapping[str, Any]) -> str:
    """A message's text without the lists of choices and sources that stand in it.

    Args:
        message: in the web channel's JSON.
    """
    # The form's are numbered, since a text message answers by number.
    listed = {
        line
        for at, choice in enumerate(message["choices"], 1)
        for line in (f"- {choice['title']}", f"{at}. {choice['title']}")
    }
    if message["sources"]:
        listed |= {wording.SOURCES, *map(source_line, message["sources"])}
    lines = [line for line in message["text"].split("\n") if line.strip() not in listed]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def source_line(source: Mapping[str, Any]) -> str:
    """One source on one line, as it stands in a message's text."""
    return f"[{source['number']}] {source['title']}" + (
        f" {source['url']}" if source["url"] else ""
    )


def shortened(text: str, limit: int) -> str:
    """A text of at most so many UTF-16 units; what is cut ends with an ellipsis."""
    if utf16_length(text) <= limit:
        return text
    end = _most(text, limit - 1)
    return text[:end].rstrip() + "\u2026"


def utf16_length(text: str) -> int:
    """The length as JavaScript and Java count it: an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _most(text: str, limit: int) -> int:
    """How many characters of the text fit."""
    length = 0
    for at, character in enumerate(text):
        length += utf16_length(character)
        if length > limit:
            return at
    return len(text)
