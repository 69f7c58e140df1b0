"""Everything that a sign-up is kept in, opened once and shared."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import SQLAlchemyError

from assistant.build import build_name
from assistant.database import open_recording_engine, reading
from assistant.errors import StoreUnavailableError
from assistant.settings import Settings
from assistant.signup.keys import Keys
from assistant.signup.ledger import ENTRY_FIELDS, Ledger
from assistant.signup.migrating import upgrade
from assistant.signup.outbox import Outbox
from assistant.signup.rights import Rights
from assistant.signup.rows import SignupRows
from assistant.signup.tables import moment_text, now, shown_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Store:
    """The database of sign-ups, and who knows how to write what into it.

    Attributes:
        engine: reaches the database.
        keys: names and encrypts.
        build: which build of the software this is.
        ledger, rows, outbox, rights: write and read, in a transaction.
        kept, kept_unconfirmed: how long a sign-up is kept, and one whose email
            address nobody confirmed.
    """

    engine: Engine
    keys: Keys
    build: str
    ledger: Ledger
    rows: SignupRows
    outbox: Outbox
    rights: Rights
    kept: timedelta
    kept_unconfirmed: timedelta

    @classmethod
    def open(cls, settings: Settings, trust_ledger: bool = False) -> Store:
        """Opens the database and brings its tables up to date.

        Args:
            settings: where it is, and its secrets.
            trust_ledger: opens it even when its head was changed, to find out more.

        Raises:
            SettingsError: a secret is missing or malformed.
            StoreUnavailableError: the database cannot be reached, or its ledger is
                not one of these secrets.
        """
        keys = Keys.of(settings)
        if not settings.database_url:
            _make_private_file(settings)
        ledger, rows = Ledger(keys), SignupRows(keys)
        outbox, build = Outbox.of(settings, keys), build_name(settings)
        engine = open_recording_engine(settings.signups_url)
        rights = Rights(ledger, rows, outbox, build)
        kept = timedelta(days=settings.signup_retention_days)
        unconfirmed = timedelta(days=settings.signup_unconfirmed_days)
        store = cls(engine, keys, build, ledger, rows, outbox, rights, kept, unconfirmed)
        with _telling_plainly():
            upgrade(engine, ledger.begin)
        if not trust_ledger:
            with store.writing() as connection:
                ledger.lock(connection)
        return store

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it, or nothing.

        Raises:
            StoreUnavailableError: nothing was changed.
        """
        with _telling_plainly(), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads, and waits for no writer.

        Raises:
            StoreUnavailableError: the database cannot be reached.
        """
        with _telling_plainly(), reading(self.engine).begin() as connection:
            yield connection

    def export(self, connection: Connection, subject: str) -> dict[str, Any]:
        """All that is stored of a person; {} when it is nothing.

        Raises:
            SettingsError: it is encrypted with none of DATA_KEYS.
        """
        sign_ups = self.rows.of_subject(connection, subject)
        records = self.ledger.of_subject(connection, subject)
        if not sign_ups and not records:
            return {}
        messages = self.outbox.all(connection, [row.id for row in sign_ups])
        texts = dict(connection.execute(sa.select(shown_text.c.sha256, shown_text.c.text)).all())
        return {
            "subject": subject,
            "sign_ups": [self.rows.as_dict(row) for row in sign_ups],
            "consents": [_consent(row, texts) for row in records],
            "messages": [_message(row) for row in messages],
        }

    def purge(self) -> int:
        """Deletes the sign-ups that are past their time.

        Returns:
            How many.

        Raises:
            StoreUnavailableError: nothing was deleted.
        """
        with self.writing() as connection:
            self.ledger.lock(connection)
            outdated = self.rows.outdated(connection, self.kept, self.kept_unconfirmed)
            self.rights.expire(connection, outdated)
            self.outbox.forget_ended(connection, now() - self.kept)
        if outdated:
            self.forget_traces()
        return len(outdated)

    def forget_traces(self) -> None:
        """Takes what was deleted out of SQLite's journal, too; a failure is only logged."""
        if self.engine.dialect.name != "sqlite":
            return
        try:
            with contextlib.closing(self.engine.raw_connection()) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except SQLAlchemyError as error:
            logger.warning("The journal could not be emptied: %s.", type(error).__name__)

    def close(self) -> None:
        """Closes all connections to the database."""
        self.engine.dispose()


@contextlib.contextmanager
def _telling_plainly() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # The kind alone: the text of an error can hold values.
        logger.error("The store of sign-ups failed: %s.", type(error).__name__)
        raise StoreUnavailableError("The store of sign-ups cannot be reached now.") from None


def _make_private_file(settings: Settings) -> None:
    path = settings.state_dir / "signups.db"
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        # SQLite gives its journal the same permissions.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailableError(f"Cannot write {path}: {error.strerror}.") from None


def _consent(row: Row, texts: dict[str, str]) -> dict[str, Any]:
    names = ("position", *ENTRY_FIELDS, "recorded_at", "hash")
    shown = {name: row._mapping[name] for name in names if name not in ("subject", "sign_up")}
    return {**shown, "text": texts.get(row.text_sha256)}


def _message(row: Row) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "event": row.event,
        "way": row.way,
        "created_at": moment_text(row.created_at),
        "ended_at": row.ended_at and moment_text(row.ended_at),
        "outcome": row.outcome,
    }
