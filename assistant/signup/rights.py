"""Taking consent back, and deleting; in transactions of the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection, Row

from assistant.signup.ledger import ERASED, EXPIRED, WHOLE, WITHDRAWN, Entry, Ledger
from assistant.signup.outbox import ERASURE, WITHDRAWAL, Outbox
from assistant.signup.rows import SignupRows


@dataclass(frozen=True)
class Rights:
    """Carries out what a person, or the schedule, demands.

    Attributes:
        ledger, rows, outbox: what is written to.
        build: which build of the software does it.
    """

    ledger: Ledger
    rows: SignupRows
    outbox: Outbox
    build: str

    def withdraw(
        self, connection: Connection, subject: str, purposes: Sequence[str] | None, channel: str
    ) -> int:
        """Takes consent back.

        Args:
            connection: in a transaction.
            subject: the person's pseudonym.
            purposes: which; None for all.
            channel: where the person said so.

        Returns:
            The number of purposes.
        """
        self.ledger.lock(connection)
        held = {
            key: entry
            for key, entry in self.ledger.granted(connection, subject).items()
            if purposes is None or entry.purpose in purposes
        }
        self._record(connection, held.values(), channel)
        for sign_up in self.rows.of_subject(connection, subject):
            withdrawn = {purpose for id, purpose in held if id == sign_up.id}
            self._stop(connection, sign_up, withdrawn)
        return len({purpose for _, purpose in held})

    def withdraw_at(self, connection: Connection, digest: str, purpose: str, channel: str) -> int:
        """Takes the consent to one purpose back for all who gave an address or number.

        Args:
            connection: in a transaction.
            digest: of the address or number.
            purpose: which.
            channel: where its owner said so.

        Returns:
            For how many people it was withdrawn.
        """
        subjects = self.rows.subjects_at(connection, digest)
        return sum(self.withdraw(connection, each, [purpose], channel) for each in subjects)

    def erase(self, connection: Connection, subject: str, channel: str) -> list[Row]:
        """Deletes all sign-ups of a person at their request.

        Nothing is sent to their addresses and numbers any more.

        Returns:
            The deleted ones.
        """
        self.ledger.lock(connection)
        sign_ups = self.rows.of_subject(connection, subject)
        if sign_ups:
            self._record(connection, self.ledger.granted(connection, subject).values(), channel)
        for sign_up in sign_ups:
            self.rows.suppress(connection, sign_up.contact_digest)
        self._delete(connection, sign_ups, ERASED, channel)
        return sign_ups

    def expire(self, connection: Connection, sign_ups: Sequence[Row]) -> None:
        """Deletes sign-ups that are past their time."""
        self._delete(connection, sign_ups, EXPIRED, "schedule")

    def _record(self, connection: Connection, held: Iterable[Entry], channel: str) -> None:
        entries = [entry.followed_by(WITHDRAWN, channel, self.build) for entry in held]
        self.ledger.append(connection, entries)

    def _stop(self, connection: Connection, sign_up: Row, withdrawn: set[str]) -> None:
        if not withdrawn:
            return
        told = self.outbox.was_told(connection, sign_up.id)
        if withdrawn & {"contact", sign_up.contact_method}:
            self.outbox.cancel(connection, sign_up.id, WITHDRAWN)
        if told:
            self.outbox.tell_staff(connection, sign_up.reference, WITHDRAWAL, sign_up.id)

    def _delete(
        self, connection: Connection, sign_ups: Sequence[Row], answer: str, channel: str
    ) -> None:
        entries = []
        for sign_up in sign_ups:
            first = self._first_entry(connection, sign_up)
            entries.append(first.followed_by(answer, channel, self.build, WHOLE))
            if self.outbox.was_told(connection, sign_up.id):
                # Staff have to delete what they noted elsewhere, too.
                self.outbox.tell_staff(connection, sign_up.reference, ERASURE, None)
        self.ledger.append(connection, entries)
        self.rows.delete(connection, [sign_up.id for sign_up in sign_ups])

    def _first_entry(self, connection: Connection, sign_up: Row) -> Entry:
        records = self.ledger.of_subject(connection, sign_up.subject)
        return next(Entry.of(row) for row in records if row.position == sign_up.contact_record)
