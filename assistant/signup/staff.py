"""What staff can do with sign-ups. Every look at contact data is itself noted."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import AssistantError
from assistant.signup.packing import SUPPRESSED
from assistant.signup.store import Store
from assistant.signup.tables import (
    access_record,
    moment_text,
    now,
    outbox_message,
    sign_up,
    suppressed_contact,
)
from assistant.signup.verifying import Verdict, verify

_CHANNEL = "staff"


@dataclass(frozen=True)
class Staff:
    """The sign-ups, for one person of the staff.

    Every method raises `StoreUnavailableError` when the database cannot be reached,
    and `SettingsError` when data is encrypted with none of DATA_KEYS.

    Attributes:
        store: an open one.
        user: who looks, as the operating system knows them.
    """

    store: Store
    user: str

    def sign_ups(self) -> list[dict[str, Any]]:
        """All sign-ups, the oldest first, without contact data."""
        with self.store.reading() as connection:
            rows = connection.execute(sa.select(sign_up).order_by(sign_up.c.created_at)).all()
            return [self._summary(connection, row) for row in rows]

    def show(self, reference: str) -> dict[str, Any]:
        """One sign-up with its contact data; noted.

        Raises:
            AssistantError: there is none with this reference.
        """
        with self.store.writing() as connection:
            row = self._find(connection, reference)
            self._note(connection, "show", row.reference)
            summary = self._summary(connection, row)
            return {**self.store.rows.as_dict(row), **summary}

    def export(self, reference: str) -> dict[str, Any]:
        """All that is stored of the person of a sign-up; noted.

        Raises:
            AssistantError: there is none with this reference.
        """
        with self.store.writing() as connection:
            row = self._find(connection, reference)
            self._note(connection, "export", row.reference)
            return self.store.export(connection, row.subject)

    def erase(self, reference: str) -> dict[str, Any]:
        """Deletes all sign-ups of the person of one, at their request; noted.

        Returns:
            The references deleted, and those of other people with the same address
            or number, who may be the same person.

        Raises:
            AssistantError: there is none with this reference.
        """
        with self.store.writing() as connection:
            row = self._find(connection, reference)
            self._note(connection, "erase", row.reference)
            erased = self.store.rights.erase(connection, row.subject, _CHANNEL)
            digests = {one.contact_digest for one in erased}
            others = sa.select(sign_up.c.reference).where(sign_up.c.contact_digest.in_(digests))
            same_contact = list(connection.execute(others).scalars())
        self.store.forget_traces()
        return {"erased": [one.reference for one in erased], "same_contact": same_contact}

    def allow(self, reference: str) -> int:
        """Lifts the silence of an address or number whose owner wants to be contacted; noted.

        Returns:
            How many messages are sent after all.

        Raises:
            AssistantError: there is none with this reference.
        """
        with self.store.writing() as connection:
            row = self._find(connection, reference)
            self._note(connection, "allow", row.reference)
            listed = suppressed_contact.c.digest == row.contact_digest
            connection.execute(suppressed_contact.delete().where(listed))
            if row.contact_method == "email" and row.confirmed_at is None:
                # The link of the confirmation that was held back is gone.
                token = self.store.rows.fresh_token(connection, row.id)
                self.store.outbox.ask_for_confirmation(connection, row, token)
                return 1
            return self.store.outbox.revive(connection, row.id, SUPPRESSED)

    def purge(self) -> int:
        """Deletes sign-ups that are past their time; returns how many."""
        return self.store.purge()

    def rotate(self) -> int:
        """Encrypts everything with the first of DATA_KEYS; returns how many sign-ups."""
        rotate = self.store.keys.rotate
        with self.store.writing() as connection:
            rows = connection.execute(sa.select(sign_up).with_for_update()).all()
            for row in rows:
                new = {"name": rotate(row.name), "contact": rotate(row.contact)}
                connection.execute(sign_up.update().where(sign_up.c.id == row.id).values(new))
            for message in self.store.outbox.all(connection):
                if message.token is not None:
                    change = outbox_message.update().where(outbox_message.c.id == message.id)
                    connection.execute(change.values(token=rotate(message.token)))
        self.store.forget_traces()
        return len(rows)

    def messages(self) -> list[dict[str, Any]]:
        """All messages of the outbox, the oldest first."""
        with self.store.reading() as connection:
            return [_message(row) for row in self.store.outbox.all(connection)]

    def accesses(self) -> list[dict[str, Any]]:
        """Who looked at contact data, the latest last."""
        with self.store.reading() as connection:
            rows = connection.execute(sa.select(access_record).order_by(access_record.c.id)).all()
        names = ("seen_by", "action", "reference")
        return [
            {"seen_at": moment_text(row.seen_at), **{name: row._mapping[name] for name in names}}
            for row in rows
        ]

    def verify(self, noted_head: str | None = None) -> Verdict:
        """Looks at the whole consent ledger.

        Args:
            noted_head: what an earlier look gave, "RECORDS:HASH"; shows that nobody
                put an older copy of the ledger in its place.
        """
        with self.store.reading() as connection:
            return verify(connection, self.store.keys, noted_head)

    def _find(self, connection: Connection, reference: str) -> Row:
        row = self.store.rows.by_reference(connection, reference)
        if row is None:
            raise AssistantError("There is no sign-up with this reference.")
        return row

    def _note(self, connection: Connection, action: str, reference: str) -> None:
        row = {"seen_by": self.user, "action": action, "reference": reference, "seen_at": now()}
        connection.execute(access_record.insert(), row)

    def _summary(self, connection: Connection, row: Row) -> dict[str, Any]:
        granted = self.store.ledger.granted(connection, row.subject)
        consents = [purpose for id, purpose in granted if id == row.id]
        return {
            "reference": row.reference,
            "created_at": moment_text(row.created_at),
            "contact_method": row.contact_method,
            "for_whom": row.for_whom,
            "language": row.language,
            "state": self._state(connection, row, consents),
            "consents": consents,
        }

    def _state(self, connection: Connection, row: Row, consents: list[str]) -> str:
        if not {"contact", row.contact_method} <= set(consents):
            return "withdrawn"
        if self.store.rows.is_suppressed(connection, row.contact_digest):
            return "asked for silence"
        if row.contact_method == "email" and row.confirmed_at is None:
            return "not confirmed"
        return "to be contacted"


def current_user() -> str:
    """The user of the operating system, and who became that one by sudo."""
    user = pwd.getpwuid(os.getuid()).pw_name
    before = os.environ.get("SUDO_USER", "")
    return f"{before} as {user}"[:64] if before else user[:64]


def _message(row: Row) -> dict[str, Any]:
    ended = row.outcome and f"{row.outcome} {moment_text(row.ended_at)}"
    return {
        "id": row.id,
        "reference": row.reference,
        "event": row.event,
        "way": row.way,
        "created_at": moment_text(row.created_at),
        "attempts": row.attempts,
        "state": ended or f"due {moment_text(row.due_at)}",
    }
