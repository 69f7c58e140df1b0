"""The consent ledger: append-only, each record holding the hash of the one before.

The hashes show a change to anybody; the seals, which need RECORDS_SECRET, show which
record was changed even when somebody computed all hashes anew, and that the end is there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import LedgerError
from assistant.signup.keys import Keys
from assistant.signup.tables import consent_record, ledger_head, moment_text, now

FIRST_PREVIOUS = "0" * 64
GRANTED, REFUSED, WITHDRAWN, ERASED, EXPIRED = (
    *("granted", "refused", "withdrawn", "erased", "expired"),
)
# What is noted of a sign-up as a whole, not of one purpose.
WHOLE = "all"


@dataclass(frozen=True)
class Entry:
    """What a record says; the fields of ISO/IEC TS 27560 that apply here.

    Attributes:
        subject: the person's pseudonym.
        sign_up: id of the sign-up, a keyed hash.
        purpose: one of `terms.PURPOSES`, or `WHOLE`.
        answer: granted, refused, withdrawn, erased (on request) or expired.
        form_version, terms_version, terms_sha256: what was filled in and agreed to.
        text_sha256: of the exact question.
        language: of what was shown.
        channel: where it was said.
        build: of the software that recorded it.
        answered_at: when it was said, UTC.
    """

    subject: str
    sign_up: str
    purpose: str
    answer: str
    form_version: str
    terms_version: str
    terms_sha256: str
    text_sha256: str
    language: str
    channel: str
    build: str
    answered_at: str

    @classmethod
    def of(cls, row: Row) -> Entry:
        """What a row of the ledger says."""
        return cls(**{name: row._mapping[name] for name in ENTRY_FIELDS})

    def followed_by(
        self, answer: str, channel: str, build: str, purpose: str | None = None
    ) -> Entry:
        """What is recorded later of the same consent, now.

        Args:
            answer: withdrawn, erased or expired.
            channel: where it was said.
            build: of the software that records it.
            purpose: another than the consent's own.
        """
        return replace(
            self,
            answer=answer,
            purpose=purpose or self.purpose,
            channel=channel,
            build=build,
            answered_at=moment_text(now()),
        )


ENTRY_FIELDS = tuple(Entry.__dataclass_fields__)


class Ledger:
    """Writes and reads the ledger, in transactions of the caller's."""

    def __init__(self, keys: Keys) -> None:
        """Takes what seals it."""
        self._keys = keys

    def begin(self, connection: Connection) -> None:
        """Makes the head of an empty ledger, where there is none."""
        for column in (ledger_head.c.id, consent_record.c.position):
            if connection.execute(sa.select(column).limit(1)).first():
                return
        head = {"id": 1, "records": 0, "hash": FIRST_PREVIOUS}
        connection.execute(ledger_head.insert(), {**head, "seal": head_seal(self._keys, head)})

    def lock(self, connection: Connection) -> Row:
        """Keeps all other writers out until the transaction ends; returns the head.

        Raises:
            LedgerError: the head is missing, or nobody with RECORDS_SECRET wrote it.
        """
        head = connection.execute(sa.select(ledger_head).with_for_update()).first()
        if head is None:
            raise LedgerError("The head of the consent ledger is missing.")
        if not hmac.compare_digest(head.seal, head_seal(self._keys, head._mapping)):
            raise LedgerError(
                "The head of the consent ledger was changed, or RECORDS_SECRET is another one."
            )
        return head

    def append(self, connection: Connection, entries: Sequence[Entry]) -> list[int]:
        """Adds records.

        Returns:
            The position of each.

        Raises:
            LedgerError: as `lock`.
        """
        head = self.lock(connection)
        previous, position = head.hash, head.records
        recorded_at = moment_text(now())
        rows = []
        for position, entry in enumerate(entries, head.records + 1):
            row = {"position": position, **asdict(entry), "recorded_at": recorded_at}
            row["previous"] = previous
            row["hash"] = previous = record_hash(row)
            row["seal"] = self._keys.seal(previous)
            rows.append(row)
        if rows:
            connection.execute(consent_record.insert(), rows)
            new = {"records": position, "hash": previous}
            connection.execute(ledger_head.update(), {**new, "seal": head_seal(self._keys, new)})
        return [row["position"] for row in rows]

    def granted(self, connection: Connection, subject: str) -> dict[tuple[str, str], Entry]:
        """The consents of a person that hold, by sign-up and purpose."""
        held: dict[tuple[str, str], Entry] = {}
        for row in self.of_subject(connection, subject):
            if row.answer == GRANTED:
                held[row.sign_up, row.purpose] = Entry.of(row)
            elif row.purpose == WHOLE:
                held = {key: entry for key, entry in held.items() if key[0] != row.sign_up}
            else:
                held.pop((row.sign_up, row.purpose), None)
        return held

    def of_subject(self, connection: Connection, subject: str) -> list[Row]:
        """All records of a person, in order."""
        records = consent_record
        query = sa.select(records).where(records.c.subject == subject)
        return list(connection.execute(query.order_by(records.c.position)))

    def has_signup(self, connection: Connection, subject: str, sign_up: str) -> bool:
        """Whether a sign-up was ever recorded, also if it is erased by now."""
        return any(row.sign_up == sign_up for row in self.of_subject(connection, subject))


def record_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over all that a record says, its position and the hash before it."""
    names = ("position", *ENTRY_FIELDS, "recorded_at", "previous")
    canonical = json.dumps([row[name] for name in names], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def head_seal(keys: Keys, head: Mapping[str, Any]) -> str:
    """The seal that fits a head."""
    return keys.seal(f"{head['records']}:{head['hash']}")


def given(entry: Entry, answers: Iterable[tuple[str, bool, str, datetime]]) -> Iterator[Entry]:
    """The records of a sign-up: one for each purpose, the answer, its text and time."""
    for purpose, granted, text_sha256, answered_at in answers:
        yield replace(
            entry,
            purpose=purpose,
            answer=GRANTED if granted else REFUSED,
            text_sha256=text_sha256,
            answered_at=moment_text(answered_at),
        )
