"""A person who signs up over HTTP, and what is stored of them, for tests."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any, Protocol

import sqlalchemy as sa

from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from extensions.conversation_tables import define_tables
from tests.client import Visitor

PHONE = "202-555-0143"
EMAIL = "maria@example.org"


class Applicant:
    """Talks with the assistant and remembers what it said last.

    Attributes:
        messages: the latest ones.
    """

    def __init__(self, visitor: Visitor) -> None:
        """Takes the conversation."""
        self.visitor = visitor
        self.messages: list[dict[str, Any]] = []
        self._offered: dict[str, str] = {}

    @property
    def conversation(self) -> str:
        """The id that the token holds."""
        return self.visitor.token.partition(".")[0]

    @property
    def text(self) -> str:
        """All that was said last."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def asked(self) -> str:
        """The last message, which is the question."""
        text: str = self.messages[-1]["text"]
        return text

    def say(self, *texts: str) -> Applicant:
        """Writes one message after the other."""
        for text in texts:
            self._hear(self.visitor.say(text))
        return self

    def press(self, title: str) -> Applicant:
        """Presses the choice whose title begins like this, of the last ones of that title."""
        (found,) = [key for key in self._offered if key.startswith(title)]
        self._hear(self.visitor.choose(self._offered[found]))
        return self

    def offered(self, title: str) -> str:
        """The id of a choice that was offered."""
        return self._offered[title]

    def starts(self) -> Applicant:
        """Begins the sign-up."""
        return self.say("I want to sign up for treatment")

    def gives_contact(self, way: str = "Text message", name: str = "Maria") -> Applicant:
        """Answers up to the first question of consent."""
        self.starts().say("yes", name).press(way)
        return self.say(EMAIL if way == "Email" else PHONE).press("Myself")

    def comes_to_summary(self, way: str = "Text message", name: str = "Maria") -> Applicant:
        """Answers and agrees to all, and sends nothing yet."""
        self.gives_contact(way, name)
        return self.press("Yes, I agree").press("Yes, I agree").press("Yes, I agree")

    def signs_up(self, way: str = "Text message", name: str = "Maria") -> Applicant:
        """All of it."""
        return self.comes_to_summary(way, name).press("Yes, send it")

    def _hear(self, messages: list[dict[str, Any]]) -> None:
        self.messages = messages
        for message in messages:
            self._offered.update({each["title"]: each["id"] for each in message["choices"]})


class Talking(Protocol):
    """Whoever has a conversation."""

    @property
    def conversation(self) -> str:
        """Its id."""
        ...


def stored(settings: Settings, person: Talking) -> dict[str, Any]:
    """What the store of sign-ups has of a person, as of now."""
    desk = SignupDesk.open(settings)
    try:
        return desk.export(person.conversation)
    finally:
        desk.close()


def conversations(settings: Settings) -> str:
    """Every kept turn of every conversation, decrypted."""
    tables = define_tables(settings.cipher())
    engine = sa.create_engine(settings.conversations_url)
    with engine.begin() as connection:
        rows = connection.execute(sa.select(tables.turns.c.events, tables.turns.c.state)).all()
    engine.dispose()
    return json.dumps([list(row) for row in rows], ensure_ascii=False)


def files(settings: Settings) -> dict[str, bytes]:
    """Every file of the state folder: databases with their journals, logs, counts."""
    return {
        path.name: path.read_bytes() for path in settings.state_dir.rglob("*") if path.is_file()
    }


def dump(settings: Settings) -> str:
    """The database of sign-ups as SQL."""
    with closing(sqlite3.connect(settings.state_dir / "signups.db")) as connection:
        return "\n".join(connection.iterdump())
