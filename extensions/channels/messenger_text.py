"""A message as Messenger shows it: texts, and quick replies below the last of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answers import wording
from extensions.channels.messaging.sms import cut
from extensions.channels.messaging.spoken import (
    shortened,
    source_line,
    spoken_text,
    utf16_length,
)
from extensions.channels.messaging.texts import numbered

# Limits of the Send API.
_TEXT = 2000
_REPLIES = 13
_TITLE = 20


def messenger_messages(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the Send API takes as `message`, one after the other.

    Quick replies are not shown on computers and are gone after the next message, so
    each choice stands in the text, too, with a number to answer with.

    Args:
        messages: of one turn, in the web channel's JSON.
    """
    made: list[dict[str, Any]] = []
    first = 1
    for message in messages:
        choices = message["choices"]
        texts: list[dict[str, Any]] = [
            {"text": piece} for piece in cut(_text(message, first), _fits)
        ]
        if choices and texts:
            texts[-1]["quick_replies"] = _replies(choices, first)
        made += texts
        first += len(choices)
    return made


def _fits(text: str) -> bool:
    # Of Meta's and our ways to count, the one that finds more.
    return utf16_length(text) <= _TEXT


def _text(message: Mapping[str, Any], first: int) -> str:
    links = [
        f"{resource['label']}: {resource['href']}"
        for resource in message["resources"]
        if resource["href"].startswith("https:")
    ]
    sources = [source_line(source) for source in message["sources"]]
    if sources:
        sources.insert(0, wording.SOURCES)
    # Choices stand below the words that offer them, sources at the end, like footnotes.
    lists = (links, numbered(message["choices"], first), sources)
    return "\n\n".join([spoken_text(message), *("\n".join(lines) for lines in lists if lines)])


def _replies(choices: Sequence[Mapping[str, str]], first: int) -> list[dict[str, str]]:
    return [
        {"content_type": "text", "title": _title(at, choice["title"]), "payload": choice["id"]}
        for at, choice in enumerate(choices[:_REPLIES], first)
    ]


def _title(number: int, title: str) -> str:
    # With its number where it is cut, so that it can be found in the text.
    return title if utf16_length(title) <= _TITLE else shortened(f"{number}. {title}", _TITLE)
