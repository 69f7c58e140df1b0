"""The tables that gaps and votes are kept in."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa


@dataclass(frozen=True)
class GapTables:
    """The tables. Days are ISO dates, conversations keyed hashes.

    Attributes:
        gaps: one row a gap; its text, topics and sections encrypted.
        counts: how many messages were out of scope, by day and channel.
        votes: the latest vote on an answer, until its conversation has ended.
        feedback: how many votes were cast on a section, by day; no conversation.
        forgotten: conversations that asked to be erased and are recorded no more.
        metadata: holds them all.
    """

    gaps: sa.Table
    counts: sa.Table
    votes: sa.Table
    feedback: sa.Table
    forgotten: sa.Table
    metadata: sa.MetaData


def define_tables() -> GapTables:
    """The tables, in metadata of their own."""
    metadata = sa.MetaData()
    day = sa.String(10)
    hashed = sa.String(64)
    # SQLite numbers rows by itself for INTEGER alone.
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    gaps = sa.Table(
        "content_gap",
        metadata,
        sa.Column("id", number, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("day", day, nullable=False, index=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("conversation", hashed, nullable=False, index=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    counts = sa.Table(
        "content_gap_count",
        metadata,
        sa.Column("day", day, primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("messages", sa.Integer, nullable=False),
    )
    votes = sa.Table(
        "answer_vote",
        metadata,
        sa.Column("conversation", hashed, primary_key=True),
        sa.Column("answer", hashed, primary_key=True),
        sa.Column("day", day, nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("voted_at", sa.Float, nullable=False),
    )
    feedback = sa.Table(
        "answer_feedback",
        metadata,
        sa.Column("section", sa.String(255), primary_key=True),
        sa.Column("day", day, primary_key=True),
        sa.Column("helpful", sa.Integer, nullable=False),
        sa.Column("unhelpful", sa.Integer, nullable=False),
    )
    forgotten = sa.Table(
        "forgotten_conversation",
        metadata,
        sa.Column("conversation", hashed, primary_key=True),
        sa.Column("forgotten_at", sa.Float, nullable=False),
    )
    return GapTables(gaps, counts, votes, feedback, forgotten, metadata)
