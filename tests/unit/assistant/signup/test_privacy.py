"""A canary name, number and address are nowhere but encrypted, and after erasure nowhere."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from assistant.signup.staff import Staff
from assistant.signup.tables import metadata, sign_up
from assistant.signup.worker import Worker
from tests.unit.assistant.signup.people import (
    CANARIES,
    CONVERSATION,
    EMAIL,
    PHONE,
    application,
)
from tests.unit.assistant.signup.servers import Mailbox


def dump(desk: SignupDesk, settings: Settings) -> bytes:
    """All that is kept: every row, and every byte of the files where there are files."""
    with desk.store.reading() as connection:
        rows = [
            bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            for value in row
        ]
    files = [path for path in settings.state_dir.rglob("*") if path.is_file()]
    if not settings.database_url:
        assert {"signups.db", "signups.db-wal", "signups.db-shm"} <= {path.name for path in files}
    return b"\n".join([*rows, *(path.read_bytes() for path in files)])


def go_every_way(settings: Settings) -> SignupDesk:
    """Signs up, fails, sends, confirms, looks, withdraws and breaks down."""
    desk = SignupDesk.open(settings)
    nowhere = settings.copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": Mailbox().port,
            "smtp_security": "none",
            "mail_from": "hello@example.org",
            "staff_email": "staff@example.org",
        }
    )
    worker = Worker.of(nowhere, desk.store)
    for method in ("email", "phone", "sms"):
        desk.submit(application(method))
        worker.run_once()
    refused: list[dict[str, Any]] = [
        {"adult": False},
        {"contact": f"{PHONE} x"},
        {"consents": ()},
        {"terms_sha256": ""},
        {"contact": EMAIL},
    ]
    for changes in refused:
        with pytest.raises(AssistantError) as caught:
            desk.submit(application(**changes))
        assert not any(canary in str(caught.value) for canary in CANARIES)
    staff = Staff(desk.store, "nurse")
    staff.export(staff.sign_ups()[0]["reference"])
    staff.rotate()
    desk.withdraw(CONVERSATION, ["sms"], "web")
    # The database breaks down in the middle.
    with desk.store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE sign_up RENAME TO gone"))
    for call in (desk.known, desk.export, lambda _: desk.submit(application())):
        with pytest.raises(AssistantError) as caught:
            call(CONVERSATION)
        assert not any(canary in repr(caught.value) for canary in CANARIES)
    with contextlib.suppress(AssistantError):
        worker.run_once()
    with desk.store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE gone RENAME TO sign_up"))
    return desk


def test_what_is_kept_can_be_read_by_nobody_without_the_key(
    settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        desk = go_every_way(settings)
    kept = dump(desk, settings)
    assert len(desk.export(CONVERSATION)["sign_ups"]) == 3
    said = caplog.text + "".join(capfd.readouterr())
    for canary in CANARIES:
        assert canary.encode() not in kept
        assert canary not in said
    desk.close()


def test_after_erasure_not_even_the_encrypted_data_is_left(settings: Settings) -> None:
    desk = go_every_way(settings)
    with desk.store.reading() as connection:
        rows = connection.execute(sa.select(sign_up)).all()
        messages = desk.store.outbox.all(connection)
    secrets = [bytes(value) for row in rows for value in (row.name, row.contact)]
    secrets += [bytes(message.token) for message in messages if message.token]
    assert len(secrets) == 7
    before = dump(desk, settings)
    assert all(secret in before for secret in secrets)
    assert desk.erase(CONVERSATION, "web")
    after = dump(desk, settings)
    assert not any(secret in after for secret in secrets)
    assert not any(canary.encode() in after for canary in CANARIES)
    # The digest that keeps the address from being written to is all that is left of it.
    assert desk.store.keys.contact(EMAIL).encode() in after
    assert Staff(desk.store, "nurse").verify().findings == ()
    desk.close()


def test_what_is_past_its_time_leaves_nothing_at_all(sqlite_settings: Settings) -> None:
    desk = SignupDesk.open(sqlite_settings)
    desk.submit(application("email"))
    with desk.store.writing() as connection:
        row = connection.execute(sa.select(sign_up)).one()
        connection.execute(sign_up.update().values(created_at=row.created_at.replace(year=2020)))
    assert desk.store.purge() == 1
    after = dump(desk, sqlite_settings)
    for secret in (row.name, row.contact, row.contact_digest.encode()):
        assert bytes(secret) not in after
    desk.close()
