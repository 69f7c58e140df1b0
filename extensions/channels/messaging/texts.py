"""A message as plain text, for where little or nothing can be formatted or pressed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_CHOICE_LINE = r"(?:-|\d+\.) "


def body(message: Mapping[str, Any]) -> str:
    """The text of a message without the lines at its end that only name its choices.

    Args:
        message: in the web channel's JSON, as `Renderer.message` makes it.
    """
    titles = {choice["title"] for choice in message["choices"]}
    lines = message["text"].split("\n")
    while lines and (not lines[-1].strip() or _title(lines[-1]) in titles):
        lines.pop()
    return "\n".join(lines)


def numbered(choices: Sequence[Mapping[str, Any]], first: int = 1) -> list[str]:
    """The choices of a message as lines that can be answered by their number.

    Args:
        choices: of the message.
        first: the number of the first one; numbers go on through all messages of a turn.
    """
    return [f"{number}. {choice['title']}" for number, choice in enumerate(choices, first)]


def whole(message: Mapping[str, Any], first: int = 1) -> str:
    """All of a message with numbered choices: where its text names them, else at the end.

    Args:
        message: in the web channel's JSON.
        first: the number of its first choice.
    """
    names = numbered(message["choices"], first)
    by_title = dict(zip((choice["title"] for choice in message["choices"]), names, strict=True))
    lines = message["text"].split("\n")
    if set(by_title) <= {_title(line) for line in lines}:
        return "\n".join(by_title.get(_title(line) or "", line) for line in lines)
    return "\n".join([body(message), *names])


def sentences(message: Mapping[str, Any]) -> list[str]:
    """The quoted sentences of an answer with the numbers of their sources, a heading first.

    A heading stands before the first sentence of a block where there are several blocks.
    """
    found = []
    for block in message["blocks"]:
        heading = f"{block['heading']}: " if len(message["blocks"]) > 1 else ""
        for sentence in block["sentences"]:
            numbers = "".join(f"[{number}]" for number in sentence["citations"])
            found.append(f"{heading}{sentence['text']} {numbers}".rstrip())
            heading = ""
    return found


def _title(line: str) -> str | None:
    """The title that a line names, if it is like "- Title" or "2. Title"."""
    lead = re.match(_CHOICE_LINE, line)
    return line[lead.end() :] if lead else None
