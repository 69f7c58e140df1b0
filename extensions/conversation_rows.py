"""Reading and writing the tables of conversations; each method is one transaction."""

from __future__ import annotations

import threading
import time
from typing import Any

import sqlalchemy as sa
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Connection, Engine

from extensions.conversation_tables import ConversationTables


class ConversationRetiredError(RasaException):
    """The conversation was erased for good; nothing more is kept of it."""


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

    def append(self, name: str, events: list[dict[str, Any]], state: dict[str, Any]) -> None:
        """Adds a row: new events and the state after them.

        Raises:
            ConversationRetiredError: the conversation was erased meanwhile.
        """
        row = {
            "conversation": name,
            "saved_at": time.time(),
            "event_count": len(events),
            "events": events,
            "state": state,
        }
        with self._retiring, self._engine.begin() as connection:
            if self._has_retired(connection, name):
                raise ConversationRetiredError("The conversation was erased.")
            connection.execute(self._turns.insert(), row)

    def erase(self, name: str) -> None:
        """Deletes all rows of a conversation."""
        with self._engine.begin() as connection:
            connection.execute(self._turns.delete().where(self._turns.c.conversation == name))

    def retire(self, name: str) -> None:
        """Deletes all rows of a conversation and marks it, so that none is added again."""
        retired = self._retired
        with self._retiring, self._engine.begin() as connection:
            connection.execute(self._turns.delete().where(self._turns.c.conversation == name))
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

    def _has_retired(self, connection: Connection, name: str) -> bool:
        retired = self._retired.c
        query = sa.select(retired.retired_at).where(retired.conversation == name)
        return connection.execute(query).first() is not None
