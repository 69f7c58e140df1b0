"""Finds what was changed in the consent ledger, and names it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.signup.keys import Keys
from assistant.signup.ledger import FIRST_PREVIOUS, head_seal, record_hash
from assistant.signup.tables import consent_record, ledger_head, shown_text

_BATCH = 1000


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole ledger found.

    Attributes:
        records: how many there are.
        head: the hash of the last one; who notes it elsewhere can tell later that
            nobody put an old copy of the ledger in its place.
        findings: one sentence for each thing that is wrong.
    """

    records: int
    head: str
    findings: tuple[str, ...]


def verify(connection: Connection, keys: Keys, noted_head: str | None = None) -> Verdict:
    """Reads every record and compares it with its hash, its seal and its neighbours.

    Args:
        connection: in a transaction that sees one moment.
        keys: what seals the ledger.
        noted_head: "RECORDS:HASH" as an earlier look gave it.
    """
    findings: list[str] = []
    records, previous, position = 0, FIRST_PREVIOUS, 0
    texts = set(_texts(connection, findings))
    for row in _rows(connection):
        findings.extend(_gap(position, row.position, "missing"))
        whole = hmac.compare_digest(row.hash, record_hash(row._mapping))
        if not whole or not hmac.compare_digest(row.seal, keys.seal(row.hash)):
            findings.append(f"Record {row.position} was changed.")
        elif row.position == position + 1 and row.previous != previous:
            findings.append(f"Record {row.position} does not follow record {position}.")
        for digest in {row.terms_sha256, row.text_sha256} - texts:
            findings.append(f"Record {row.position} refers to a text that is gone: {digest[:12]}.")
        records, previous, position = records + 1, row.hash, row.position
        if noted_head == f"{position}:{previous}":
            noted_head = None
    if noted_head not in (None, f"0:{FIRST_PREVIOUS}"):
        findings.append("The head that was noted before is not in the ledger: it is another one.")
    findings.extend(_end(connection, keys, position, previous))
    return Verdict(records, previous, tuple(findings))


def _rows(connection: Connection) -> Iterator[Row]:
    # In portions: the database ends statements that take long.
    records, after = consent_record, None
    while True:
        query = sa.select(records).order_by(records.c.position).limit(_BATCH)
        if after is not None:
            query = query.where(records.c.position > after)
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].position


def _texts(connection: Connection, findings: list[str]) -> Iterator[str]:
    for row in connection.execute(sa.select(shown_text).order_by(shown_text.c.sha256)):
        if hashlib.sha256(row.text.encode()).hexdigest() == row.sha256:
            yield row.sha256
        else:
            findings.append(f"The shown text {row.sha256[:12]} was changed.")


def _end(connection: Connection, keys: Keys, position: int, last_hash: str) -> Iterator[str]:
    head = connection.execute(sa.select(ledger_head)).first()
    if head is None:
        if position:
            yield "The head of the ledger is missing."
        return
    if not hmac.compare_digest(head.seal, head_seal(keys, head._mapping)):
        yield "The head of the ledger was changed, or RECORDS_SECRET is another one."
    elif head.records > position:
        yield from _gap(position, head.records + 1, "missing at the end")
    elif head.records < position:
        yield f"Records after {head.records} were not written by the assistant."
    elif head.hash != last_hash:
        yield f"The head of the ledger does not belong to record {position}."


def _gap(position: int, following: int, what: str) -> Iterator[str]:
    first, last = position + 1, following - 1
    if first == last:
        yield f"Record {first} is {what}."
    elif first < last:
        yield f"Records {first} to {last} are {what}."
