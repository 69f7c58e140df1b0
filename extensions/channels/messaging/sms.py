"""A reply as text messages: short, in plain letters, answered by numbers.

An answer is at most three parts long; sentences that do not fit are sent after "MORE".
What a person has to read whole (an emergency's numbers, what is agreed to) is never cut.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.answers import wording
from extensions.channels.messaging import gsm
from extensions.channels.messaging.rendered import Rendered
from extensions.channels.messaging.texts import body, numbered, sentences

# What Twilio takes for one message.
_LONGEST = 1500
_SHORT_TITLE = 32
_SOURCES = "Reply SOURCES for links."
_REST = "Reply MORE for the rest, SOURCES for links."
_SENTENCE_END = re.compile(r"(?<=[.!?:]) |\n")

# What asks for the rest of an answer, beside the number of "Tell me more".
MORE_WORDS = ("more", "mas", "m\u00e1s", wording.MORE.casefold())

Message = Mapping[str, Any]


def render(messages: Sequence[Message]) -> Rendered:
    """All messages of a turn as text messages.

    Args:
        messages: in the web channel's JSON.
    """
    now: list[str] = []
    later: list[str] = []
    words = [*MORE_WORDS]
    number = 1
    for message in messages:
        choices = numbered(message["choices"], number)
        number += len(choices)
        if message["blocks"]:
            first, *rest = answer_pages(message, choices)
            now.append(first)
            later += rest
            words += [line.split(".")[0] for line in choices if rest and _is_more(line)]
        else:
            text = "\n".join([body(message), *choices])
            now += cut(gsm.to_gsm(text), _fits_of(message))
    return Rendered(
        [{"text": text} for text in now],
        tuple({"text": text, "words": words} for text in later),
    )


def answer_pages(message: Message, choices: Sequence[str]) -> list[str]:
    """An answer in pages of whole sentences, the first one with the choices."""
    left = sentences(message)
    pages = []
    while left:
        count = len(left)
        while count > 1 and not gsm.fits(_page(left[:count], message, choices, left[count:])):
            count -= 1
        pages.append(_page(left[:count], message, choices, left[count:]))
        left, choices = left[count:], ()
    return pages


def _page(
    quoted: Sequence[str], message: Message, choices: Sequence[str], left: Sequence[str]
) -> str:
    text = " ".join(quoted)
    how = _REST if left else _SOURCES
    if any(_is_more(line) for line in choices):
        # With its number; the rest comes before anything new.
        how = _SOURCES
    numbers = {int(found) for found in re.findall(r"\[(\d+)\]", text)}
    titles = [
        f"[{source['number']}] {_short(source['title'])}"
        for source in message["sources"]
        if source["number"] in numbers
    ]
    named = gsm.to_gsm("\n".join([text, f"From {'; '.join(titles)}. {how}", *choices]))
    # The links of SOURCES have the titles, too.
    return named if gsm.fits(named) else gsm.to_gsm("\n".join([text, how, *choices]))


def _is_more(line: str) -> bool:
    return line.endswith(f". {wording.MORE}")


def _fits_of(message: Message) -> Callable[[str], bool]:
    # An emergency's message is one, however long it is: its lines belong together.
    return _fits_at_all if message["kind"] == "crisis" else gsm.fits


def _fits_at_all(text: str) -> bool:
    return len(text) <= _LONGEST


def _short(title: str) -> str:
    if len(title) <= _SHORT_TITLE:
        return title
    return title[: _SHORT_TITLE - 3].rsplit(" ", 1)[0].rstrip(" ,.:;(") + "..."


def cut(text: str, fits: Callable[[str], bool]) -> list[str]:
    """A text in pieces, cut between sentences or lines where there are any.

    Args:
        text: of any length.
        fits: whether a piece is short enough.
    """
    pieces: list[str] = []
    while not fits(text):
        # A text that is too long stays so with more behind it.
        count = bisect(range(1, len(text)), False, key=lambda at: not fits(text[:at].strip()))
        fitting = range(1, count + 1)
        ends = {found.start() for found in _SENTENCE_END.finditer(text)}
        lines = [at for at in fitting if text[at] == "\n" and at > len(fitting) / 2]
        between = lines or [at for at in fitting if at in ends]
        spaces = [at for at in fitting if text[at].isspace()]
        end = (between or spaces or fitting)[-1]
        pieces.append(text[:end].strip())
        text = text[end:].strip()
    return [*pieces, text] if text else pieces
