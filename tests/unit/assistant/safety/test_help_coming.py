from __future__ import annotations

import pytest

from assistant.safety.help_coming import help_is_coming


@pytest.mark.parametrize(
    "text",
    [
        "ok ambulance is on the way, he's breathing now",
        "911 is coming",
        "ok calling",
        "Yes, I'm calling 911",
        "they're coming. what do I do until then",
        "The paramedics are here and took over",
        "i already called them",
        "I don't know what to do. The ambulance is on its way",
        "we called earlier, she's at the hospital now",
        "I'm on the phone with 911",
        "the police are here now",
        "ya llamé, la ambulancia viene",
    ],
)
def test_help_that_comes_is_noticed(text: str) -> None:
    assert help_is_coming(text, "overdose")


@pytest.mark.parametrize(
    "text",
    [
        "nobody is coming",
        "what happens if the police are coming",
        "should I call 911?",
        "the ambulance isn't here",
        "I don't want the cops here",
        "I can't call, he took my phone",
        "when they're here what will they ask",
        "he says help is for weak people",
        "I'm scared of calling 911",
        "is there help here for my son",
        "i called him an idiot",
        "no viene nadie",
    ],
)
def test_help_that_does_not_come_is_none(text: str) -> None:
    assert not help_is_coming(text, "overdose")


@pytest.mark.parametrize(
    "text", ["they're here", "they are coming", "they're coming, he's with them"]
)
def test_they_may_be_the_ones_who_threaten(text: str) -> None:
    assert not help_is_coming(text, "violence")
    assert help_is_coming(text, "overdose")


def test_the_police_are_help_where_somebody_is_threatened() -> None:
    assert help_is_coming("the police are here now", "violence")
