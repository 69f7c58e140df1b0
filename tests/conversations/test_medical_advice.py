"""People ask what only a doctor may answer: who can, and what is safe to read beside it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Visitor
from tests.conversations.reading import links, only, quoted

pytestmark = pytest.mark.live


def declined(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What follows the fixed message."""
    first, *others = messages
    assert first["kind"] == "no_answer"
    assert first["blocks"] == []
    assert "pharmacist" in first["text"]
    assert "tel:18002221222" in links(first)
    return others


@pytest.mark.parametrize(
    "text",
    [
        "how many mg of suboxone should I take",
        "what's a normal dose of methadone",
        "what should I do if I missed a dose of methadone",
        "can i double my suboxone dose",
    ],
)
def test_user_asks_for_a_dose_and_reads_no_figure(visitor: Visitor, text: str) -> None:
    assert declined(visitor.say(text)) == []


def test_user_asks_to_stop_at_once_and_reads_the_danger(visitor: Visitor) -> None:
    (message,) = declined(visitor.say("can I stop my klonopin all at once"))
    assert "never stop benzos all at once" in quoted(message)


def test_user_asks_to_mix_two_drugs_and_reads_the_danger(visitor: Visitor) -> None:
    (message,) = declined(visitor.say("can i mix xanax and alcohol"))
    assert "can slow or stop breathing" in quoted(message)


def test_user_asks_to_mix_with_what_the_articles_do_not_know(visitor: Visitor) -> None:
    assert declined(visitor.say("can i take ibuprofen with naltrexone")) == []


def test_user_asks_for_a_diagnosis_and_reads_the_signs(visitor: Visitor) -> None:
    (message,) = declined(visitor.say("am i an alcoholic"))
    assert "alcohol use disorder" in quoted(message)


def test_user_asks_what_a_result_means(visitor: Visitor) -> None:
    messages = declined(visitor.say("my test came back positive for fentanyl what does that mean"))
    assert all("test" in quoted(message) for message in messages)
    assert not any("strips" in quoted(message) for message in messages)


def test_user_asks_about_a_medicine_in_pregnancy(visitor: Visitor) -> None:
    (message,) = declined(visitor.say("can I take suboxone while pregnant"))
    assert "pregnancy" in quoted(message)


def test_user_asks_in_general_and_is_answered(visitor: Visitor) -> None:
    message = only(visitor.say("what are the side effects of methadone?"))
    assert message["kind"] == "answer"


def test_user_asks_on_after_being_declined(visitor: Visitor) -> None:
    visitor.say("what is buprenorphine?")
    visitor.say("how many mg should I take")
    message = only(visitor.say("does it work?"))
    assert message["kind"] == "answer"
