"""The rows of sign-ups and of what goes with them, in transactions of the caller's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.signup.application import Application
from assistant.signup.keys import Keys
from assistant.signup.ledger import GRANTED
from assistant.signup.tables import (
    confirmation_token,
    moment_text,
    now,
    outbox_message,
    shown_text,
    sign_up,
    suppressed_contact,
)

TOKEN_LIFE = timedelta(hours=24)
# No vowels, so that no words come about, and nothing that sounds or looks like another.
_REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRTVWXZ"
# What is stored of an application as it is.
_PLAIN = ("contact_method", "for_whom", "language", "channel", "terms_version")


@dataclass(frozen=True)
class SignupRows:
    """Writes and reads the rows of sign-ups, encrypting what is personal."""

    keys: Keys

    def insert(
        self,
        connection: Connection,
        application: Application,
        content: str,
        records: dict[str, int],
    ) -> Row:
        """Stores a sign-up.

        Args:
            connection: in a transaction.
            application: checked.
            content: digest of it.
            records: positions of its consents in the ledger, by purpose.
        """
        id = self.keys.signup(application.submission_id)
        row = {
            "id": id,
            "reference": self._fresh_reference(connection),
            "content": content,
            "contact_record": records["contact"],
            "contact_purpose": "contact",
            "way_record": records[application.contact_method],
            "consent_answer": GRANTED,
            "created_at": now(),
        }
        connection.execute(sign_up.insert(), {**row, **self._of_application(id, application)})
        return connection.execute(sa.select(sign_up).where(sign_up.c.id == id)).one()

    def find(self, connection: Connection, id: str) -> Row | None:
        """The sign-up with an id."""
        return connection.execute(sa.select(sign_up).where(sign_up.c.id == id)).first()

    def by_reference(self, connection: Connection, reference: str) -> Row | None:
        """The sign-up with a reference, however it is written."""
        letters = "".join(mark for mark in reference.upper() if mark.isalnum())
        wanted = f"{letters[:3]}-{letters[3:]}"
        return connection.execute(sa.select(sign_up).where(sign_up.c.reference == wanted)).first()

    def of_subject(self, connection: Connection, subject: str) -> list[Row]:
        """All sign-ups of a person, the latest one last."""
        query = sa.select(sign_up).where(sign_up.c.subject == subject)
        return list(connection.execute(query.order_by(sign_up.c.created_at, sign_up.c.id)))

    def subjects_at(self, connection: Connection, digest: str) -> list[str]:
        """The people whose sign-ups name an address or number."""
        query = sa.select(sign_up.c.subject).where(sign_up.c.contact_digest == digest)
        return list(connection.execute(query.distinct().order_by(sign_up.c.subject)).scalars())

    def outdated(
        self, connection: Connection, kept: timedelta, kept_unconfirmed: timedelta
    ) -> list[Row]:
        """The sign-ups that are past their time."""
        columns = sign_up.c
        unconfirmed = sa.and_(
            columns.contact_method == "email",
            columns.confirmed_at.is_(None),
            columns.created_at < now() - kept_unconfirmed,
        )
        query = sa.select(sign_up).where(sa.or_(columns.created_at < now() - kept, unconfirmed))
        return list(connection.execute(query))

    def delete(self, connection: Connection, ids: Sequence[str]) -> None:
        """Deletes sign-ups, with their tokens and whatever was still to be sent."""
        for table in (outbox_message, confirmation_token):
            connection.execute(table.delete().where(table.c.sign_up.in_(ids)))
        connection.execute(sign_up.delete().where(sign_up.c.id.in_(ids)))

    def name_and_contact(self, row: Row) -> tuple[str, str]:
        """What is encrypted of a sign-up.

        Raises:
            SettingsError: none of the keys encrypted it.
        """
        name = self.keys.decrypt(row.name, f"{row.id}.name")
        return name, self.keys.decrypt(row.contact, f"{row.id}.contact")

    def as_dict(self, row: Row) -> dict[str, Any]:
        """All that a sign-up says of a person.

        Raises:
            SettingsError: none of the keys encrypted it.
        """
        name, contact = self.name_and_contact(row)
        confirmed = row.confirmed_at and moment_text(row.confirmed_at)
        return {
            "reference": row.reference,
            **{column: row._mapping[column] for column in _PLAIN},
            "name": name,
            "contact": contact,
            "created_at": moment_text(row.created_at),
            "confirmed_at": confirmed,
        }

    def fresh_token(self, connection: Connection, id: str) -> str:
        """Makes the token of a confirmation; only a digest of it is stored."""
        token = secrets.token_urlsafe(32)
        row = {"digest": self.keys.token(token), "sign_up": id, "expires_at": now() + TOKEN_LIFE}
        connection.execute(confirmation_token.insert(), row)
        return token

    def suppress(self, connection: Connection, digest: str) -> None:
        """Notes that nothing is to be sent to an address or number any more."""
        if not self.is_suppressed(connection, digest):
            row = {"digest": digest, "suppressed_at": now()}
            connection.execute(suppressed_contact.insert(), row)

    def is_suppressed(self, connection: Connection, digest: str) -> bool:
        """Whether nothing is to be sent to an address or number."""
        listed = suppressed_contact.c.digest
        return connection.execute(sa.select(listed).where(listed == digest)).first() is not None

    def count_recent(self, connection: Connection, digest: str, since: datetime) -> int:
        """How many sign-ups named an address or number since a time."""
        columns = sign_up.c
        query = sa.select(sa.func.count()).where(
            columns.contact_digest == digest, columns.created_at > since
        )
        return int(connection.execute(query).scalar() or 0)

    def keep_texts(self, connection: Connection, texts: dict[str, str]) -> None:
        """Keeps the exact texts that were shown, by their hash."""
        known = connection.execute(
            sa.select(shown_text.c.sha256).where(shown_text.c.sha256.in_(list(texts)))
        ).scalars()
        missing = set(texts) - set(known)
        if missing:
            rows = [{"sha256": digest, "text": texts[digest]} for digest in sorted(missing)]
            connection.execute(shown_text.insert(), rows)

    def _of_application(self, id: str, application: Application) -> dict[str, Any]:
        return {
            **{name: getattr(application, name) for name in _PLAIN},
            "subject": self.keys.subject(application.conversation_id),
            "name": self.keys.encrypt(application.name, f"{id}.name"),
            "contact": self.keys.encrypt(application.contact, f"{id}.contact"),
            "contact_digest": self.keys.contact(application.contact),
        }

    def _fresh_reference(self, connection: Connection) -> str:
        while True:
            letters = [secrets.choice(_REFERENCE_LETTERS) for _ in range(6)]
            reference = f"{''.join(letters[:3])}-{''.join(letters[3:])}"
            if self.by_reference(connection, reference) is None:
                return reference
