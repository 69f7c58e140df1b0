"""Keeps content gaps, until they are erased or too old."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.engine import Connection

from assistant.database import open_recording_engine, reading
from assistant.gaps.model import Gap, Missed
from assistant.gaps.tables import define_tables
from assistant.gaps.votes import SectionVotes, Vote, add_to_row, cast_vote, read_votes
from assistant.settings import Settings

# Whatever is asked, one conversation is no more than this many gaps: a program that
# writes nonsense all day must not fill the disk.
_MAX_PER_CONVERSATION = 50


class GapStore:
    """The store of a deployment.

    Every method blocks for a few seconds at the most, and raises
    `sqlalchemy.exc.SQLAlchemyError` when the database cannot be reached or refuses;
    a write is then not made at all.
    """

    def __init__(self, settings: Settings) -> None:
        """Opens the database and makes its tables where they are missing.

        Raises:
            SettingsError: a key is missing or malformed.
            OSError: the state folder cannot be made.
            sqlalchemy.exc.SQLAlchemyError: the database cannot be reached.
        """
        if not settings.database_url:
            settings.state_dir.mkdir(parents=True, exist_ok=True)
        self._secret = settings.signing_secret().encode()
        self._keep = timedelta(days=settings.gaps_retention_days)
        self._session = timedelta(hours=settings.session_hours)
        self._tables = define_tables()
        self._cipher = settings.cipher()
        self._engine = open_recording_engine(settings.gaps_url)
        self._reader = reading(self._engine)
        self._tables.metadata.create_all(self._engine)

    def add(self, conversation_id: str, channel: str, text: str, missed: Missed) -> None:
        """Keeps a gap of today; nothing of a conversation that was erased.

        Args:
            conversation_id: whose it is.
            channel: where it was asked.
            text: redacted.
            missed: what is known of it.
        """
        name = self._name(conversation_id)
        gaps = self._tables.gaps
        row = {
            "kind": missed.kind,
            "day": date.today().isoformat(),
            "channel": channel,
            "conversation": name,
            "content": self._sealed(text, missed),
        }
        with self._writing() as connection:
            if missed.kind == "out_of_scope":
                self._count(connection, row)
            elif not self._is_forgotten(connection, name) and not self._is_full(connection, name):
                connection.execute(gaps.insert(), row)

    def forget(self, conversation_id: str) -> None:
        """Erases what is kept of a conversation, and keeps nothing of it from now on.

        Counts stay: they say nothing of anybody.
        """
        name = self._name(conversation_id)
        gaps, votes, forgotten = self._tables.gaps, self._tables.votes, self._tables.forgotten
        with self._writing() as connection:
            connection.execute(forgotten.delete().where(forgotten.c.conversation == name))
            connection.execute(
                forgotten.insert(), {"conversation": name, "forgotten_at": time.time()}
            )
            connection.execute(gaps.delete().where(gaps.c.conversation == name))
            connection.execute(votes.delete().where(votes.c.conversation == name))

    def vote(
        self, conversation_id: str, answer_id: str, sections: Sequence[str], helpful: bool
    ) -> None:
        """Counts a vote on an answer for its sections; the latest of a conversation holds.

        Args:
            conversation_id: who votes.
            answer_id: what on.
            sections: keys of the sections that the answer quoted.
            helpful: whether it was.
        """
        name = self._name(conversation_id)
        answer = self._name(f"{conversation_id}\0{answer_id}")
        with self._writing() as connection:
            if self._is_forgotten(connection, name):
                return
            cast_vote(connection, self._tables, Vote(name, answer, helpful), sections)

    def gaps(self) -> list[Gap]:
        """All gaps that are kept, oldest first; without a text those of a key that is gone."""
        gaps = self._tables.gaps
        query = sa.select(gaps).where(gaps.c.day >= self._oldest()).order_by(gaps.c.id)
        with self._reader.begin() as connection:
            return [self._gap(row) for row in connection.execute(query)]

    def out_of_scope(self) -> int:
        """How many messages were of another field altogether."""
        counts = self._tables.counts
        with self._reader.begin() as connection:
            return int(connection.execute(sa.select(sa.func.sum(counts.c.messages))).scalar() or 0)

    def votes(self) -> list[SectionVotes]:
        """The votes on each section, most unhelpful ones first."""
        with self._reader.begin() as connection:
            return read_votes(connection, self._tables)

    def purge(self) -> int:
        """Deletes what is older than it may be; returns how many gaps that were."""
        tables, now = self._tables, time.time()
        ended = now - self._session.total_seconds()
        oldest = self._oldest()
        with self._writing() as connection:
            deleted = connection.execute(tables.gaps.delete().where(tables.gaps.c.day < oldest))
            for counted in (tables.counts, tables.feedback):
                connection.execute(counted.delete().where(counted.c.day < oldest))
            votes, forgotten = tables.votes, tables.forgotten
            connection.execute(votes.delete().where(votes.c.voted_at < ended))
            # No shorter than a token lives: until then the conversation could go on.
            connection.execute(forgotten.delete().where(forgotten.c.forgotten_at < ended))
            return int(deleted.rowcount)

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _sealed(self, text: str, missed: Missed) -> bytes:
        content = {"text": text, "topics": missed.topics, "sections": missed.sections}
        return self._cipher.encrypt(json.dumps(content).encode())

    def _gap(self, row: Any) -> Gap:
        try:
            content = json.loads(self._cipher.decrypt(bytes(row.content)))
        except InvalidToken:
            # Of a key that is not among DATA_KEYS any more: it still counts.
            content = {"text": "", "topics": [], "sections": []}
        return Gap(
            row.kind,
            date.fromisoformat(row.day),
            row.channel,
            row.conversation,
            content["text"],
            tuple(content["topics"]),
            tuple(content["sections"]),
        )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction beside which no other writes: what is erased must not come back."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE content_gap IN SHARE ROW EXCLUSIVE MODE")
            yield connection

    def _oldest(self) -> str:
        return (date.today() - self._keep).isoformat()

    def _name(self, conversation_id: str) -> str:
        # Another one than the store of conversations has: the two cannot be joined.
        message = f"content gap\0{conversation_id}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def _is_forgotten(self, connection: Connection, name: str) -> bool:
        forgotten = self._tables.forgotten.c
        query = sa.select(forgotten.forgotten_at).where(forgotten.conversation == name)
        return connection.execute(query).first() is not None

    def _is_full(self, connection: Connection, name: str) -> bool:
        gaps = self._tables.gaps.c
        query = sa.select(sa.func.count()).where(gaps.conversation == name)
        return int(connection.execute(query).scalar() or 0) >= _MAX_PER_CONVERSATION

    def _count(self, connection: Connection, row: dict[str, Any]) -> None:
        counts = self._tables.counts
        key = {name: row[name] for name in ("day", "kind", "channel")}
        add_to_row(connection, counts, key, {"messages": 1})


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[GapStore]:
    """The store, closed afterwards: for what is done now and then.

    Raises:
        As `GapStore`.
    """
    store = GapStore(settings)
    try:
        yield store
    finally:
        store.close()


def forget(conversation_id: str, settings: Settings) -> None:
    """Erases what is kept of a conversation, and keeps nothing of it from now on.

    Raises:
        As `GapStore`.
    """
    with opened(settings) as store:
        store.forget(conversation_id)


def purge(settings: Settings) -> int:
    """Deletes what is older than it may be; returns how many gaps that were.

    Raises:
        As `GapStore`.
    """
    with opened(settings) as store:
        return store.purge()
