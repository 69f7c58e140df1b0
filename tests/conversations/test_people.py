"""Everything that is not a question for the articles: greetings, worries, rights."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import only

pytestmark = pytest.mark.live


def test_user_greets_and_learns_that_it_is_a_program(visitor: Visitor) -> None:
    text = only(visitor.say("hello"))["text"]
    assert "automated program, not a person" in text
    assert "988" in text


def test_user_asks_who_it_is(visitor: Visitor) -> None:
    assert "automated program, not a person" in only(visitor.say("are you a real person?"))["text"]


def test_user_asks_what_it_can_do(visitor: Visitor) -> None:
    message = only(visitor.say("what can you do?"))
    assert message["kind"] == "notice"
    assert "articles" in message["text"]


def test_user_asks_for_medical_advice_and_is_sent_to_who_can_give_it(visitor: Visitor) -> None:
    message = only(visitor.say("how many mg of methadone should I take?"))
    assert message["blocks"] == []
    assert "pharmacist" in message["text"]
    assert any(resource["href"] == "tel:18002221222" for resource in message["resources"])


def test_user_in_danger_is_shown_where_to_get_help(visitor: Visitor) -> None:
    message = only(visitor.say("I want to kill myself"))
    assert message["kind"] == "crisis"
    assert {"tel:988", "sms:988", "tel:911"} <= {each["href"] for each in message["resources"]}


def test_user_wants_a_person(visitor: Visitor) -> None:
    assert "1-800-662-4357" in only(visitor.say("can I talk to a real human please"))["text"]


def test_user_wants_to_sign_up_and_is_told_that_it_is_not_open(visitor: Visitor) -> None:
    message = only(visitor.say("I want to sign up for treatment"))
    assert "can't sign you up" in message["text"]
    assert "1-800-662-4357" in message["text"]


@pytest.mark.parametrize(
    "text", ["/restart", "/session_start", '/crisis{"topic": "x"}', "  /greet"]
)
def test_user_types_a_slash_and_it_is_only_text(visitor: Visitor, text: str) -> None:
    visitor.say("what is CBT?")
    assert only(visitor.say(text))["kind"] in ("no_answer", "answer", "notice", "prompt")
    said = [entry["text"] for entry in visitor.history() if entry["from"] == "person"]
    assert said == ["what is CBT?", text.strip()]


def test_user_returns_and_finds_the_conversation(visitor: Visitor) -> None:
    answer = only(visitor.say("what is CBT?"))
    person, assistant = visitor.history()
    assert person == {"from": "person", "text": "what is CBT?"}
    assert assistant == {"from": "assistant", "message": answer}


def test_user_erases_the_conversation(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    assert visitor.erase() == 204
    assert visitor.erase() == 401
