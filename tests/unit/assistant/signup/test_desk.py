"""A sign-up is taken with its consents, once, or not at all; a person's rights are carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from assistant.errors import (
    ApplicationError,
    SettingsError,
    StoreUnavailableError,
    TermsChangedError,
)
from assistant.settings import Settings
from assistant.signup.application import Application
from assistant.signup.desk import SignupDesk
from assistant.signup.tables import consent_record, outbox_message, sign_up
from assistant.signup.terms import current_terms
from tests.unit.assistant.signup.people import (
    CANARIES,
    CONVERSATION,
    EMAIL,
    NAME,
    PHONE,
    application,
    consent,
)


def count(desk: SignupDesk, table: sa.Table) -> int:
    with desk.store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0)


def token_of(desk: SignupDesk) -> str:
    """The token of the latest confirmation that waits to be sent."""
    with desk.store.reading() as connection:
        rows = [row for row in desk.store.outbox.all(connection) if row.token]
    return desk.store.outbox.token(rows[-1])


@pytest.mark.parametrize("method", ["phone", "sms", "email"])
def test_a_sign_up_is_stored_with_its_consents(desk: SignupDesk, method: str) -> None:
    receipt = desk.submit(application(method))
    assert not receipt.repeated
    assert receipt.awaiting_confirmation == (method == "email")
    assert len(receipt.reference) == 7
    stored = desk.export(CONVERSATION)
    (kept,) = stored["sign_ups"]
    assert (kept["name"], kept["contact"]) == (NAME, EMAIL if method == "email" else PHONE)
    assert kept["reference"] == receipt.reference
    answers = [(record["purpose"], record["answer"]) for record in stored["consents"]]
    assert answers == [("contact", "granted"), (method, "granted")]
    shown = current_terms().consents
    assert [record["text"] for record in stored["consents"]] == [
        shown["contact"].text,
        shown[method].text,
    ]
    assert json.loads(json.dumps(stored)) == stored
    known = desk.known(CONVERSATION)
    assert known is not None
    assert known.granted == ("contact", method)
    assert known.masked_contact in ("z•••@example.org", "•••-•••-0137")
    assert known.confirmed == (method != "email")


def test_an_answer_of_no_is_recorded_too(desk: SignupDesk) -> None:
    consents = (consent("contact"), consent("phone"), consent("sms", granted=False))
    desk.submit(application(consents=consents))
    answers = [record["answer"] for record in desk.export(CONVERSATION)["consents"]]
    assert answers == ["granted", "granted", "refused"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"adult": False}, "not_adult"),
        ({"consents": ()}, "no_consent"),
        ({"consents": (consent("contact"),)}, "no_consent"),
        ({"consents": (consent("phone"),)}, "no_consent"),
        ({"consents": (consent("contact", granted=False), consent("phone"))}, "no_consent"),
        ({"consents": (consent("contact"), consent("phone", granted=False))}, "no_consent"),
        ({"consents": (consent("contact"), consent("email"))}, "no_consent"),
        ({"consents": (consent("contact"), consent("contact"), consent("phone"))}, "malformed"),
        ({"consents": (replace(consent("contact"), purpose="marketing"),)}, "malformed"),
        ({"contact": "555-0137"}, "phone_missing"),
        ({"contact": "202-555-0137"}, "malformed"),
        ({"contact_method": "pigeon"}, "malformed"),
        ({"for_whom": "a cat"}, "malformed"),
        ({"name": ""}, "malformed"),
        ({"name": "x" * 81}, "malformed"),
        ({"name": "a\x00b"}, "malformed"),
        ({"channel": "c" * 33}, "malformed"),
        ({"submission_id": "short"}, "malformed"),
        ({"conversation_id": ""}, "malformed"),
        ({"conversation_id": "x" * 256}, "malformed"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    desk: SignupDesk, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(ApplicationError) as caught:
        desk.submit(application(**changes))
    assert caught.value.code == code
    assert str(caught.value).endswith(".")
    assert not any(canary in str(caught.value) for canary in CANARIES)
    assert count(desk, sign_up) == count(desk, consent_record) == count(desk, outbox_message) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda good: replace(good, terms_sha256="0" * 64),
        lambda good: replace(good, terms_version="2020-01-01"),
        lambda good: replace(
            good, consents=(replace(good.consents[0], text_sha256="0" * 64), good.consents[1])
        ),
    ],
)
def test_other_terms_than_those_in_force_are_asked_again(
    desk: SignupDesk, change: Callable[[Application], Application]
) -> None:
    with pytest.raises(TermsChangedError):
        desk.submit(change(application()))
    assert count(desk, sign_up) == count(desk, consent_record) == 0


def test_handing_in_again_changes_nothing(desk: SignupDesk) -> None:
    handed_in = application("email")
    first = desk.submit(handed_in)
    again = desk.submit(replace(handed_in, consents=(consent("contact"), consent("email"))))
    assert again == replace(first, repeated=True)
    assert (count(desk, sign_up), count(desk, consent_record)) == (1, 2)
    assert count(desk, outbox_message) == 1


def test_handing_in_other_answers_under_the_same_id_is_told(desk: SignupDesk) -> None:
    handed_in = application()
    desk.submit(handed_in)
    for changed in ({"name": "Another"}, {"conversation_id": "another"}):
        with pytest.raises(ApplicationError) as caught:
            desk.submit(replace(handed_in, **changed))
        assert caught.value.code == "already_received"
    assert desk.export(CONVERSATION)["sign_ups"][0]["name"] == NAME


def test_many_at_once_make_one_row(settings: Settings) -> None:
    desks = [SignupDesk.open(settings) for _ in range(2)]
    handed_in = application()
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda at: desks[at % 2].submit(handed_in), range(16)))
    assert len({receipt.reference for receipt in receipts}) == 1
    assert [receipt.repeated for receipt in receipts].count(False) == 1
    assert (count(desks[0], sign_up), count(desks[0], consent_record)) == (1, 2)
    for desk in desks:
        desk.close()


def test_many_different_ones_at_once_make_one_chain(desk: SignupDesk) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda at: desk.submit(application(conversation_id=f"c{at}")), range(24)))
    with desk.store.reading() as connection:
        positions = connection.execute(sa.select(consent_record.c.position)).scalars().all()
    assert sorted(positions) == list(range(1, 49))


def test_the_database_itself_refuses_a_sign_up_without_its_consents(desk: SignupDesk) -> None:
    desk.submit(application())
    other = application(conversation_id="other", consents=(consent("contact"), consent("phone")))
    desk.submit(other)
    with desk.store.reading() as connection:
        mine = connection.execute(sa.select(sign_up)).first()
    assert mine is not None
    row = {**mine._mapping, "reference": "AAA-AAA"}
    unfounded = [
        {"id": "f" * 64},
        {"subject": "f" * 64, "id": "e" * 64},
        {"id": "d" * 64, "contact_record": 99},
        {"id": "c" * 64, "contact_method": "email"},
        {"id": "b" * 64, "consent_answer": "refused"},
    ]
    for change in unfounded:
        with pytest.raises(DBAPIError), desk.store.engine.begin() as connection:
            connection.execute(sign_up.insert(), {**row, **change})
    assert count(desk, sign_up) == 2


def test_the_database_itself_refuses_a_sign_up_with_two_refusals(desk: SignupDesk) -> None:
    desk.submit(application())
    with desk.store.engine.begin() as connection:
        mine = connection.execute(sa.select(sign_up)).one()
        granted = desk.store.ledger.granted(connection, mine.subject).values()
        refused = [replace(entry, sign_up="f" * 64, answer="refused") for entry in granted]
        contact, way = desk.store.ledger.append(connection, refused)
    row = {**mine._mapping, "id": "f" * 64, "reference": "AAA-AAA", "consent_answer": "refused"}
    with pytest.raises(DBAPIError), desk.store.engine.begin() as connection:
        connection.execute(sign_up.insert(), {**row, "contact_record": contact, "way_record": way})
    assert count(desk, sign_up) == 1


def test_a_confirmed_address_is_told_to_staff_and_a_link_works_once(desk: SignupDesk) -> None:
    desk.submit(application("email"))
    token = token_of(desk)
    assert [message["event"] for message in desk.export(CONVERSATION)["messages"]] == [
        "confirmation"
    ]
    assert desk.confirm(token) == "confirmed"
    assert desk.confirm(token) == "already"
    assert desk.confirm(token + "x") == "unknown"
    assert desk.confirm("") == desk.confirm("x" * 10_000) == desk.confirm("\ud800") == "unknown"
    events = [message["event"] for message in desk.export(CONVERSATION)["messages"]]
    assert events == ["confirmation", "sign_up"]
    known = desk.known(CONVERSATION)
    assert known is not None
    assert known.confirmed


def test_a_link_pressed_many_times_at_once_tells_staff_once(desk: SignupDesk) -> None:
    desk.submit(application("email"))
    token = token_of(desk)
    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(lambda _: desk.confirm(token), range(12)))
    assert results.count("confirmed") == 1
    assert results.count("already") == 11
    assert count(desk, outbox_message) == 2


def test_nobody_can_have_an_address_flooded(desk: SignupDesk) -> None:
    for at in range(3):
        desk.submit(application("email", conversation_id=f"c{at}"))
    with pytest.raises(ApplicationError) as caught:
        desk.submit(application("email", conversation_id="c4", contact=EMAIL))
    assert caught.value.code == "too_many"
    assert count(desk, outbox_message) == 3


def test_consent_is_taken_back_by_purpose(desk: SignupDesk) -> None:
    desk.submit(application(consents=(consent("contact"), consent("phone"), consent("sms"))))
    assert desk.withdraw(CONVERSATION, ["sms", "nonsense"], "web") == 1
    known = desk.known(CONVERSATION)
    assert known is not None
    assert known.granted == ("contact", "phone")
    assert desk.export(CONVERSATION)["messages"][0]["outcome"] is None
    assert desk.withdraw(CONVERSATION, None, "web") == 2
    assert desk.withdraw(CONVERSATION, None, "web") == 0
    stored = desk.export(CONVERSATION)
    last = stored["consents"][-1]
    assert (last["answer"], last["channel"]) == ("withdrawn", "web")
    # Nobody was told yet, and now nobody will be.
    assert [message["outcome"] for message in stored["messages"]] == ["withdrawn"]


def test_stop_from_a_phone_ends_texts_to_it_whoever_asked_for_them(desk: SignupDesk) -> None:
    desk.submit(application("sms"))
    desk.submit(application("sms", conversation_id="of somebody else"))
    desk.submit(application("sms", conversation_id="another number", contact="+12025550199"))
    assert desk.stop_texts(PHONE, "twilio") == 2
    for conversation in (CONVERSATION, "of somebody else"):
        known = desk.known(conversation)
        assert known is not None
        assert "sms" not in known.granted
        assert "contact" in known.granted
        assert desk.export(conversation)["consents"][-1]["channel"] == "twilio"
    other = desk.known("another number")
    assert other is not None
    assert "sms" in other.granted
    assert desk.stop_texts(PHONE, "twilio") == 0
    assert desk.stop_texts("+12025550111", "twilio") == 0


def test_consent_can_be_given_again(desk: SignupDesk) -> None:
    desk.submit(application())
    desk.withdraw(CONVERSATION, None, "web")
    desk.submit(application())
    known = desk.known(CONVERSATION)
    assert known is not None
    assert known.granted == ("contact", "phone")


def test_erased_is_erased(desk: SignupDesk) -> None:
    handed_in = application("email")
    desk.submit(handed_in)
    token = token_of(desk)
    assert desk.erase(CONVERSATION, "web")
    assert not desk.erase(CONVERSATION, "web")
    assert desk.known(CONVERSATION) is None
    assert desk.confirm(token) == "unknown"
    assert count(desk, sign_up) == count(desk, outbox_message) == 0
    left = desk.export(CONVERSATION)
    assert left["sign_ups"] == left["messages"] == []
    assert [record["answer"] for record in left["consents"]] == [
        *("granted", "granted", "withdrawn", "withdrawn", "erased"),
    ]
    assert not any(canary in json.dumps(left) for canary in CANARIES)
    # A late retry of the form does not bring it back.
    with pytest.raises(ApplicationError) as caught:
        desk.submit(handed_in)
    assert caught.value.code == "erased"


def test_one_person_never_reaches_the_data_of_another(desk: SignupDesk) -> None:
    desk.submit(application())
    assert desk.export("another") == {}
    assert desk.known("another") is None
    assert desk.withdraw("another", None, "web") == 0
    assert not desk.erase("another", "web")
    assert count(desk, sign_up) == 1


def test_a_wrong_secret_is_told_at_start(desk: SignupDesk, settings: Settings) -> None:
    desk.submit(application())
    with pytest.raises(StoreUnavailableError, match="RECORDS_SECRET is another one"):
        SignupDesk.open(settings.copy(update={"records_secret": "x" * 40}))


def test_a_lost_key_is_told_and_shows_nothing(desk: SignupDesk, settings: Settings) -> None:
    from cryptography.fernet import Fernet

    desk.submit(application())
    other = SignupDesk.open(settings.copy(update={"data_keys": Fernet.generate_key().decode()}))
    with pytest.raises(SettingsError, match="none of DATA_KEYS"):
        other.export(CONVERSATION)
    other.close()


def test_data_moved_to_another_row_is_not_shown(desk: SignupDesk) -> None:
    desk.submit(application())
    desk.submit(application("email", conversation_id="other", name="Other"))
    with desk.store.writing() as connection:
        rows = {row.subject: row for row in connection.execute(sa.select(sign_up))}
        mine = rows.pop(desk.store.keys.subject(CONVERSATION))
        (other,) = rows.values()
        change = sign_up.update().where(sign_up.c.id == mine.id)
        connection.execute(change.values(contact=other.contact))
    with pytest.raises(SettingsError, match="that of another one"):
        desk.export(CONVERSATION)


@pytest.mark.parametrize(
    "call",
    [
        lambda desk: desk.submit(application()),
        lambda desk: desk.confirm("x"),
        lambda desk: desk.withdraw(CONVERSATION, None, "web"),
        lambda desk: desk.erase(CONVERSATION, "web"),
        lambda desk: desk.export(CONVERSATION),
        lambda desk: desk.known(CONVERSATION),
        lambda desk: desk.suppress(PHONE),
    ],
)
def test_a_store_that_fails_is_one_sentence_without_data(
    desk: SignupDesk, call: Callable[[SignupDesk], Any], caplog: pytest.LogCaptureFixture
) -> None:
    desk.submit(application("email"))
    with desk.store.engine.begin() as connection:
        for table in ("outbox_message", "confirmation_token", "sign_up", "suppressed_contact"):
            connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO gone_{table}"))
    with pytest.raises(StoreUnavailableError) as caught:
        call(desk)
    said = f"{caught.value} {caplog.text}"
    assert not any(canary in said for canary in CANARIES)
    assert caught.value.__cause__ is None


def test_a_database_that_is_not_there_is_told(tmp_path: Any, settings: Settings) -> None:
    (tmp_path / "file").write_text("")
    for broken in (
        settings.copy(update={"database_url": None, "state_dir": tmp_path / "file" / "state"}),
        settings.copy(update={"database_url": "postgresql://127.0.0.1:1/none"}),
    ):
        with pytest.raises(StoreUnavailableError):
            SignupDesk.open(broken)
