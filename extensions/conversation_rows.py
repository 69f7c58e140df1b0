"""Reading and writing the tables of conversations; each method is one transaction."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Connection, Engine

from extensions.conversation_tables import ConversationTables
from extensions.forgetting import Turn

# What is left of each turn of a conversation; None for nothing.
Change = Callable[[Sequence[Turn]], list[Turn | None]]


class ConversationRetiredError(RasaException):
    """The conversation was erased for good; nothing more is kept of it."""


class ConversationNotErasedError(RasaException):
    """A conversation was to be deleted, and it was not."""


class ConversationRows:
    """The rows of all conversations.

    Every method blocks, and raises `sqlalchemy.exc.SQLAlchemyError` when the
    database cannot be reached or refuses; a write is then not made at all.
    `name` is the keyed hash of a conversation's id.
    """

    def __init__(self, engine: Engine, tables: ConversationTables) -> None:
        """Makes the tables where they are missing."""
        self._engine = engine
        # Nothing may be added between the look at the marks and the insert. A
        # conversation is always served by the same process, so this is enough.
        self._retiring = threading.Lock()
        self._turns = tables.turns
        self._retired = tables.retired
        self._asking = tables.asking
        self._checks = tables.checks
        tables.metadata.create_all(engine)

    def last_turns(
        self, name: str, count: int
    ) -> tuple[list[list[dict[str, Any]]], dict[str, Any] | None]:
        """The last turns, and the state that was before them.

        Returns:
            Events of up to `count` turns, oldest first; and the state after the turn
            before those, None where there is none.
        """
        turns = self._turns.c
        latest = turns.id.desc()
        events = sa.select(turns.events).where(turns.conversation == name).order_by(latest)
        state = sa.select(turns.state).where(turns.conversation == name).order_by(latest)
        with self._engine.begin() as connection:
            rows = connection.execute(events.limit(count)).all()
            before = connection.execute(state.offset(count).limit(1)).scalar()
        return [row.events for row in reversed(rows)], before

    def all_events(self, name: str) -> list[dict[str, Any]]:
        """All events of a conversation, in order."""
        turns = self._turns.c
        query = sa.select(turns.events).where(turns.conversation == name).order_by(turns.id)
        with self._engine.begin() as connection:
            return [event for row in connection.execute(query) for event in row.events]

    def count_events(self, name: str) -> int:
        """How many events of a conversation are stored."""
        turns = self._turns.c
        query = sa.select(sa.func.sum(turns.event_count)).where(turns.conversation == name)
        with self._engine.begin() as connection:
            return connection.execute(query).scalar() or 0

    def append(self, name: str, turn: Turn, asking: bool = False) -> None:
        """Adds a row: new events and the state after them.

        Args:
            name: of the conversation.
            turn: the row.
            asking: whether a form holds what the person told, to be forgotten in time.

        Raises:
            ConversationRetiredError: the conversation was erased meanwhile.
        """
        with self._retiring, self._engine.begin() as connection:
            if self._has_retired(connection, name):
                raise ConversationRetiredError("The conversation was erased.")
            connection.execute(self._turns.insert(), _row(name, turn))
            if asking:
                self._answered(connection, name)
                now = {"conversation": name, "since": time.time()}
                connection.execute(self._asking.insert(), now)

    def rewrite(self, name: str, change: Change, new: Turn | None = None) -> None:
        """Changes all rows of a conversation, and adds one, in one transaction.

        Args:
            name: of the conversation.
            change: what is left of the turns; given the new one last.
            new: the turn to add; None for none.

        Raises:
            ConversationRetiredError: the conversation was erased meanwhile.
        """
        turns = self._turns
        is_its = turns.c.conversation == name
        query = sa.select(turns.c.id, turns.c.events, turns.c.state).where(is_its)
        with self._retiring, self._engine.begin() as connection:
            if self._has_retired(connection, name):
                raise ConversationRetiredError("The conversation was erased.")
            if new is not None:
                connection.execute(turns.insert(), _row(name, new))
            rows = connection.execute(query.order_by(turns.c.id)).all()
            left = change([Turn(row.events, row.state) for row in rows])
            for row, turn in zip(rows, left, strict=True):
                is_this = turns.c.id == row.id
                if turn is None:
                    connection.execute(turns.delete().where(is_this))
                else:
                    connection.execute(turns.update().where(is_this), _content(turn))
            self._answered(connection, name)

    def abandoned(self, before: float) -> list[str]:
        """Conversations whose form nobody has gone on with since a time."""
        asking = self._asking.c
        query = sa.select(asking.conversation).where(asking.since < before)
        with self._engine.begin() as connection:
            return [row.conversation for row in connection.execute(query)]

    def erase(self, name: str) -> None:
        """Deletes all rows of a conversation."""
        with self._engine.begin() as connection:
            connection.execute(self._turns.delete().where(self._turns.c.conversation == name))
            self._answered(connection, name)

    def retire(self, name: str) -> None:
        """Deletes all rows of a conversation and marks it, so that none is added again."""
        retired = self._retired
        with self._retiring, self._engine.begin() as connection:
            connection.execute(self._turns.delete().where(self._turns.c.conversation == name))
            self._answered(connection, name)
            connection.execute(retired.delete().where(retired.c.conversation == name))
            connection.execute(retired.insert(), {"conversation": name, "retired_at": time.time()})

    def is_retired(self, name: str) -> bool:
        """Whether a conversation is marked as erased for good."""
        with self._engine.begin() as connection:
            return self._has_retired(connection, name)

    def purge(self, before: float, retired_before: float) -> int:
        """Deletes conversations whose last turn was before a time; old marks too.

        Returns:
            Number of turns deleted.
        """
        turns, retired = self._turns, self._retired
        old = (
            sa.select(turns.c.conversation)
            .group_by(turns.c.conversation)
            .having(sa.func.max(turns.c.saved_at) < before)
        )
        with self._engine.begin() as connection:
            connection.execute(retired.delete().where(retired.c.retired_at < retired_before))
            deleted = connection.execute(turns.delete().where(turns.c.conversation.in_(old)))
            return int(deleted.rowcount)

    def check_writable(self) -> None:
        """Writes one row that nothing reads."""
        now = {"checked_at": time.time()}
        with self._engine.begin() as connection:
            if not connection.execute(self._checks.update(), now).rowcount:
                connection.execute(self._checks.insert(), {"id": 1, **now})

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _answered(self, connection: Connection, name: str) -> None:
        asking = self._asking
        connection.execute(asking.delete().where(asking.c.conversation == name))

    def _has_retired(self, connection: Connection, name: str) -> bool:
        retired = self._retired.c
        query = sa.select(retired.retired_at).where(retired.conversation == name)
        return connection.execute(query).first() is not None


def _row(name: str, turn: Turn) -> dict[str, Any]:
    return {"conversation": name, "saved_at": time.time(), **_content(turn)}


def _content(turn: Turn) -> dict[str, Any]:
    return {"event_count": len(turn.events), "events": turn.events, "state": turn.state}
