"""The consent ledger cannot be changed, and whoever changes it all the same is found out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from assistant.errors import LedgerError
from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from assistant.signup.ledger import FIRST_PREVIOUS, record_hash
from assistant.signup.staff import Staff
from assistant.signup.store import Store
from assistant.signup.tables import consent_record, ledger_head, shown_text
from assistant.signup.verifying import Verdict
from tests.unit.assistant.signup.people import CANARIES, CONVERSATION, application

position = consent_record.c.position


def verdict(desk: SignupDesk, noted_head: str | None = None) -> Verdict:
    return Staff(desk.store, "tester").verify(noted_head)


@pytest.fixture
def filled(desk: SignupDesk) -> SignupDesk:
    """Eight records: three sign-ups, one of them withdrawn from."""
    for at in range(3):
        desk.submit(application(conversation_id=f"c{at}", channel=f"channel-{at}"))
    desk.withdraw("c1", None, "web")
    return desk


def unguarded(desk: SignupDesk, change: Callable[[Connection], None]) -> None:
    """Changes the ledger as who owns the database can: past the triggers and references."""
    with desk.store.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if connection.dialect.name == "sqlite":
                guards = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for name in connection.execute(sa.text(guards)).scalars().all():
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(sa.text("SET session_replication_role = replica"))
            change(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SET session_replication_role = origin"))
        if connection.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=ON")


def test_a_ledger_that_nobody_touched_is_sound(filled: SignupDesk) -> None:
    found = verdict(filled)
    assert (found.records, found.findings) == (8, ())
    assert verdict(filled, f"{found.records}:{found.head}").findings == ()


def test_an_empty_ledger_is_sound(desk: SignupDesk) -> None:
    assert verdict(desk) == Verdict(0, FIRST_PREVIOUS, ())


def test_a_long_ledger_is_read_in_portions(
    desk: SignupDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.signup.verifying._BATCH", 4)
    for at in range(4):
        desk.submit(application(conversation_id=f"c{at}"))
    assert verdict(desk).records == 8
    assert verdict(desk).findings == ()


def test_each_record_holds_the_hash_of_the_one_before_and_names_nobody(filled: SignupDesk) -> None:
    with filled.store.reading() as connection:
        rows = connection.execute(sa.select(consent_record).order_by(position)).all()
    assert [row.previous for row in rows] == [FIRST_PREVIOUS, *(row.hash for row in rows[:-1])]
    assert not any(canary in str(row) for canary in CANARIES for row in rows)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", row.recorded_at) for row in rows)
    assert {row.build for row in rows} == {"test"}


@pytest.mark.parametrize(
    "change",
    [
        consent_record.update().values(answer="refused"),
        consent_record.update().where(position == 3).values(channel="x"),
        consent_record.delete().where(position == 8),
        shown_text.update().values(text="x"),
        shown_text.delete(),
        ledger_head.delete(),
    ],
)
def test_the_database_refuses_changes(filled: SignupDesk, change: sa.sql.Executable) -> None:
    with (
        pytest.raises(DBAPIError, match=r"append-only|cannot be deleted"),
        filled.store.engine.begin() as connection,
    ):
        connection.execute(change)
    assert verdict(filled).findings == ()


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_it(postgresql: Callable[[], str], settings: Settings) -> None:
    desk = SignupDesk.open(settings.copy(update={"database_url": postgresql()}))
    desk.submit(application())
    for table in ("consent_record", "ledger_head", "shown_text"):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            desk.store.engine.begin() as connection,
        ):
            connection.execute(sa.text(f"TRUNCATE {table} CASCADE"))
    desk.close()


def _swap(connection: Connection) -> None:
    for old, new in ((3, 99), (5, 3), (99, 5)):
        connection.execute(consent_record.update().where(position == old).values(position=new))


def _rehash_everything(connection: Connection) -> None:
    """As somebody would who knows the format, but not RECORDS_SECRET."""
    connection.execute(consent_record.update().where(position == 6).values(answer="refused"))
    previous = FIRST_PREVIOUS
    for row in connection.execute(sa.select(consent_record).order_by(position)).all():
        new = {**row._mapping, "previous": previous}
        previous = new["hash"] = record_hash(new)
        changed = {"previous": new["previous"], "hash": previous}
        connection.execute(consent_record.update().where(position == row.position).values(changed))
    connection.execute(ledger_head.update().values(hash=previous))


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (
            lambda c: c.execute(
                consent_record.update().where(position == 3).values(answer="refused")
            ),
            "Record 3 was changed.",
        ),
        (
            lambda c: c.execute(
                consent_record.update()
                .where(position == 7)
                .values(answered_at="2020-01-01T00:00:00.000000Z")
            ),
            "Record 7 was changed.",
        ),
        (
            lambda c: c.execute(consent_record.update().where(position == 2).values(seal="0" * 64)),
            "Record 2 was changed.",
        ),
        (
            lambda c: c.execute(consent_record.delete().where(position == 4)),
            "Record 4 is missing.",
        ),
        (
            lambda c: c.execute(consent_record.delete().where(position.in_([4, 5]))),
            "Records 4 to 5 are missing.",
        ),
        (
            lambda c: c.execute(consent_record.delete().where(position == 1)),
            "Record 1 is missing.",
        ),
        (
            lambda c: c.execute(consent_record.delete().where(position == 8)),
            "Record 8 is missing at the end.",
        ),
        (
            lambda c: c.execute(consent_record.delete()),
            "Records 1 to 8 are missing at the end.",
        ),
        (_swap, "Record 3 was changed."),
        (_swap, "Record 5 was changed."),
        (_rehash_everything, "Record 6 was changed."),
        (
            lambda c: c.execute(ledger_head.delete()),
            "The head of the ledger is missing.",
        ),
        (
            lambda c: c.execute(ledger_head.update().values(records=6)),
            "The head of the ledger was changed, or RECORDS_SECRET is another one.",
        ),
    ],
)
def test_what_is_changed_past_the_database_is_named(
    filled: SignupDesk, change: Callable[[Connection], None], finding: str
) -> None:
    unguarded(filled, change)
    assert finding in verdict(filled).findings


def test_only_what_was_changed_is_named(filled: SignupDesk) -> None:
    change = consent_record.update().where(position == 3).values(language="es")
    unguarded(filled, lambda connection: connection.execute(change) and None)
    assert verdict(filled).findings == ("Record 3 was changed.",)


def test_a_changed_or_missing_text_is_named(filled: SignupDesk) -> None:
    digest = application().consents[0].text_sha256
    is_it = shown_text.c.sha256 == digest
    change = shown_text.update().where(is_it).values(text="You agree to everything.")
    unguarded(filled, lambda connection: connection.execute(change) and None)
    findings = verdict(filled).findings
    assert f"The shown text {digest[:12]} was changed." in findings
    assert f"Record 1 refers to a text that is gone: {digest[:12]}." in findings


def test_an_old_copy_of_the_database_is_found_by_a_noted_head(filled: SignupDesk) -> None:
    before = verdict(filled)
    filled.submit(application(conversation_id="late"))
    after = verdict(filled)
    assert verdict(filled, f"{before.records}:{before.head}").findings == ()
    (finding,) = verdict(filled, f"{after.records + 1}:{after.head}").findings
    assert "is another one" in finding


def test_nothing_is_added_to_a_ledger_with_a_changed_head(
    filled: SignupDesk, settings: Settings
) -> None:
    change = ledger_head.update().values(records=6)
    unguarded(filled, lambda connection: connection.execute(change) and None)
    with pytest.raises(LedgerError):
        filled.submit(application(conversation_id="another"))
    with pytest.raises(LedgerError):
        SignupDesk.open(settings)
    store = Store.open(settings, trust_ledger=True)
    assert Staff(store, "tester").verify().findings
    store.close()


def test_a_byte_changed_by_hand_in_the_file_is_found(sqlite_settings: Settings) -> None:
    desk = SignupDesk.open(sqlite_settings)
    for at in range(3):
        desk.submit(application(conversation_id=f"c{at}", channel=f"channel-{at}"))
    desk.store.forget_traces()
    desk.close()
    path = sqlite_settings.state_dir / "signups.db"
    content = path.read_bytes()
    at = content.index(b"channel-1")
    path.write_bytes(content[:at] + b"channel-7" + content[at + 9 :])
    desk = SignupDesk.open(sqlite_settings)
    (finding,) = verdict(desk).findings
    assert re.fullmatch(r"Record [34] was changed\.", finding)
    desk.close()


def test_withdrawals_say_when_and_where(filled: SignupDesk) -> None:
    filled.withdraw("c0", ["contact"], "sms")
    last = filled.export("c0")["consents"][-1]
    assert (last["purpose"], last["answer"], last["channel"]) == ("contact", "withdrawn", "sms")
    assert last["answered_at"] > filled.export("c0")["consents"][0]["answered_at"]
    assert filled.export(CONVERSATION) == {}
