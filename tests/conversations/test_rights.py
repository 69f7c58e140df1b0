"""What a person can do with what they have told, and what is left of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.applicant import Applicant, conversations, dump, files, stored
from tests.client import Visitor
from tests.serving import Live

pytestmark = pytest.mark.live

NAME, NUMBER, ADDRESS = "Zebrinaqx", "202-555-0187", "zebrinaqx.canary@example.org"
CANARIES = (NAME, "zebrinaqx", "2025550187", "555-0187", "canary@example.org")


@pytest.fixture
def person(visitor: Visitor) -> Applicant:
    return Applicant(visitor)


def found(canaries: tuple[str, ...], text: str) -> list[str]:
    return [canary for canary in canaries if canary in text]


def answers_of(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["purpose"], each["answer"]) for each in found["consents"]]


def test_user_withdraws_consent(live: Live, person: Applicant) -> None:
    person.signs_up().say("I want to withdraw my consent")
    assert "nobody may contact you" in person.asked
    ledger = answers_of(stored(live.settings, person))
    assert ledger[:2] == [("contact", "granted"), ("sms", "granted")]
    assert sorted(ledger[2:]) == [("contact", "withdrawn"), ("sms", "withdrawn")]
    assert "taken back your consent before" in person.say("I withdraw my consent").asked


def test_user_stops_text_messages_alone(live: Live, person: Applicant) -> None:
    person.signs_up().say("stop texting me")
    assert "nobody may text you" in person.asked
    assert answers_of(stored(live.settings, person))[2:] == [("sms", "withdrawn")]


def test_user_sees_what_is_stored(live: Live, person: Applicant) -> None:
    person.signs_up(name=NAME).say("what do you know about me")
    assert "•••-•••-0143" in person.asked
    assert NAME not in person.asked
    person.press("Show all of it")
    assert NAME in person.asked
    assert json.loads(person.asked) == json.loads(
        json.dumps(stored(live.settings, person), default=str)
    )
    assert found(CANARIES, conversations(live.settings)) == []


def test_user_without_a_sign_up_is_told_so(person: Applicant) -> None:
    assert "no sign-up from this conversation" in person.say("what do you know about me").asked
    assert "no sign-up from this conversation" in person.say("I withdraw my consent").asked


def test_user_of_another_conversation_reaches_nothing(live: Live, person: Applicant) -> None:
    person.signs_up()
    with Visitor(live.address) as stranger:
        other = Applicant(stranger)
        other.say("what do you know about me")
        assert "no sign-up from this conversation" in other.asked
        other.say("I withdraw my consent", "delete my data", "yes")
    assert answers_of(stored(live.settings, person)) == [("contact", "granted"), ("sms", "granted")]
    assert "•••-•••-0143" in person.say("what do you know about me").asked


@pytest.mark.parametrize("answers", [("no",), ("maybe", "hm ok")])
def test_user_asks_to_delete_and_does_not_say_yes(
    live: Live, person: Applicant, answers: tuple[str, ...]
) -> None:
    person.signs_up().say("delete my data", *answers)
    assert person.asked == "I deleted nothing. Everything stays as it was."
    assert len(stored(live.settings, person)["sign_ups"]) == 1
    assert len(person.visitor.history()) > len(answers)


def test_user_deletes_all_and_nothing_is_left(live: Live, person: Applicant) -> None:
    person.signs_up(name=NAME).say("what is CBT?", "delete my data").press("Yes, delete")
    assert person.asked.startswith("Done.")
    left = stored(live.settings, person)
    assert left["sign_ups"] == []
    assert found(CANARIES, json.dumps(left, default=str)) == []
    texts = [each.get("text") or each["message"]["text"] for each in person.visitor.history()]
    assert texts == ["Yes, delete everything", person.asked]
    assert person.say("what is DBT?").messages[0]["kind"] == "answer"


def test_user_deletes_in_the_middle_of_the_sign_up(live: Live, person: Applicant) -> None:
    person.gives_contact(name=NAME).say("please delete all my data")
    assert "stopped the sign-up" in person.messages[0]["text"]
    assert "Should I delete all of it?" in person.asked
    person.say("yes")
    assert stored(live.settings, person) == {}
    assert found(CANARIES, conversations(live.settings)) == []


def test_user_finds_the_answers_gone_from_the_history(person: Applicant) -> None:
    person.starts().say("yes", NAME, "what is CBT?").press("Text").say(NUMBER).press("Myself")
    person.press("Yes, I agree").press("Yes, I agree").press("Yes, I agree").press("Yes, send")
    said = [each["text"] for each in person.visitor.history() if each["from"] == "person"]
    assert said == [
        *("I want to sign up for treatment", "(removed)", "(removed)", "what is CBT?"),
        *("Text message", "(removed)", "Myself", *["Yes, I agree"] * 3, "Yes, send it"),
    ]
    shown = [each for each in person.visitor.history() if each["from"] == "assistant"]
    assert found(CANARIES, json.dumps(shown)) == []


def fill_in(person: Applicant, address: str) -> None:
    way = "Email" if "@" in address else "Phone call"
    person.say(f"hi, {NAME} here, {address}, I want to sign up").say("yes")
    person.say(f"%%% {NAME} @@@", f"my name is {NAME}", "what is CBT?").press(way)
    person.say("hm", f"{address}{address}", address, "i want to die", f"I'm {NAME}").press("Go on")
    person.press("Someone").press("Yes, I agree").press("Yes, I agree").press("Yes, I agree")


@pytest.mark.parametrize("address", [ADDRESS, NUMBER])
@pytest.mark.parametrize("end", ["send", "stop", "refuse", "erase"])
def test_what_a_user_told_is_found_nowhere_but_encrypted_in_the_store(
    live: Live, person: Applicant, address: str, end: str
) -> None:
    fill_in(person, address)
    if end == "send":
        person.press("Yes, send it").say("show me my data", "export my data")
    elif end == "refuse":
        person.press("Change how").press("Text").say(NUMBER, "no")
    elif end == "erase":
        person.press("Yes, send it").say("delete my data").press("Yes, delete")
    else:
        person.say("stop")
    kept = stored(live.settings, person)
    assert bool(kept.get("sign_ups")) is (end == "send")
    assert found(CANARIES, conversations(live.settings)) == []
    for content in files(live.settings).values():
        assert found(CANARIES, content.decode("latin-1")) == []
    assert found(CANARIES, dump(live.settings)) == []
    # What was encrypted is gone, too.
    person.say("delete my data", "yes")
    assert not stored(live.settings, person).get("sign_ups")
