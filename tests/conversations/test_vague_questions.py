"""People write little: they get a short answer with choices, or one question back."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import links, only, sections, titles

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    "text",
    ["help", "I need help", "i dont know where to start", "information", "what should i do"],
)
def test_user_asks_for_help_and_is_asked_what_kind(visitor: Visitor, text: str) -> None:
    message = only(visitor.say(text))
    assert message["kind"] == "prompt"
    assert "What would you like help with?" in message["text"]
    assert 2 <= len(message["choices"]) <= 4
    assert {"tel:911", "tel:988", "tel:18006624357"} <= links(message)


@pytest.mark.parametrize("number", range(4))
def test_user_picks_what_kind_of_help(visitor: Visitor, number: int) -> None:
    choice = only(visitor.say("I need help"))["choices"][number]
    message = only(visitor.choose(choice["id"]))
    assert message["kind"] == "answer"
    assert [block["heading"] for block in message["blocks"]] == [choice["title"]]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("therapy", "psychotherapy-in-rehab#psychotherapy"),
        ("rehab", "rehab-basics#what-rehab-is"),
        ("what about medication", "how-addiction-is-treated#therapy-or-medicine"),
        ("alcohol", "drunk-and-sober#what-alcohol-is"),
    ],
)
def test_user_types_a_bare_topic_and_can_go_on(visitor: Visitor, text: str, section: str) -> None:
    message = only(visitor.say(text))
    assert sections(message)[0] == section
    more, *others = message["choices"]
    assert more["title"] == "Tell me more"
    assert 2 <= len(others) <= 3
    for choice in others:
        assert f"- {choice['title']}" in message["text"]


def test_user_goes_on_from_a_bare_topic(visitor: Visitor) -> None:
    choice = only(visitor.say("rehab"))["choices"][1]
    message = only(visitor.choose(choice["id"]))
    assert message["blocks"][0]["heading"] == choice["title"]


@pytest.mark.parametrize("number", range(4))
def test_user_types_what_the_choice_says(visitor: Visitor, number: int) -> None:
    title = only(visitor.say("I need help"))["choices"][number]["title"]
    message = only(visitor.say(title.lower()))
    assert [block["heading"] for block in message["blocks"]] == [title]


def test_user_asks_a_whole_question_and_is_offered_no_other(visitor: Visitor) -> None:
    assert titles(only(visitor.say("how long does detox take?"))) == ["Tell me more"]


@pytest.mark.parametrize("text", ["💊", "?", "...", "asdfgh qwrtz"])
def test_user_writes_no_words_and_is_asked_what_is_wanted(visitor: Visitor, text: str) -> None:
    message = only(visitor.say(text))
    assert message["blocks"] == []
    assert message["kind"] in ("prompt", "notice")


@pytest.mark.parametrize("text", ["I'm sad", "i'm scared", "i feel so alone"])
def test_user_says_how_they_feel_and_is_told_who_listens(visitor: Visitor, text: str) -> None:
    message = only(visitor.say(text))
    assert message["kind"] == "prompt"
    assert message["text"].startswith("Thank you for telling me.")
    assert {"tel:988", "sms:988"} <= links(message)


def test_user_needs_help_after_an_emergency_and_is_shown_the_line(visitor: Visitor) -> None:
    visitor.say("I want to kill myself")
    message = only(visitor.say("I need help"))
    assert message["kind"] == "crisis"
    assert "tel:988" in links(message)


@pytest.mark.parametrize("text", ["do you have a pool", "what are your prices"])
def test_user_asks_what_only_the_provider_knows(visitor: Visitor, text: str) -> None:
    message = only(visitor.say(text))
    assert message["kind"] == "no_answer"
    assert "staff" in message["text"]


def test_user_asks_what_is_not_known_and_is_offered_nothing_far_off(visitor: Visitor) -> None:
    message = only(visitor.say("what is ibogaine"))
    assert message["kind"] == "no_answer"
    assert message["text"].startswith("I don't know")
    assert message["choices"] == []
    assert "tel:18006624357" in links(message)


def test_user_asks_what_is_nearly_known_and_is_offered_what_is_near(visitor: Visitor) -> None:
    message = only(visitor.say("how long duz rehab go on"))
    assert message["kind"] in ("answer", "no_answer")
    assert "how long by kind of care" in message["text"].lower()


def test_user_asks_of_another_field_and_is_told_so(visitor: Visitor) -> None:
    message = only(visitor.say("how do I fix my car"))
    assert message["kind"] == "no_answer"
    assert "outside of what I can help with" in message["text"]
    assert message["choices"] == []
