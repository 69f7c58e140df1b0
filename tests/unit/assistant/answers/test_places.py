from __future__ import annotations

import pytest

from assistant.answers import wording
from assistant.answers.compose import Composer
from assistant.answers.memory import Memory
from assistant.answers.places import seeks_place


@pytest.mark.parametrize(
    "text",
    [
        "is there a clinic near Toledo",
        "rehabs in boise",
        "sober homes around here?",
        "what is the closest detox",
        "any good therapist in reno",
        "NA meetings nearby",
        "Is there a program in my county?",
    ],
)
def test_a_place_is_looked_for(text: str) -> None:
    assert seeks_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "what is rehab",
        "what do groups in recovery talk about",
        "therapists in training",
        "is there treatment in prison",
        "what are good programs in general",
        "is detox in rehab dangerous",
        "my son is near the end of his rope",
    ],
)
def test_what_is_written_of_is_asked(text: str) -> None:
    assert not seeks_place(text)


@pytest.mark.parametrize("in_field", [True, False])
def test_who_looks_for_a_place_that_no_article_names_is_told_where_to_search(
    composer: Composer, in_field: bool
) -> None:
    message = composer.answer("rehabs in boise", Memory(), in_field=in_field, wants_in=True).message
    assert message.kind == "no_answer"
    assert wording.FIND_NEAR in message.text
    assert message.resources[0] == wording.FIND_NEAR_LINK
    assert message.choices[-1].title == wording.SIGN_UP


def test_who_asks_something_else_is_not(composer: Composer) -> None:
    message = composer.answer("who won the game last night", Memory(), in_field=False).message
    assert wording.FIND_NEAR not in message.text
