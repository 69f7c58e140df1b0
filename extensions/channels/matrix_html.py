"""A message as Matrix shows it: formatted, with the same words in plain text beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from extensions.channels.messaging.texts import numbered

_SCHEMES = ("https", "tel", "sms", "mailto")
_ADDRESS = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_CHOICE = re.compile(r"(?:-|\d+\.) (.*)")


def content_of(message: Mapping[str, Any], first: int = 1) -> dict[str, str]:
    """The content of a Matrix message.

    Args:
        message: in the web channel's JSON.
        first: the number of the first choice.
    """
    before, after = _around_choices(message)
    choices = numbered(message["choices"], first)
    plain = "\n".join([*before, *choices, *after])
    formatted = "".join(
        [
            _paragraphs(before, message["sources"]),
            _list(message["choices"], first),
            _paragraphs(after, message["sources"]),
            _ways_to_help(message["resources"]),
        ]
    )
    return {
        "msgtype": "m.text",
        "body": plain,
        "format": "org.matrix.custom.html",
        "formatted_body": formatted,
    }


def link(address: str, label: str) -> str:
    """A link in HTML; the label alone where the address leads somewhere it may not."""
    if urlsplit(address).scheme not in _SCHEMES:
        return escape(label)
    return f'<a href="{escape(address, quote=True)}">{escape(label)}</a>'


def _around_choices(message: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The lines of a text before and after those that name its choices.

    All choices are numbered in one place: where the text names the first of them, else at
    its end.
    """
    titles = {choice["title"] for choice in message["choices"]}
    lines = message["text"].split("\n")
    named = [place for place, line in enumerate(lines) if _title(line) in titles]
    if not named:
        return lines, []
    others = [line for place, line in enumerate(lines) if place > named[0] and place not in named]
    return lines[: named[0]], others


def _title(line: str) -> str | None:
    found = _CHOICE.fullmatch(line)
    return found[1] if found else None


def _paragraphs(lines: Sequence[str], sources: Sequence[Mapping[str, Any]]) -> str:
    groups = groupby(lines, key=lambda line: bool(line.strip()))
    shown = ("<br>".join(_line(line, sources) for line in group) for full, group in groups if full)
    return "".join(f"<p>{paragraph}</p>" for paragraph in shown)


def _line(line: str, sources: Sequence[Mapping[str, Any]]) -> str:
    for source in sources:
        lead = f"[{source['number']}] "
        if source["url"] and line == f"{lead}{source['title']} {source['url']}":
            return lead + link(source["url"], source["title"])
    shown, end = [], 0
    for found in _ADDRESS.finditer(line):
        shown += [escape(line[end : found.start()]), link(found[0], found[0])]
        end = found.end()
    return "".join([*shown, escape(line[end:])])


def _list(choices: Sequence[Mapping[str, Any]], first: int) -> str:
    if not choices:
        return ""
    items = "".join(f"<li>{escape(choice['title'])}</li>" for choice in choices)
    return f'<ol start="{first}">{items}</ol>'


def _ways_to_help(resources: Sequence[Mapping[str, Any]]) -> str:
    if not resources:
        return ""
    links = (link(resource["href"], resource["label"]) for resource in resources)
    return f"<p>{' · '.join(links)}</p>"
