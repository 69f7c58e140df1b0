from __future__ import annotations

import pytest

from assistant.answers import wording
from assistant.answers.compose import Composer
from assistant.answers.memory import Memory
from assistant.answers.offering import seeks_help


@pytest.mark.parametrize(
    "text",
    [
        "Where do I go to get counseling?",
        "i need a detox bed",
        "rehabs near me",
        "is there a good treatment center in Dayton",
        "can we sign our daughter into a rehab",
        "how does admission work",
        "looking for a therapist",
    ],
)
def test_somebody_looks_for_a_way_in(text: str) -> None:
    assert seeks_help(text)


@pytest.mark.parametrize(
    "text",
    [
        "what is detox",
        "does rehab work",
        "why would anyone need therapy in rehab",
        "why do I need therapy in rehab?",
        "would we need family therapy",
        "he won't admit he has a problem",
        "how long is inpatient rehab",
    ],
)
def test_somebody_asks_what_is_written(text: str) -> None:
    assert not seeks_help(text)


def test_who_looks_for_help_is_answered_and_offered_the_sign_up(composer: Composer) -> None:
    message = composer.answer("how do I find a treatment program?", Memory()).message
    assert message.kind == "answer"
    assert wording.SIGN_UP in [choice.title for choice in message.choices]
    assert wording.CAN_SIGN_UP in message.text
    assert wording.HELPLINE_LINK in message.resources


def test_who_asks_what_something_is_is_not_pushed(composer: Composer) -> None:
    message = composer.answer("what is CBT?", Memory()).message
    assert wording.SIGN_UP not in [choice.title for choice in message.choices]
    assert not message.resources


def test_who_is_answered_on_the_way_in_is_offered_the_sign_up(composer: Composer) -> None:
    message = composer.answer("what do they ask in the first call?", Memory()).message
    assert message.blocks[0].heading == "The first call and what to ask"
    assert wording.SIGN_UP in [choice.title for choice in message.choices]


@pytest.mark.parametrize("text", ["what is CBT?", "what's the best hand in texas hold em"])
def test_who_may_want_in_is_offered_the_sign_up_whatever_is_answered(
    composer: Composer, text: str
) -> None:
    message = composer.answer(text, Memory(), wants_in=True).message
    assert message.choices[-1].title == wording.SIGN_UP
    assert message.text.count(wording.HELPLINE) == 1
    assert wording.HELPLINE_LINK in message.resources
