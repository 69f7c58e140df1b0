"""A person signs up in the widget, with a keyboard alone, on a desktop and on a small phone."""

from __future__ import annotations

import pytest

from assistant.signup.terms import current_terms
from tests.applicant import PHONE, stored
from tests.browser.chat import Chat
from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.serving import Live

pytestmark = [pytest.mark.live, pytest.mark.browser]

AGREE = "Yes, I agree"
_SCREENS = [(1280, 860), (320, 568)]


@pytest.fixture(params=_SCREENS, ids=["desktop", "phone"])
def chat(request: pytest.FixtureRequest, visit: Visit) -> Chat:
    """The demo page as a person comes to it."""
    width, height = request.param
    return visit(viewport={"width": width, "height": height})


@pytest.fixture
def person(chat: Chat) -> Keyboard:
    """Has opened the chat; after each answer nobody is shut out by what is on the screen."""

    def all_can_use_it() -> None:
        assert chat.violations() == []
        scrolled = (
            "r => [...r.querySelectorAll('.panel, .log')].map(e => e.scrollWidth > e.clientWidth)"
        )
        assert chat.inside(scrolled) == [False, False]
        assert chat.complaints == []

    return Keyboard(chat, all_can_use_it).opens()


def comes_to_consent(person: Keyboard) -> Keyboard:
    person.says("I want to sign up for treatment")
    person.presses("Yes, I am 18 or older")
    person.says("Maria")
    person.presses("Text message")
    person.says(PHONE)
    person.presses("Myself")
    return person


def shown_question(chat: Chat) -> tuple[str, list[str]]:
    """The open question as it is read, and the names of what can be pressed."""
    question = chat.answers.last.get_by_role("group")
    return question.locator("legend").inner_text(), question.get_by_role("button").all_inner_texts()


def test_person_signs_up(chat: Chat, person: Keyboard, live: Live) -> None:
    assert person.says("what is CBT?").get_attribute("data-kind") == "answer"
    comes_to_consent(person)
    terms = current_terms()
    # What is agreed to is the very text of the terms, and nothing is chosen beforehand.
    for text in (terms.consents["contact"].text, terms.consents["sms"].text):
        assert shown_question(chat) == (text, [AGREE, "No"])
        person.presses(AGREE)
    assert shown_question(chat)[1] == [AGREE, "No"]
    person.presses(AGREE)
    text, choices = shown_question(chat)
    assert "Name: Maria" in text
    assert choices[0] == "Yes, send it"
    person.presses("Change the name")
    person.says("Ana")
    assert "Name: Ana" in shown_question(chat)[0]
    assert stored(live.settings, chat) == {}
    received = person.presses("Yes, send it")
    assert "has been received" in received.inner_text()
    kept = stored(live.settings, chat)
    (sign_up,) = kept["sign_ups"]
    assert sign_up["reference"] in received.inner_text()
    assert (sign_up["name"], sign_up["contact_method"], sign_up["for_whom"]) == (
        "Ana",
        "sms",
        "self",
    )
    agreed = {(each["purpose"], each["answer"], each["text_sha256"]) for each in kept["consents"]}
    assert agreed == {
        (purpose, "granted", terms.consents[purpose].sha256) for purpose in ("contact", "sms")
    }


def test_person_says_no_and_nothing_is_stored(chat: Chat, person: Keyboard, live: Live) -> None:
    comes_to_consent(person).presses(AGREE)
    assert "Without your yes we can't contact you" in person.presses("No").inner_text()
    assert stored(live.settings, chat) == {}
    assert person.says("what is CBT?").get_attribute("data-kind") == "answer"


def test_person_asks_something_in_the_middle(chat: Chat, person: Keyboard) -> None:
    comes_to_consent(person)
    question = shown_question(chat)
    before = chat.answers.count()
    person.says("what is CBT?")
    assert chat.answers.nth(before).get_attribute("data-kind") == "answer"
    assert shown_question(chat) == question
    # The question is open once, not twice.
    assert chat.log.get_by_role("button", name=AGREE).count() == 1
    person.presses(AGREE)
    assert "send you text messages" in shown_question(chat)[0]


def test_person_in_danger_is_helped_and_the_form_waits(
    chat: Chat, person: Keyboard, live: Live
) -> None:
    comes_to_consent(person)
    crisis = person.says("i want to die")
    assert crisis.get_attribute("data-kind") == "crisis"
    assert "988" in crisis.inner_text()
    # Nothing of the form can be pressed by mistake.
    assert chat.log.get_by_role("button", name=AGREE).count() == 0
    person.says("thank you")
    assert "There is no hurry" in shown_question(chat)[0]
    person.presses("Go on")
    assert shown_question(chat)[1] == [AGREE, "No"]
    assert stored(live.settings, chat) == {}


def test_person_has_everything_deleted_from_the_screen_too(
    chat: Chat, person: Keyboard, live: Live
) -> None:
    comes_to_consent(person).presses(AGREE, AGREE, AGREE, "Yes, send it")
    assert len(stored(live.settings, chat)["sign_ups"]) == 1
    person.says("delete my data")
    person.presses("Yes, delete everything")
    chat.log.get_by_text("Maria").wait_for(state="detached")
    chat.log.get_by_text("Done.").wait_for()
    assert stored(live.settings, chat)["sign_ups"] == []
    left = chat.log.inner_text() + chat.page.evaluate("JSON.stringify(sessionStorage)")
    for told in ("Maria", PHONE, "2025550143"):
        assert told not in left
    assert chat.focused() == "Your message"
    person.watch()
    assert person.says("what is CBT?").get_attribute("data-kind") == "answer"
