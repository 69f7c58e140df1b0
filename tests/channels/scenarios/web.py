"""A person at the website's widget: choices are pressed."""

from __future__ import annotations

from typing import Any

from tests.channels.scenarios.person import Person
from tests.client import Visitor


class WebPerson(Person):
    """Sees each message's text, which is the whole of it, and presses what is offered."""

    def __init__(self, visitor: Visitor) -> None:
        """Takes a conversation over HTTP."""
        super().__init__()
        self._visitor = visitor
        self._offered: dict[str, str] = {}

    def write(self, text: str) -> list[str]:
        """Sends a text."""
        return self._hear(self._visitor.say(text))

    def pick(self, title: str) -> Person:
        """Presses."""
        (found,) = [key for key in self._offered if key.startswith(title)]
        self.texts = self._hear(self._visitor.choose(self._offered[found]))
        assert self.texts, "no reply"
        return self

    def _hear(self, messages: list[dict[str, Any]]) -> list[str]:
        self._offered = {
            choice["title"]: choice["id"] for each in messages for choice in each["choices"]
        }
        return [message["text"] for message in messages]
