"""Sign-ups, consent ledger, outbox."""

from alembic import op
from sqlalchemy import CheckConstraint as Check
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None

HASH = String(64)
TIME = String(27)
APPEND_ONLY = ("consent_record", "shown_text", "access_record")


def upgrade() -> None:
    """Makes all tables, and what keeps the ledger as it was written."""
    _texts()
    _ledger()
    _sign_ups()
    _tokens()
    _outbox()
    op.create_table(
        "access_record",
        Column("id", Integer, primary_key=True),
        Column("seen_by", String(64), nullable=False),
        Column("action", String(32), nullable=False),
        Column("reference", String(16), nullable=False),
        Column("seen_at", TIME, nullable=False),
    )
    if op.get_context().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _texts() -> None:
    op.create_table(
        "shown_text",
        Column("sha256", HASH, primary_key=True),
        Column("text", Text, nullable=False),
    )


def _ledger() -> None:
    words = ("subject", 64), ("sign_up", 64), ("purpose", 16), ("answer", 16)
    versions = ("form_version", 32), ("terms_version", 32), ("terms_sha256", 64)
    shown = ("text_sha256", 64), ("language", 8), ("channel", 32), ("build", 64)
    times = ("answered_at", 27), ("recorded_at", 27)
    chain = ("previous", 64), ("hash", 64), ("seal", 64)
    op.create_table(
        "consent_record",
        Column("position", Integer, primary_key=True, autoincrement=False),
        *(
            Column(name, String(length), nullable=False)
            for name, length in (*words, *versions, *shown, *times, *chain)
        ),
        Check("answer IN ('granted', 'refused', 'withdrawn', 'erased', 'expired')"),
        # What a sign-up refers to.
        UniqueConstraint("position", "sign_up", "subject", "purpose", "answer"),
    )
    op.create_index("consent_record_subject", "consent_record", ["subject", "position"])
    op.create_table(
        "ledger_head",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("records", Integer, nullable=False),
        Column("hash", HASH, nullable=False),
        Column("seal", HASH, nullable=False),
        Check("id = 1"),
    )


def _sign_ups() -> None:
    granted = ["position", "sign_up", "subject", "purpose", "answer"]
    op.create_table(
        "sign_up",
        Column("id", HASH, primary_key=True),
        Column("reference", String(16), nullable=False, unique=True),
        Column("content", HASH, nullable=False),
        Column("subject", HASH, nullable=False, index=True),
        Column("contact_record", Integer, nullable=False),
        Column("contact_purpose", String(16), nullable=False),
        Column("way_record", Integer, nullable=False),
        Column("contact_method", String(16), nullable=False),
        Column("consent_answer", String(16), nullable=False),
        Column("name", LargeBinary, nullable=False),
        Column("contact", LargeBinary, nullable=False),
        Column("contact_digest", HASH, nullable=False, index=True),
        Column("for_whom", String(16), nullable=False),
        Column("language", String(8), nullable=False),
        Column("channel", String(32), nullable=False),
        Column("terms_version", String(32), nullable=False),
        Column("created_at", TIME, nullable=False),
        Column("confirmed_at", TIME),
        Check("contact_purpose = 'contact'"),
        Check("contact_method IN ('email', 'phone', 'sms')"),
        Check("consent_answer = 'granted'"),
        # No sign-up without a yes to being contacted, and to the way of it.
        ForeignKeyConstraint(
            ["contact_record", "id", "subject", "contact_purpose", "consent_answer"],
            [f"consent_record.{name}" for name in granted],
        ),
        ForeignKeyConstraint(
            ["way_record", "id", "subject", "contact_method", "consent_answer"],
            [f"consent_record.{name}" for name in granted],
        ),
    )


def _tokens() -> None:
    op.create_table(
        "confirmation_token",
        Column("digest", HASH, primary_key=True),
        Column("sign_up", HASH, nullable=False),
        Column("expires_at", TIME, nullable=False),
        Column("used_at", TIME),
        ForeignKeyConstraint(["sign_up"], ["sign_up.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "suppressed_contact",
        Column("digest", HASH, primary_key=True),
        Column("suppressed_at", TIME, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "outbox_message",
        Column("id", String(32), primary_key=True),
        Column("sign_up", HASH),
        Column("reference", String(16), nullable=False),
        Column("event", String(16), nullable=False),
        Column("way", String(16), nullable=False),
        Column("token", LargeBinary),
        Column("created_at", TIME, nullable=False),
        Column("due_at", TIME, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("lease", String(32)),
        Column("leased_until", TIME),
        Column("ended_at", TIME),
        Column("outcome", String(32)),
        ForeignKeyConstraint(["sign_up"], ["sign_up.id"], ondelete="CASCADE"),
    )
    op.create_index("outbox_message_due", "outbox_message", ["ended_at", "due_at"])


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head "
        "BEGIN SELECT RAISE(ABORT, 'ledger_head cannot be deleted'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_sign_up_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_sign_up_change()"
        )
    op.execute(
        "CREATE TRIGGER ledger_head_stays BEFORE DELETE OR TRUNCATE ON ledger_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_sign_up_change()"
    )
