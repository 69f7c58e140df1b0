"""Staff see, export, erase and purge; whoever looks at contact data is noted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from assistant.errors import AssistantError, SettingsError
from assistant.settings import ROOT, Settings
from assistant.signup.command_line import main
from assistant.signup.desk import SignupDesk
from assistant.signup.staff import Staff, current_user
from assistant.signup.tables import now, outbox_message, sign_up
from tests.unit.assistant.signup.people import (
    CANARIES,
    CONVERSATION,
    EMAIL,
    NAME,
    PHONE,
    application,
)


@pytest.fixture
def staff(desk: SignupDesk) -> Staff:
    return Staff(desk.store, "nurse")


def age(desk: SignupDesk, days: float) -> None:
    """Makes all sign-ups older than they are."""
    with desk.store.writing() as connection:
        connection.execute(sign_up.update().values(created_at=now() - timedelta(days=days)))


def test_the_list_shows_what_is_to_be_done_and_no_contact_data(
    desk: SignupDesk, staff: Staff
) -> None:
    desk.submit(application())
    desk.submit(application("email", conversation_id="b"))
    desk.submit(application(conversation_id="c"))
    desk.withdraw("c", ["phone"], "web")
    rows = staff.sign_ups()
    assert [row["state"] for row in rows] == ["to be contacted", "not confirmed", "withdrawn"]
    assert not any(canary in json.dumps(rows) for canary in CANARIES)
    assert staff.accesses() == []


@pytest.mark.parametrize("write", [str, str.lower, lambda text: text.replace("-", " ")])
def test_who_looks_at_contact_data_is_noted(
    desk: SignupDesk, staff: Staff, write: Callable[[str], str]
) -> None:
    reference = desk.submit(application()).reference
    shown = staff.show(write(reference))
    assert (shown["name"], shown["contact"], shown["state"]) == (NAME, PHONE, "to be contacted")
    assert staff.export(reference) == desk.export(CONVERSATION)
    noted = [(one["seen_by"], one["action"], one["reference"]) for one in staff.accesses()]
    assert noted == [("nurse", "show", reference), ("nurse", "export", reference)]


def test_a_reference_that_is_not_there_is_told(staff: Staff) -> None:
    for look in (staff.show, staff.export, staff.erase, staff.allow):
        for reference in ("AAA-AAA", "", "'; DROP TABLE sign_up"):
            with pytest.raises(AssistantError, match="no sign-up with this reference"):
                look(reference)


def test_staff_erase_at_a_persons_request(desk: SignupDesk, staff: Staff) -> None:
    first = desk.submit(application("email")).reference
    desk.submit(application())
    other = desk.submit(application(conversation_id="other")).reference
    done = staff.erase(first)
    assert len(done["erased"]) == 2
    assert first in done["erased"]
    assert done["same_contact"] == [other]
    assert desk.known(CONVERSATION) is None
    assert [row["reference"] for row in staff.sign_ups()] == [other]
    assert staff.sign_ups()[0]["state"] == "asked for silence"
    assert desk.export(CONVERSATION)["consents"][-1]["channel"] == "staff"


@pytest.mark.parametrize(("method", "event"), [("phone", "sign_up"), ("email", "confirmation")])
def test_silence_ends_when_its_owner_wants_it(
    desk: SignupDesk, staff: Staff, method: str, event: str
) -> None:
    desk.suppress(EMAIL if method == "email" else PHONE)
    reference = desk.submit(application(method)).reference
    with desk.store.writing() as connection:
        (message,) = desk.store.outbox.all(connection)
        desk.store.outbox.end(connection, message.id, "suppressed")
    assert staff.allow(reference) == 1
    states = [(row["event"], row["state"][:3]) for row in staff.messages()]
    assert states[-1] == (event, "due")
    assert staff.sign_ups()[0]["state"] != "asked for silence"


@pytest.mark.parametrize(
    ("method", "days", "left"),
    [("phone", 364, 1), ("phone", 366, 0), ("email", 6, 1), ("email", 8, 0), ("sms", 8, 1)],
)
def test_what_is_past_its_time_is_purged(
    desk: SignupDesk, staff: Staff, method: str, days: float, left: int
) -> None:
    desk.submit(application(method))
    age(desk, days)
    assert staff.purge() == 1 - left
    assert len(desk.export(CONVERSATION)["sign_ups"]) == left
    if not left:
        last = desk.export(CONVERSATION)["consents"][-1]
        assert (last["answer"], last["channel"]) == ("expired", "schedule")
        assert desk.withdraw(CONVERSATION, None, "web") == 0
    assert staff.verify().findings == ()


def test_a_confirmed_address_is_kept_for_the_whole_time(desk: SignupDesk, staff: Staff) -> None:
    desk.submit(application("email"))
    with desk.store.reading() as connection:
        (message,) = desk.store.outbox.all(connection)
    assert desk.confirm(desk.store.outbox.token(message)) == "confirmed"
    age(desk, 8)
    assert staff.purge() == 0
    age(desk, 366)
    assert staff.purge() == 1


def test_old_messages_are_forgotten(desk: SignupDesk, staff: Staff) -> None:
    desk.submit(application())
    with desk.store.writing() as connection:
        connection.execute(
            outbox_message.update().values(ended_at=now() - timedelta(days=366), sign_up=None)
        )
    staff.purge()
    assert staff.messages() == []


def test_a_new_key_takes_over(desk: SignupDesk, settings: Settings) -> None:
    desk.submit(application("email"))
    old, new = settings.data_keys, Fernet.generate_key().decode()
    both = SignupDesk.open(settings.copy(update={"data_keys": f"{new},{old}"}))
    assert Staff(both.store, "nurse").rotate() == 1
    both.close()
    alone = SignupDesk.open(settings.copy(update={"data_keys": new}))
    assert alone.export(CONVERSATION)["sign_ups"][0]["contact"] == EMAIL
    with alone.store.reading() as connection:
        (message,) = alone.store.outbox.all(connection)
    assert alone.confirm(alone.store.outbox.token(message)) == "confirmed"
    alone.close()
    with pytest.raises(SettingsError, match="none of DATA_KEYS"):
        desk.export(CONVERSATION)


def test_a_rotation_that_cannot_read_everything_changes_nothing(
    desk: SignupDesk, settings: Settings
) -> None:
    desk.submit(application())
    other = settings.copy(update={"data_keys": Fernet.generate_key().decode()})
    stranger = SignupDesk.open(other)
    stranger.submit(application(conversation_id="other"))
    with pytest.raises(SettingsError, match="none of DATA_KEYS"):
        Staff(stranger.store, "nurse").rotate()
    assert desk.export(CONVERSATION)["sign_ups"][0]["name"] == NAME
    assert stranger.export("other")["sign_ups"][0]["name"] == NAME
    stranger.close()


# The command line.


@pytest.fixture
def commanded(
    bare_environment: pytest.MonkeyPatch, sqlite_settings: Settings
) -> Iterator[SignupDesk]:
    """A desk on the database that the command line finds, too."""
    for name in ("state_dir", "records_secret", "data_keys"):
        bare_environment.setenv(name.upper(), str(getattr(sqlite_settings, name)))
    desk = SignupDesk.open(sqlite_settings)
    yield desk
    desk.close()


def test_the_list_is_a_table_or_json(
    commanded: SignupDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["signups", "list"]) == 0
    assert capsys.readouterr().out == "Nobody has signed up yet.\n"
    reference = commanded.submit(application()).reference
    assert main(["signups", "list"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.startswith("REFERENCE  CREATED AT")
    assert line.startswith(reference)
    assert line.index("phone") == heading.index("CONTACT METHOD")
    assert main(["signups", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["reference"] == reference


def test_show_and_export_note_who_it_was(
    commanded: SignupDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = commanded.submit(application()).reference
    assert main(["signups", "show", reference]) == 0
    assert f"NAME            {NAME}" in capsys.readouterr().out
    assert main(["signups", "export", reference]) == 0
    assert json.loads(capsys.readouterr().out) == commanded.export(CONVERSATION)
    assert main(["signups", "accesses"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(current_user() in line and reference in line for line in lines[1:])


def test_erase_asks_first(
    commanded: SignupDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = commanded.submit(application()).reference
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert main(["signups", "erase", reference]) == 1
    assert "Nothing was deleted." in capsys.readouterr().err
    monkeypatch.setattr("builtins.input", lambda _: reference)
    assert main(["signups", "erase", reference]) == 0
    assert f"Deleted: {reference}." in capsys.readouterr().out
    assert commanded.known(CONVERSATION) is None


def test_verify_says_what_is_wrong_by_its_exit_status(
    commanded: SignupDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    commanded.submit(application())
    assert main(["consents", "verify"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 records, 0 findings. Head: 2:")
    head = out.split()[-1]
    assert main(["consents", "verify", "--head", head]) == 0
    assert main(["consents", "verify", "--head", "3:abc"]) == 1
    with commanded.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_head_no_delete")
        connection.exec_driver_sql("DELETE FROM ledger_head")
    capsys.readouterr()
    assert main(["consents", "verify"]) == 1
    assert capsys.readouterr().out.startswith("The head of the ledger is missing.\n")
    assert main(["signups", "list"]) == 1
    assert "head of the consent ledger is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["signups", "purge"], "Deleted 0 sign-ups."),
        (["keys", "rotate"], "0 sign-ups are encrypted with the first of DATA_KEYS."),
        (["outbox", "list"], "There is nothing to be sent."),
        (["outbox", "deliver", "--once"], "Tried to send 0 messages."),
        (["signups", "accesses"], "Nobody has looked yet."),
    ],
)
def test_each_command_says_what_it_did(
    commanded: SignupDesk, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith(said)
    assert main([*arguments, "--json"]) == 0
    json.loads(capsys.readouterr().out)


def test_a_new_key_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new"]) == 0
    Fernet(capsys.readouterr().out.strip())


def test_production_is_refused_without_the_key(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_environment.setenv("ENVIRONMENT", "production")
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    bare_environment.setenv("RECORDS_SECRET", "r" * 40)
    assert main(["signups", "list"]) == 1
    assert capsys.readouterr().err == "DATA_KEYS must be set in production.\n"
    assert list(tmp_path.iterdir()) == []


def test_it_runs_as_a_program_and_says_nothing_else(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "signups", "list"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("Nobody has signed up yet.\n", "")
