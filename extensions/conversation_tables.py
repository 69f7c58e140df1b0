"""The tables that conversations are kept in."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken, MultiFernet
from rasa.shared.exceptions import RasaException


class EncryptedJson(sa.types.TypeDecorator):
    """A JSON value, compressed and encrypted; bytes in the database."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, cipher: MultiFernet) -> None:
        """Takes the cipher: its first key encrypts, all of them decrypt."""
        super().__init__()
        self.cipher = cipher

    def process_bind_param(self, value: Any, dialect: Any) -> bytes:
        """Encrypts a value on its way into the database."""
        return self.cipher.encrypt(zlib.compress(json.dumps(value).encode(), level=1))

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """Decrypts a value from the database.

        Raises:
            RasaException: none of the keys is the one that encrypted it.
        """
        try:
            return json.loads(zlib.decompress(self.cipher.decrypt(bytes(value))))
        except InvalidToken:
            raise RasaException("A conversation is encrypted with none of DATA_KEYS.") from None


@dataclass(frozen=True)
class ConversationTables:
    """The tables, for one cipher.

    Attributes:
        turns: one row for each time that a conversation was saved, normally one
            turn: the events of the turn and the state after it.
        retired: conversations that were erased and may not go on.
        checks: one row that is written to see whether writing works.
        metadata: holds the three.
    """

    turns: sa.Table
    retired: sa.Table
    checks: sa.Table
    metadata: sa.MetaData


def define_tables(cipher: MultiFernet) -> ConversationTables:
    """Describes the tables. Conversations are named by a keyed hash of their id.

    Times are seconds since 1970 (UTC).
    """
    metadata = sa.MetaData()
    turns = sa.Table(
        "conversation_turn",
        metadata,
        # SQLite numbers rows by itself for INTEGER alone.
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("saved_at", sa.Float, nullable=False),
        sa.Column("event_count", sa.Integer, nullable=False),
        sa.Column("events", EncryptedJson(cipher), nullable=False),
        sa.Column("state", EncryptedJson(cipher), nullable=False),
        sa.Index("conversation_turn_order", "conversation", "id"),
    )
    retired = sa.Table(
        "retired_conversation",
        metadata,
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("retired_at", sa.Float, nullable=False),
    )
    checks = sa.Table(
        "write_check",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("checked_at", sa.Float, nullable=False),
    )
    return ConversationTables(turns, retired, checks, metadata)
