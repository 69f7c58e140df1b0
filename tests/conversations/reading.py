"""What a person sees in a message, for the tests of conversations."""

from __future__ import annotations

from typing import Any


def only(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The one message of a reply."""
    assert len(messages) == 1
    return messages[0]


def quoted(message: dict[str, Any]) -> str:
    """All quoted sentences, in lower case."""
    return " ".join(s["text"] for b in message["blocks"] for s in b["sentences"]).lower()


def sections(message: dict[str, Any]) -> list[str]:
    """The section that each block quotes, as "article#section"."""
    spans = [block["sentences"][0]["source"] for block in message["blocks"]]
    return [f"{span['article']}#{span['section']}" for span in spans]


def titles(message: dict[str, Any]) -> list[str]:
    """What the choices say."""
    return [choice["title"] for choice in message["choices"]]


def links(message: dict[str, Any]) -> set[str]:
    """Where the ways to help lead."""
    return {resource["href"] for resource in message["resources"]}
