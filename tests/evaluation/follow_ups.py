"""How what is written after an answer fares, through the running assistant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.client import Visitor
from tests.evaluation.measure import share
from tests.serving import Live

# What became of a follow-up, as the table calls it.
RIGHT, OTHER, EMERGENCY, NO_ANSWER, ELSE = (
    "a right section quoted",
    "another quoted",
    "taken for an emergency",
    '"I don\'t know" or declined',
    "anything else",
)
_KINDS = (RIGHT, OTHER, EMERGENCY, NO_ANSWER, ELSE)


def ask_follow_ups(live: Live, lines: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What became of each follow-up: its text, what it is labelled with, and one of the kinds.

    Args:
        live: the running assistant.
        lines: conversations: a first question, and what is written then, each with the
            keys of all sections that answer it after what went before.
    """
    for line in lines:
        with Visitor(live.address) as visitor:
            visitor.say(line["first"])
            for turn in line["then"]:
                messages = visitor.say(turn["text"])
                yield {
                    "first": line["first"],
                    **turn,
                    "fared": _fared(messages, frozenset(turn["sections"])),
                }


def _fared(messages: Sequence[Mapping[str, Any]], right: frozenset[str]) -> str:
    kinds = {message["kind"] for message in messages}
    quoted = {
        f"{sentence['source']['article']}#{sentence['source']['section']}"
        for message in messages
        for block in message["blocks"]
        for sentence in block["sentences"]
    }
    if quoted & right:
        return RIGHT
    if "crisis" in kinds:
        return EMERGENCY
    if quoted:
        return OTHER
    return NO_ANSWER if "no_answer" in kinds else ELSE


def follow_up_table(outcomes: Sequence[Mapping[str, Any]]) -> str:
    """How many fared how: those that some section answers, those that none does, and by kind."""
    groups = {
        "answered by the articles": [each for each in outcomes if each["sections"]],
        "answered by none": [each for each in outcomes if not each["sections"]],
    }
    for each in outcomes:
        if "kind" in each:
            groups.setdefault(f"of kind {each['kind']}", []).append(each)
    parts = []
    for name, chosen in groups.items():
        rows = [
            f"  {kind:<28}{share(each['fared'] == kind for each in chosen):>8} %" for kind in _KINDS
        ]
        parts.append("\n".join([f"{name}: {len(chosen)}", *rows]))
    return "\n".join(parts)
