"""What is to be sent, as rows: written with what it tells of, sent later, never lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.settings import Settings
from assistant.signup.keys import Keys
from assistant.signup.tables import now, outbox_message

# To the person; and to staff.
CONFIRMATION = "confirmation"
SIGN_UP, WITHDRAWAL, ERASURE = "sign_up", "withdrawal", "erasure"
EVENTS = (CONFIRMATION, SIGN_UP, WITHDRAWAL, ERASURE)
MAIL, WEBHOOK = "mail", "webhook"
WAYS = (MAIL, WEBHOOK)

DELIVERED = "delivered"
# Longer than sending can take, so that no second worker sends the same meanwhile.
LEASE = timedelta(minutes=3)


@dataclass(frozen=True)
class Outbox:
    """The rows, in transactions of the caller's.

    Attributes:
        keys: encrypt the token of a confirmation until it is sent.
        staff_ways: how staff are told.
    """

    keys: Keys
    staff_ways: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings, keys: Keys) -> Outbox:
        """The outbox of a deployment. What has no way yet waits as an email."""
        webhook = (WEBHOOK,) if settings.notice_webhook_url else ()
        mail = (MAIL,) if settings.staff_email or not webhook else ()
        return cls(keys, mail + webhook)

    def ask_for_confirmation(self, connection: Connection, sign_up: Row, token: str) -> None:
        """Sends the link of the confirmation to the person."""
        id = secrets.token_hex(16)
        encrypted = self.keys.encrypt(token, f"{id}.token")
        self._add(connection, id, sign_up.id, sign_up.reference, CONFIRMATION, MAIL, encrypted)

    def tell_staff(
        self, connection: Connection, reference: str, event: str, sign_up: str | None
    ) -> None:
        """Tells staff of an event.

        Args:
            connection: in a transaction.
            reference: of the sign-up.
            event: `SIGN_UP`, `WITHDRAWAL` or `ERASURE`.
            sign_up: its id; None when it is gone.
        """
        for way in self.staff_ways:
            self._add(connection, secrets.token_hex(16), sign_up, reference, event, way, None)

    def was_told(self, connection: Connection, sign_up: str) -> bool:
        """Whether staff know of a sign-up, or may know of it."""
        columns = outbox_message.c
        query = sa.select(columns.id).where(
            columns.sign_up == sign_up,
            columns.event == SIGN_UP,
            sa.or_(columns.attempts > 0, columns.outcome == DELIVERED),
        )
        return connection.execute(query.limit(1)).first() is not None

    def cancel(self, connection: Connection, sign_up: str, outcome: str) -> None:
        """Ends all that is still to be sent of a sign-up."""
        columns = outbox_message.c
        pending = sa.and_(columns.sign_up == sign_up, columns.ended_at.is_(None))
        change = outbox_message.update().where(pending)
        connection.execute(change.values(ended_at=now(), outcome=outcome, token=None))

    def revive(self, connection: Connection, sign_up: str, outcome: str) -> int:
        """Sends to staff after all what ended for a reason; returns how many messages."""
        columns = outbox_message.c
        change = outbox_message.update().where(
            columns.sign_up == sign_up, columns.outcome == outcome, columns.event != CONFIRMATION
        )
        new = {"ended_at": None, "outcome": None, "due_at": now(), "leased_until": None}
        return int(connection.execute(change.values(new)).rowcount)

    def lease(
        self, connection: Connection, pairs: Iterable[tuple[str, str]], limit: int
    ) -> list[Row]:
        """Takes messages that are due, for as long as `LEASE`.

        Args:
            connection: in a transaction.
            pairs: event and way of what can be sent at present.
            limit: how many at the most.
        """
        columns = outbox_message.c
        found = connection.execute(
            self._due(pairs).order_by(columns.due_at).limit(limit).with_for_update(skip_locked=True)
        ).all()
        ids = [row.id for row in found]
        lease = {
            "lease": secrets.token_hex(16),
            "leased_until": now() + LEASE,
            "attempts": columns.attempts + 1,
        }
        connection.execute(outbox_message.update().where(columns.id.in_(ids)).values(lease))
        query = sa.select(outbox_message).where(columns.id.in_(ids))
        return list(connection.execute(query.order_by(columns.due_at)))

    def has_due(self, connection: Connection, pairs: Iterable[tuple[str, str]]) -> bool:
        """Whether there is something to take."""
        return connection.execute(self._due(pairs).limit(1)).first() is not None

    def end(self, connection: Connection, id: str, outcome: str) -> None:
        """Notes that a message is done with; also when its lease is over by now."""
        change = outbox_message.update().where(outbox_message.c.id == id)
        ended = {"ended_at": now(), "outcome": outcome, "token": None, "lease": None}
        connection.execute(change.values(ended))

    def try_again(self, connection: Connection, message: Row, due_at: datetime) -> None:
        """Notes that a message could not be sent and when to try again."""
        columns = outbox_message.c
        change = outbox_message.update().where(
            columns.id == message.id, columns.lease == message.lease
        )
        connection.execute(change.values(due_at=due_at, lease=None, leased_until=None))

    def forget_ended(self, connection: Connection, before: datetime) -> None:
        """Deletes messages that were done with before a time."""
        old = outbox_message.c.ended_at < before
        connection.execute(outbox_message.delete().where(old))

    def token(self, message: Row) -> str:
        """The token of a confirmation that was not sent yet.

        Raises:
            SettingsError: none of the keys encrypted it.
        """
        return self.keys.decrypt(message.token, f"{message.id}.token")

    def all(self, connection: Connection, sign_ups: Sequence[str] | None = None) -> list[Row]:
        """All messages, of some sign-ups only where given; the oldest first."""
        query = sa.select(outbox_message).order_by(outbox_message.c.created_at)
        if sign_ups is not None:
            query = query.where(outbox_message.c.sign_up.in_(sign_ups))
        return list(connection.execute(query))

    def _due(self, pairs: Iterable[tuple[str, str]]) -> sa.sql.Select:
        columns, time = outbox_message.c, now()
        kinds = [sa.and_(columns.event == event, columns.way == way) for event, way in pairs]
        return sa.select(columns.id).where(
            columns.ended_at.is_(None),
            columns.due_at <= time,
            sa.or_(columns.leased_until.is_(None), columns.leased_until < time),
            sa.or_(sa.false(), *kinds),
        )

    def _add(
        self,
        connection: Connection,
        id: str,
        sign_up: str | None,
        reference: str,
        event: str,
        way: str,
        token: bytes | None,
    ) -> None:
        row = {"id": id, "sign_up": sign_up, "reference": reference, "event": event, "way": way}
        time = now()
        times = {"created_at": time, "due_at": time, "attempts": 0}
        connection.execute(outbox_message.insert(), {**row, **times, "token": token})
