"""Somebody who talks with the assistant, whatever the channel."""

from __future__ import annotations

import itertools
import re
from abc import ABC, abstractmethod

_people = itertools.count()
_NUMBERED = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)
_LISTED = re.compile(r"^- (.*)$", re.MULTILINE)


class Person(ABC):
    """A person and what they saw last.

    Attributes:
        texts: the messages of the last reply as they were shown.
        email: their address; one may sign up a few times a day only.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.email = f"maria{next(_people)}@example.org"

    @abstractmethod
    def write(self, text: str) -> list[str]:
        """Sends one message; returns what is shown in reply, message by message."""

    def say(self, *texts: str) -> Person:
        """Writes one message after the other, each when the one before was answered."""
        for text in texts:
            self.texts = self.write(text)
            assert self.texts, "no reply"
        return self

    def pick(self, title: str) -> Person:
        """Takes the choice whose title begins like this, as one does on this channel."""
        return self.say(self._answer(title))

    @property
    def saw(self) -> str:
        """All that was shown last."""
        return "\n".join(self.texts)

    @property
    def asked(self) -> str:
        """The last message, which is the question."""
        return self.texts[-1]

    def read_sources(self) -> str:
        """The sources of the last answer, as they are shown on this channel."""
        return self.saw

    def read_on(self) -> str:
        """The whole of the last reply, where a channel shows it piece by piece."""
        return self.saw

    def comes_to_summary(self, name: str = "Maria") -> Person:
        """Signs up and agrees to all, and sends nothing yet."""
        self.say("I want to sign up for treatment", "yes", name).pick("Email")
        return self.say(self.email).pick("Myself").say("yes", "yes", "yes")

    def signs_up(self, name: str = "Maria") -> Person:
        """All of it."""
        self.comes_to_summary(name).pick("Yes, send it")
        assert "Thank you. Your sign-up has been received." in self.saw
        return self

    def _answer(self, title: str) -> str:
        """The number of a choice, or its title where it has none."""
        numbers = [number for number, each in _NUMBERED.findall(self.saw) if each.startswith(title)]
        if numbers:
            return str(numbers[-1])
        (listed,) = [each for each in _LISTED.findall(self.saw) if each.startswith(title)]
        return str(listed)
