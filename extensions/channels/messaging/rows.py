"""Reading and writing the tables of the messaging channels; each method is one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from assistant.database import open_recording_engine, reading
from assistant.settings import Settings
from extensions.channels.messaging.incoming import Incoming
from extensions.channels.messaging.records import Contact, Noted, Post
from extensions.channels.messaging.safe import Safe
from extensions.channels.messaging.tables import contact, incoming, metadata, outgoing

logger = logging.getLogger(__name__)

# Longer than any platform sends an event again, and than a captured request is worth much.
_EVENTS_KEPT = timedelta(days=30)
# A message whose answer ends the process each time must not end it for ever.
_MOST_ATTEMPTS = 3

_SEALED = {"later", "unrecorded"}


class MessageRows:
    """The rows of one channel.

    Every method blocks, and raises `sqlalchemy.exc.SQLAlchemyError` when the database
    cannot be reached or refuses; nothing is written then.
    """

    def __init__(self, settings: Settings, channel: str) -> None:
        """Takes where they are kept and the channel's name; opens nothing yet."""
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        self._engine = open_recording_engine(settings.messages_url)
        self._safe = Safe(settings, channel)
        self._channel = channel
        self._made = False

    def conversation(self, person: str) -> str:
        """The id of a person's conversation: 32 hexadecimal digits, always the same."""
        return self._safe.name("conversation", person)[:32]

    def note(self, batches: Sequence[Sequence[Incoming]]) -> list[list[Noted]]:
        """Notes what has come in, once: all batches, or nothing.

        Returns:
            Of each batch what has not been answered yet: new messages, and old ones that
            were sent again.
        """
        with self._begin() as connection:
            noted = [[self._note(connection, each) for each in batch] for batch in batches]
        return [[each for each in batch if each is not None] for batch in noted]

    def unanswered(self, but: Collection[int] = ()) -> list[Noted]:
        """What was noted and not answered, the oldest first; each counts an attempt.

        Args:
            but: ids of what is being answered just now.
        """
        columns = incoming.c
        is_open = sa.and_(columns.channel == self._channel, columns.content.is_not(None))
        found = []
        with self._begin() as connection:
            query = sa.select(incoming).where(is_open).order_by(columns.id)
            rows = [row for row in connection.execute(query) if row.id not in but]
            for row in rows:
                content = self._safe.open(row.content)
                if content is None or row.attempts >= _MOST_ATTEMPTS:
                    logger.error("A message that came in has been given up.")
                    self._close(connection, row.id)
                    continue
                again = incoming.update().where(columns.id == row.id)
                connection.execute(again.values(attempts=row.attempts + 1))
                found.append(Noted(row.id, row.conversation, Incoming(**content)))
        return found

    def end(self, ids: Collection[int]) -> None:
        """Ends messages that get no answer."""
        ended = incoming.update().where(incoming.c.id.in_(ids))
        with self._begin() as connection:
            connection.execute(ended.values(content=None))

    def answer(
        self,
        noted: Noted,
        messages: Sequence[dict[str, Any]],
        urgent: bool = False,
        **known: Any,
    ) -> list[Post]:
        """Ends a message: what is to be sent takes its place.

        Args:
            noted: what is answered.
            messages: what the channel's `render` made.
            urgent: whether they wait for nothing that is still to be sent.
            known: columns of the contact that change, in plain.

        Returns:
            What is to be sent now.
        """
        now = time.time()
        with self._begin() as connection:
            self._close(connection, noted.id)
            self._know(connection, noted.conversation, {**known, "seen_at": now})
            row = {
                "channel": self._channel,
                "conversation": noted.conversation,
                "created_at": now,
                "due_at": now,
                "attempts": 0,
                "urgent": urgent,
            }
            posts = []
            for message in messages:
                address = noted.incoming.address
                content = self._safe.seal({"address": address, "message": message})
                added = connection.execute(outgoing.insert().values(**row, content=content))
                id = added.inserted_primary_key[0]
                posts.append(Post(id, noted.conversation, address, message, 0, now))
        return posts

    def due(self, limit: int) -> list[Post]:
        """What is to be sent now: of each conversation the first, and what is urgent."""
        columns = outgoing.c
        first = (
            sa.select(sa.func.min(columns.id))
            .where(columns.channel == self._channel)
            .group_by(columns.conversation)
        )
        query = sa.select(outgoing).where(
            columns.channel == self._channel,
            columns.due_at <= time.time(),
            sa.or_(columns.urgent, columns.id.in_(first)),
        )
        with self._reading() as connection:
            rows = connection.execute(query.order_by(columns.id).limit(limit)).all()
        posts = {row.id: self._post(row) for row in rows}
        for id in [id for id, post in posts.items() if post is None]:
            logger.error("A message could not be decrypted and was not sent.")
            self.sent(id)
        return [post for post in posts.values() if post is not None]

    def next_due(self) -> float | None:
        """When the next try of what waits is due; None when nothing waits."""
        query = sa.select(sa.func.min(outgoing.c.due_at))
        with self._reading() as connection:
            due: float | None = connection.execute(
                query.where(outgoing.c.channel == self._channel)
            ).scalar()
        return due

    def sent(self, id: int) -> None:
        """Deletes a post that has been sent, or has been given up."""
        with self._begin() as connection:
            connection.execute(outgoing.delete().where(outgoing.c.id == id))

    def try_again(self, post: Post, due_at: float) -> None:
        """Notes that something could not be sent, and when to try again."""
        later = {"due_at": due_at, "attempts": post.attempts + 1}
        with self._begin() as connection:
            connection.execute(outgoing.update().where(outgoing.c.id == post.id).values(later))

    def contact(self, conversation: str) -> Contact:
        """What is known of a conversation."""
        query = sa.select(contact).where(contact.c.conversation == conversation)
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return Contact()
        later = tuple(self._safe.open(row.later) or ()) if row.later else ()
        return Contact(row.seen_at, row.told_at, row.stopped_at, later)

    def unrecorded(self) -> dict[str, str]:
        """Numbers whose STOP the ledger of consents does not have yet, by conversation."""
        query = sa.select(contact.c.conversation, contact.c.unrecorded)
        with self._reading() as connection:
            rows = connection.execute(query.where(contact.c.unrecorded.is_not(None))).all()
        return {row.conversation: self._safe.open(row.unrecorded) for row in rows}

    def recorded(self, conversation: str) -> None:
        """Notes that the ledger has it; the number goes."""
        with self._begin() as connection:
            self._know(connection, conversation, {"unrecorded": None})

    def purge(self, retention: timedelta, contacts: timedelta) -> int:
        """Deletes what is past its time.

        Args:
            retention: of what could not be answered or sent.
            contacts: of what is known of a conversation, after its last message. That a
                person wants no messages is kept for good.

        Returns:
            How many messages were given up.
        """
        now = time.time()
        columns = incoming.c
        old = columns.received_at < now - retention.total_seconds()
        unsent = outgoing.c.created_at < now - retention.total_seconds()
        ended = columns.received_at < now - _EVENTS_KEPT.total_seconds()
        unseen = contact.c.seen_at < now - contacts.total_seconds()
        with self._begin() as connection:
            unanswered = incoming.update().where(old, columns.content.is_not(None))
            given_up = connection.execute(unanswered.values(content=None)).rowcount
            given_up += connection.execute(outgoing.delete().where(unsent)).rowcount
            connection.execute(incoming.delete().where(ended))
            connection.execute(contact.delete().where(unseen, contact.c.stopped_at.is_(None)))
        return int(given_up)

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _note(self, connection: Connection, message: Incoming) -> Noted | None:
        event = self._safe.name("event", message.event_id)
        columns = incoming.c
        query = sa.select(incoming).where(columns.channel == self._channel, columns.event == event)
        conversation = self.conversation(message.person)
        known = connection.execute(query).first()
        if known is not None:
            return Noted(known.id, conversation, message) if known.content is not None else None
        row = {
            "channel": self._channel,
            "event": event,
            "conversation": conversation,
            "received_at": time.time(),
            "attempts": 1,
            "content": self._safe.seal(message.as_dict()),
        }
        id = connection.execute(incoming.insert().values(row)).inserted_primary_key[0]
        return Noted(id, conversation, message)

    def _close(self, connection: Connection, id: int) -> None:
        connection.execute(incoming.update().where(incoming.c.id == id).values(content=None))

    def _know(self, connection: Connection, conversation: str, known: dict[str, Any]) -> None:
        for name in _SEALED & set(known):
            known = {**known, name: self._safe.seal(known[name]) if known[name] else None}
        change = contact.update().where(contact.c.conversation == conversation).values(known)
        if not connection.execute(change).rowcount:
            connection.execute(contact.insert().values(conversation=conversation, **known))

    def _post(self, row: Row) -> Post | None:
        content = self._safe.open(row.content)
        if content is None:
            return None
        return Post(
            row.id, row.conversation, **content, attempts=row.attempts, created_at=row.created_at
        )

    def _begin(self) -> Any:
        return self._ready().begin()

    def _reading(self) -> Any:
        return reading(self._ready()).begin()

    def _ready(self) -> Engine:
        # Not at the start: a database that is away then must not keep the server down.
        if not self._made:
            metadata.create_all(self._engine)
            self._made = True
        return self._engine
