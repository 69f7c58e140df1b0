from __future__ import annotations

import pytest

from assistant.safety.help_called import help_called


@pytest.mark.parametrize(
    "text",
    [
        "ok ambulance is on the way, he's breathing now",
        "911 is coming",
        "ok calling",
        "Yes, I'm calling 911",
        "they're coming. what do I do until then",
        "i already called them",
        "I don't know what to do. The ambulance is on its way",
        "I'm on the phone with 911",
        "ya llamé, la ambulancia viene",
    ],
)
def test_help_that_comes_is_noticed(text: str) -> None:
    assert help_called(text, "overdose") == "coming"


@pytest.mark.parametrize(
    "text",
    [
        "The paramedics are here and took over",
        "we called earlier, she's at the hospital now",
        "the police are here now",
        "ambulance took him, he's breathing and awake",
        "the medics are treating her",
        "We got to the ER an hour ago. They're helping my son",
        "he was admitted",
        "they took her to the hospital",
        "I'm in the emergency room, a doctor is with me",
        "the doctors are with him now",
        "ya llegaron",
    ],
)
def test_help_that_is_there_is_noticed(text: str) -> None:
    assert help_called(text, "overdose") == "there"


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
        "they took pills",
        "he was in the hospital last year",
        "I won't go to the hospital",
        "she's here with me",
        "they came at him",
        "no viene nadie",
    ],
)
def test_help_that_does_not_come_is_none(text: str) -> None:
    assert not help_called(text, "overdose")


@pytest.mark.parametrize(
    "text", ["they're here", "they are coming", "they're coming, he's with them"]
)
def test_they_may_be_the_ones_who_threaten(text: str) -> None:
    assert not help_called(text, "violence")
    assert help_called(text, "overdose")


def test_the_police_are_help_where_somebody_is_threatened() -> None:
    assert help_called("the police are here now", "violence")
