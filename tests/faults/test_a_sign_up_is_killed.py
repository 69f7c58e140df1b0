"""Killed at any moment: never a sign-up without consent, never one lost, never two of one."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from assistant.settings import Settings
from assistant.signup.application import Application
from assistant.signup.desk import SignupDesk
from assistant.signup.staff import Staff
from assistant.signup.tables import consent_record, outbox_message, sign_up
from assistant.signup.worker import Worker
from tests.databases import database_url, postgresql
from tests.unit.assistant.signup.people import application
from tests.unit.assistant.signup.servers import Mailbox

__all__ = ["database_url", "postgresql"]

_KILLS = 50
_processes = multiprocessing.get_context("forkserver")
# A child is ready at once, and brings no thread or connection of this process along.
_processes.set_forkserver_preload(["assistant.signup.worker", "alembic.command", __name__])


@pytest.fixture
def settings(database_url: str | None, tmp_path: Path) -> Settings:
    return Settings(
        state_dir=tmp_path / "state",
        database_url=database_url,
        records_secret="r" * 40,
        data_keys=Fernet.generate_key().decode(),
    )


def _numbered(number: int) -> Application:
    """An email sign-up for even numbers, a phone one for odd ones."""
    return application(
        "phone" if number % 2 else "email",
        submission_id=f"submission-{number:08}",
        conversation_id=f"conversation-{number}",
        **({} if number % 2 else {"contact": f"person{number}@example.org"}),
    )


def _submit_for_ever(settings: Settings, first: int, acknowledged: Path) -> None:
    """Writes each number down as soon as its sign-up is acknowledged."""
    desk = SignupDesk.open(settings)
    log = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    number = first
    while True:
        receipt = desk.submit(_numbered(number))
        os.write(log, f"{number} {receipt.reference}\n".encode())
        number += 1


def _submit_and_die(settings: Settings, number: int, step: int, when: str) -> None:
    """Ends itself before, or after, a step: the begin, each statement, the commit."""
    desk = SignupDesk.open(settings)
    steps = 0

    def count(*_: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    events = {
        "before": ("before_cursor_execute", "commit"),
        "after": ("after_cursor_execute", "begin"),
    }
    for event in events[when]:
        sa.event.listen(desk.store.engine, event, count)
    desk.submit(_numbered(number))
    sys.exit(0)


def _deliver_for_ever(settings: Settings) -> None:
    desk = SignupDesk.open(settings)
    worker = Worker.of(settings, desk.store)
    while True:
        if not worker.run_once():
            time.sleep(0.01)


def _start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    process = _processes.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def _check(desk: SignupDesk, acknowledged: dict[int, str]) -> None:
    """All that must hold, whatever happened."""
    with desk.store.reading() as connection:
        rows = {row.id: row for row in connection.execute(sa.select(sign_up))}
        answers = sa.select(consent_record.c.sign_up, consent_record.c.purpose)
        consents = set(map(tuple, connection.execute(answers).all()))
        counted = connection.execute(
            sa.select(outbox_message.c.sign_up, sa.func.count()).group_by(outbox_message.c.sign_up)
        ).all()
        messages = dict(map(tuple, counted))
    for id, row in rows.items():
        assert {(id, "contact"), (id, row.contact_method)} <= consents
    # Neither is there a consent without its sign-up: all of it or nothing.
    assert {id for id, _ in consents} == set(rows) == set(messages)
    assert set(messages.values()) <= {1}
    for number, reference in acknowledged.items():
        assert rows[desk.store.keys.signup(f"submission-{number:08}")].reference == reference
    assert Staff(desk.store, "tester").verify().findings == ()


def _read(acknowledged: Path) -> dict[int, str]:
    if not acknowledged.exists():
        return {}
    pairs = re.findall(r"^(\d+) (\S{7})$", acknowledged.read_text("ascii"), re.MULTILINE)
    return {int(number): reference for number, reference in pairs}


@pytest.mark.kill
def test_killed_at_fifty_random_moments(settings: Settings, tmp_path: Path) -> None:
    desk = SignupDesk.open(settings)
    acknowledged = tmp_path / "acknowledged"
    chance, first = random.Random(7), 0
    for _ in range(_KILLS):
        process = _start(_submit_for_ever, settings, first, acknowledged)
        before = len(_read(acknowledged))
        while len(_read(acknowledged)) == before and process.is_alive():
            time.sleep(0.002)
        assert process.is_alive()
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.join()
        receipts = _read(acknowledged)
        _check(desk, receipts)
        # The form hands in again what was not acknowledged, and gets the one there is.
        first = max(receipts) + 1
        again = desk.submit(_numbered(first))
        assert desk.submit(_numbered(first)).reference == again.reference
        first += 1
    assert len(_read(acknowledged)) > _KILLS
    _check(desk, _read(acknowledged))
    desk.close()


@pytest.mark.kill
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_step(settings: Settings, when: str) -> None:
    desk = SignupDesk.open(settings)
    killed = 0
    for number in range(1, 100):
        process = _start(_submit_and_die, settings, number, number, when)
        process.join()
        _check(desk, {})
        again = desk.submit(_numbered(number))
        _check(desk, {number: again.reference})
        if process.exitcode == 0:
            assert again.repeated
            break
        assert process.exitcode == -signal.SIGKILL
        killed += 1
    # Looking, locking, two looks, texts, records, head, sign-up, token, message, commit.
    assert killed >= 10
    desk.close()


@pytest.mark.kill
def test_a_worker_killed_again_and_again_loses_no_message(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox()
    connected = settings.copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": mailbox.port,
            "smtp_security": "none",
            "mail_from": "hello@example.org",
            "staff_email": "staff@example.org",
        }
    )
    desk = SignupDesk.open(connected)
    chance = random.Random(7)
    with mailbox.open():
        for number in range(20):
            for at in range(5):
                desk.submit(_numbered(5 * number + at))
            process = _start(_deliver_for_ever, connected)
            time.sleep(chance.uniform(0.05, 0.4))
            process.kill()
            process.join()
            # What the dead one had taken is free again only after its lease.
            with desk.store.writing() as connection:
                connection.execute(outbox_message.update().values(leased_until=None))
        worker = Worker.of(connected, desk.store)
        while worker.run_once():
            pass
    with desk.store.reading() as connection:
        rows = desk.store.outbox.all(connection)
    assert [row.outcome for row in rows] == ["delivered"] * 100
    ids = [str(email["Message-ID"]) for email in mailbox.messages]
    assert {id[1:33] for id in ids} == {row.id for row in rows}
    # Killed between the server's answer and the note of it, one is sent again: same id.
    assert len(ids) - len(set(ids)) <= 20 * 10
    desk.close()
