"""The tables of sign-ups, as the migrations make them.

Constraints and triggers stand in the migrations; a test compares the two.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


class UtcTime(sa.types.TypeDecorator):  # type: ignore[misc]
    """A moment as text, "2026-11-25T23:48:03.123456Z": exact, and in the order of time."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """Writes a moment that has a time zone."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """Reads a moment, in UTC."""
        if value is None:
            return None
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def moment_text(moment: datetime) -> str:
    """A moment as it is stored and shown."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now() -> datetime:
    """The server's time, in UTC."""
    return datetime.now(timezone.utc)


_HASH = sa.String(64)

# The exact texts that people were shown, by their hash.
shown_text = sa.Table(
    "shown_text",
    metadata,
    sa.Column("sha256", _HASH, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

# Append-only: triggers refuse changes. What is in it names nobody.
consent_record = sa.Table(
    "consent_record",
    metadata,
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("subject", _HASH, nullable=False),
    sa.Column("sign_up", _HASH, nullable=False),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("answer", sa.String(16), nullable=False),
    sa.Column("form_version", sa.String(32), nullable=False),
    sa.Column("terms_version", sa.String(32), nullable=False),
    sa.Column("terms_sha256", _HASH, nullable=False),
    sa.Column("text_sha256", _HASH, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("build", sa.String(64), nullable=False),
    sa.Column("answered_at", sa.String(27), nullable=False),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    sa.Column("previous", _HASH, nullable=False),
    sa.Column("hash", _HASH, nullable=False),
    sa.Column("seal", _HASH, nullable=False),
)

# One row: how long the ledger is, and its last hash, sealed.
ledger_head = sa.Table(
    "ledger_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("hash", _HASH, nullable=False),
    sa.Column("seal", _HASH, nullable=False),
)

# `contact_...` and `way_...` refer to the two consents that a sign-up cannot be without.
sign_up = sa.Table(
    "sign_up",
    metadata,
    sa.Column("id", _HASH, primary_key=True),
    sa.Column("reference", sa.String(16), nullable=False),
    sa.Column("content", _HASH, nullable=False),
    sa.Column("subject", _HASH, nullable=False),
    sa.Column("contact_record", sa.Integer, nullable=False),
    sa.Column("contact_purpose", sa.String(16), nullable=False),
    sa.Column("way_record", sa.Integer, nullable=False),
    sa.Column("contact_method", sa.String(16), nullable=False),
    sa.Column("consent_answer", sa.String(16), nullable=False),
    sa.Column("name", sa.LargeBinary, nullable=False),
    sa.Column("contact", sa.LargeBinary, nullable=False),
    sa.Column("contact_digest", _HASH, nullable=False),
    sa.Column("for_whom", sa.String(16), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("terms_version", sa.String(32), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("confirmed_at", UtcTime),
)

confirmation_token = sa.Table(
    "confirmation_token",
    metadata,
    sa.Column("digest", _HASH, primary_key=True),
    sa.Column("sign_up", _HASH, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False),
    sa.Column("used_at", UtcTime),
)

# What is to be sent. `sign_up` is unset for the news that one was erased.
outbox_message = sa.Table(
    "outbox_message",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("sign_up", _HASH),
    sa.Column("reference", sa.String(16), nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("token", sa.LargeBinary),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease", sa.String(32)),
    sa.Column("leased_until", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Column("outcome", sa.String(32)),
)

suppressed_contact = sa.Table(
    "suppressed_contact",
    metadata,
    sa.Column("digest", _HASH, primary_key=True),
    sa.Column("suppressed_at", UtcTime, nullable=False),
)

# Who looked at contact data, when and why.
access_record = sa.Table(
    "access_record",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seen_by", sa.String(64), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("reference", sa.String(16), nullable=False),
    sa.Column("seen_at", UtcTime, nullable=False),
)
