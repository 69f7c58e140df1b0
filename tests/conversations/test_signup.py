"""Signing up in the chat, and what is in the store afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from assistant.signup.terms import TERMS_FOLDER, current_terms, versions
from tests.applicant import EMAIL, Applicant, stored
from tests.client import Visitor
from tests.serving import Live

pytestmark = pytest.mark.live

Stored = Callable[[], dict[str, Any]]


@pytest.fixture
def person(visitor: Visitor) -> Applicant:
    return Applicant(visitor)


@pytest.fixture
def now_stored(live: Live, person: Applicant) -> Stored:
    return lambda: stored(live.settings, person)


@pytest.fixture
def newer_terms() -> Iterator[Callable[[], None]]:
    """Puts other terms in force, and takes them back."""
    path = TERMS_FOLDER / "9999-01-01.yml"

    def put() -> None:
        (latest,) = versions()[-1:]
        text = (TERMS_FOLDER / f"{latest}.yml").read_text("utf-8")
        other = text.replace(f'version: "{latest}"', 'version: "9999-01-01"')
        path.write_text(other.replace("You can say no and", "You may say no and"), "utf-8")

    try:
        yield put
    finally:
        path.unlink(missing_ok=True)


def only(found: list[dict[str, Any]]) -> dict[str, Any]:
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("way", "method", "contact"),
    [
        ("Text message", "sms", "+12025550143"),
        ("Phone call", "phone", "+12025550143"),
        ("Email", "email", EMAIL),
    ],
)
def test_user_signs_up(
    person: Applicant, now_stored: Stored, way: str, method: str, contact: str
) -> None:
    person.signs_up(way)
    assert person.asked.startswith("Thank you. Your sign-up has been received.")
    assert ("confirm it with the link" in person.asked) is (method == "email")
    found = now_stored()
    sign_up = only(found["sign_ups"])
    assert sign_up["reference"] in person.asked
    assert (sign_up["name"], sign_up["contact"]) == ("Maria", contact)
    assert (sign_up["contact_method"], sign_up["for_whom"]) == (method, "self")
    assert sign_up["channel"] == "web"
    terms = current_terms()
    assert {
        (each["purpose"], each["answer"], each["text_sha256"]) for each in found["consents"]
    } == {(purpose, "granted", terms.consents[purpose].sha256) for purpose in ("contact", method)}


def test_user_signs_up_with_words_and_numbers_alone(person: Applicant, now_stored: Stored) -> None:
    person.starts().say("I'm 34", "my name is Maria", "3", "my number is (202) 555-0143", "2")
    person.say("yes", "sí", "1", "yes, send it")
    assert "has been received" in person.asked
    assert only(now_stored()["sign_ups"])["for_whom"] == "loved_one"


@pytest.mark.parametrize("agreed", [0, 1, 2])
def test_user_refuses_and_nothing_is_stored(
    person: Applicant, now_stored: Stored, agreed: int
) -> None:
    person.gives_contact()
    for _ in range(agreed):
        person.press("Yes, I agree")
    person.say("no")
    assert "Without your yes we can't contact you" in person.asked
    assert now_stored() == {}
    assert person.say("what is CBT?").messages[0]["kind"] == "answer"


def test_user_who_is_too_young_is_shown_who_helps(person: Applicant, now_stored: Stored) -> None:
    person.starts().say("I'm 16")
    assert "1-800-662-4357" in person.asked
    assert "tel:988" in {resource["href"] for resource in person.messages[-1]["resources"]}
    assert now_stored() == {}
    assert len(person.say("Maria").messages) == 1


@pytest.mark.parametrize("text", ["how do i start", "how do I sign up", "where do i begin"])
def test_user_asks_how_to_begin_in_the_middle(person: Applicant, text: str) -> None:
    person.starts().say("yes 18", text)
    assert len(person.messages) <= 2
    assert "What name should we call you by?" in person.asked


def test_user_says_later_to_be_too_young(person: Applicant, now_stored: Stored) -> None:
    person.gives_contact().say("wait, i am 17 btw")
    assert "1-800-662-4357" in person.asked
    assert now_stored() == {}


def test_user_leaves_in_the_middle(person: Applicant, now_stored: Stored) -> None:
    person.comes_to_summary()
    assert now_stored() == {}


@pytest.mark.parametrize("text", ["stop", "never mind", "not now", "cancel", "ya no quiero"])
def test_user_stops(person: Applicant, now_stored: Stored, text: str) -> None:
    person.gives_contact().say(text)
    assert "I have stopped the sign-up. Nothing was sent" in only(person.messages)["text"]
    assert now_stored() == {}
    assert person.say("what is CBT?").messages[-1]["kind"] == "answer"


def test_user_stops_and_begins_anew(person: Applicant, now_stored: Stored) -> None:
    person.gives_contact().say("stop").signs_up(name="Ana")
    assert only(now_stored()["sign_ups"])["name"] == "Ana"


def test_user_corrects_an_answer(person: Applicant, now_stored: Stored) -> None:
    person.comes_to_summary("Email").say("no, my email is ana@example.org")
    assert "ana@example.org" in person.asked
    person.press("Yes, send it")
    assert only(now_stored()["sign_ups"])["contact"] == "ana@example.org"


def test_user_changes_one_thing_in_the_summary(person: Applicant, now_stored: Stored) -> None:
    person.comes_to_summary().press("Change the name")
    assert "What name" in person.asked
    person.say("Ana")
    assert "Name: Ana" in person.asked
    person.press("Yes, send it")
    assert only(now_stored()["sign_ups"])["name"] == "Ana"


def test_user_changes_how_to_be_reached_and_consents_to_it(
    person: Applicant, now_stored: Stored
) -> None:
    person.comes_to_summary().press("Change how to reach me").press("Email").say(EMAIL)
    assert "send you email" in person.asked
    person.say("yes").press("Yes, send it")
    granted = {each["purpose"] for each in now_stored()["consents"]}
    assert granted == {"contact", "email"}


def test_user_asks_a_question_in_the_middle(person: Applicant, now_stored: Stored) -> None:
    person.starts().say("yes")
    question = person.asked
    person.say("what is CBT?")
    answer, again = person.messages
    assert answer["kind"] == "answer"
    assert answer["sources"]
    assert again["text"] == question
    person.say("how long does it take?", "Maria")
    assert "reached" in person.asked
    assert now_stored() == {}


def test_user_asks_for_a_person_in_the_middle(person: Applicant) -> None:
    person.gives_contact()
    question = person.asked
    person.say("can I talk to a real human please")
    assert "1-800-662-4357" in person.messages[0]["text"]
    assert person.asked == question


def test_user_asks_why_at_every_question(person: Applicant) -> None:
    person.starts()
    for answer in ("yes", "Maria", "3", "202-555-0143", "1", "yes", "yes", "yes"):
        question = person.asked
        why, again = person.say("why do you need that?").messages
        assert why["kind"] == "notice"
        assert why["text"] != question
        assert again["text"] == question
        person.say(answer)
    assert "check what you told me" in person.asked


def test_user_fails_three_times_and_is_offered_a_person(person: Applicant) -> None:
    person.starts().say("yes", "Maria", "email", "no idea", "at home", "dunno")
    assert "1-800-662-4357" in person.text
    assert '"stop"' in person.text
    person.say(EMAIL)
    assert "Who is" in person.asked


@pytest.mark.parametrize("text", ["i want to die", "I took too many pills"])
def test_user_in_danger_is_helped_and_the_form_waits(
    person: Applicant, now_stored: Stored, text: str
) -> None:
    person.starts().say("yes").say(text)
    assert only(person.messages)["kind"] == "crisis"
    person.say("thank you")
    assert "There is no hurry" in person.asked
    person.say("what is CBT?")
    assert "sign-up" not in person.text
    person.press("Go on")
    assert "What name" in person.asked
    person.say("Maria", "3", "202-555-0143", "1", "yes", "yes", "yes")
    assert "Name: Maria" in person.asked
    person.press("Yes, send it")
    assert only(now_stored()["sign_ups"])["name"] == "Maria"


def test_user_in_danger_says_yes_and_it_is_no_consent(
    person: Applicant, now_stored: Stored
) -> None:
    person.gives_contact().say("i want to kill myself", "yes")
    assert "go on with it" in person.asked
    assert person.say("not now").asked.startswith("I have stopped the sign-up.")
    assert now_stored() == {}


@pytest.mark.parametrize(
    "text", ["maybe", "ok I guess", "/affirm", '/choose{"choice": "1:signup_consent_contact:yes"}']
)
def test_user_says_what_is_no_yes(person: Applicant, now_stored: Stored, text: str) -> None:
    person.gives_contact()
    question = person.asked
    person.say(text)
    assert person.asked == question
    assert "clear yes" in person.text
    person.say(text)
    assert "Without your yes" in person.asked
    assert now_stored() == {}


def test_user_sends_twice_and_is_stored_once(person: Applicant, now_stored: Stored) -> None:
    person.comes_to_summary()
    send = person.offered("Yes, send it")
    first = person.visitor.choose(send)
    second = person.visitor.choose(send)
    reference = only(now_stored()["sign_ups"])["reference"]
    assert reference in only(first)["text"]
    assert reference in only(second)["text"]


def test_user_wants_to_sign_up_again(person: Applicant, now_stored: Stored) -> None:
    person.signs_up().starts()
    assert "already signed up" in person.asked
    assert len(now_stored()["sign_ups"]) == 1


def test_user_presses_a_choice_of_a_form_that_has_ended(
    person: Applicant, now_stored: Stored
) -> None:
    person.gives_contact().say("stop").press("Yes, I agree")
    assert "no longer open" in person.asked
    assert now_stored() == {}


def test_user_is_asked_again_when_the_terms_have_changed(
    person: Applicant, now_stored: Stored, newer_terms: Callable[[], None]
) -> None:
    person.comes_to_summary()
    newer_terms()
    person.press("Yes, send it")
    assert "Our terms have changed" in person.messages[0]["text"]
    assert "You may say no" in person.asked
    assert now_stored() == {}
    person.say("yes", "yes", "yes").press("Yes, send it")
    assert "has been received" in person.asked
    assert only(now_stored()["sign_ups"])["terms_version"] == "9999-01-01"


def test_user_sends_while_the_store_is_down_and_again_when_it_is_back(
    live: Live, person: Applicant, now_stored: Stored
) -> None:
    person.comes_to_summary()
    with closing(sqlite3.connect(live.settings.state_dir / "signups.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        person.press("Yes, send it")
    assert "nothing was sent. Your answers are kept for one hour." in person.messages[0]["text"]
    assert "received" not in person.text
    assert "Name: Maria" in person.asked
    assert now_stored() == {}
    person.press("Yes, send it")
    assert "has been received" in person.asked
    assert len(now_stored()["sign_ups"]) == 1


@pytest.mark.parametrize("text", ["yes", "yes please", "sure"])
def test_user_says_yes_to_the_offer_of_the_sign_up(visitor: Visitor, text: str) -> None:
    offer = only(visitor.say("how do I find a treatment program?"))
    assert "Sign up" in [choice["title"] for choice in offer["choices"]]
    assert "are you 18 or older" in only(visitor.say(text))["text"]
    # It is the form that asks: the next yes is an answer to it.
    assert "What name" in only(visitor.say("yes"))["text"]


def test_user_asks_about_the_sign_up_while_signing_up(visitor: Visitor) -> None:
    visitor.say("sign me up")
    told, question = visitor.say("who will see this?")
    assert told["text"].startswith("Staff of")
    assert "are you 18 or older" in question["text"]
