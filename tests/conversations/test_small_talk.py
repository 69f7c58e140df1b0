"""People are kind, angry, or only testing; nobody is scolded."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import only

pytestmark = pytest.mark.live


@pytest.mark.parametrize("text", ["thanks", "thank you so much!!", "THANK YOU", "ty!!"])
def test_user_thanks(visitor: Visitor, text: str) -> None:
    assert only(visitor.say(text))["text"].startswith("You're welcome.")


@pytest.mark.parametrize("text", ["hi", "good morning", "are you there?", "hey!!"])
def test_user_greets(visitor: Visitor, text: str) -> None:
    assert only(visitor.say(text))["text"].startswith("Hello.")


@pytest.mark.parametrize("text", ["this is fucking useless", "fuck you", "you suck", "wtf"])
def test_user_swears_and_is_not_scolded(visitor: Visitor, text: str) -> None:
    said = only(visitor.say(text))["text"]
    assert said.startswith("I'm sorry this isn't helping.")
    assert "1-800-662-4357" in said
    assert not {"language", "rude", "polite", "please don't"} & set(said.lower().split())


def test_user_swears_in_a_question_and_is_answered(visitor: Visitor) -> None:
    message = only(visitor.say("how the hell does methadone work"))
    assert message["blocks"][0]["topic"] == "methadone"


def test_user_jokes(visitor: Visitor) -> None:
    assert "What would you like to know" in only(visitor.say("haha ok"))["text"]


@pytest.mark.parametrize(
    "text", ["tell me something funny", "do you have a favorite song?", "asdfghjkl just testing"]
)
def test_user_chats_and_hears_no_lie_about_the_program(visitor: Visitor, text: str) -> None:
    said = only(visitor.say(text))["text"]
    assert said.startswith("It's fine to just chat")
    assert "automated program" in said
    assert only(visitor.say("what happens in group therapy?"))["kind"] == "answer"


def test_user_says_goodbye_and_comes_back(visitor: Visitor) -> None:
    assert only(visitor.say("bye"))["text"].startswith("Take care.")
    assert only(visitor.say("what is CBT?"))["kind"] == "answer"


def test_small_talk_between_keeps_the_subject(visitor: Visitor) -> None:
    visitor.say("what is EMDR?")
    visitor.say("thanks")
    assert "emdr" in str(only(visitor.say("does it work?"))["blocks"]).lower()
