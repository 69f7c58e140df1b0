"""The tables of the messaging channels.

`conversation` is the id that the tracker has, too: a keyed hash of channel and person.
Times are seconds since 1970 (UTC). `content` is encrypted JSON.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# What has come in. The content goes when it is answered; the event's hash stays, so that
# what the platform sends again is known.
incoming = sa.Table(
    "messaging_incoming",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary),
    sa.UniqueConstraint("channel", "event"),
)
# What is still to be sent; a row goes when the platform has it.
outgoing = sa.Table(
    "messaging_outgoing",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index("messaging_outgoing_order", "channel", "conversation", "id"),
)
# What is known of a conversation beside the tracker.
contact = sa.Table(
    "messaging_contact",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seen_at", sa.Float, nullable=False),
    # When it was last said that this is a program.
    sa.Column("told_at", sa.Float),
    # Since when the person wants no messages.
    sa.Column("stopped_at", sa.Float),
    # The number of who has stopped, until the ledger of consents has it.
    sa.Column("unrecorded", sa.LargeBinary),
    # The rest of a long answer.
    sa.Column("later", sa.LargeBinary),
)
