"""The whole message first, then shorter ones; what is remembered holds no word of the person's."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from assistant.safety.emergency import SITUATIONS, Emergency
from assistant.safety.protocol import FOLLOW_UPS, Crisis, Protocol
from assistant.safety.resources import FollowUp, crisis_texts

PROTOCOL = Protocol(crisis_texts())
SUICIDE = Emergency("suicide", "self", "direct")


def test_the_first_reply_is_whole_and_the_next_ones_are_short_and_take_turns() -> None:
    first, crisis = PROTOCOL.reply(SUICIDE, None)
    second, crisis = PROTOCOL.reply(SUICIDE, crisis)
    third, crisis = PROTOCOL.reply(SUICIDE, crisis)
    fourth, crisis = PROTOCOL.reply(SUICIDE, crisis)
    assert len(second.text) < len(first.text)
    assert len({first.text, second.text, third.text}) == 3
    assert second.text == fourth.text
    assert crisis.times == 4
    for message in (first, second, third):
        assert "988" in message.text
        assert "911" in message.text


@pytest.mark.parametrize(
    "other",
    [
        Emergency("overdose", "self", "direct"),
        Emergency("suicide", "other", "direct"),
        Emergency("suicide", "self", "direct", "es"),
    ],
)
def test_another_emergency_or_person_or_language_gets_its_whole_message(other: Emergency) -> None:
    _, crisis = PROTOCOL.reply(SUICIDE, None)
    message, after = PROTOCOL.reply(other, crisis)
    assert message == crisis_texts().emergency(other.situation, other.concerned, other.language)
    assert after.times == 1


LIKELY = Emergency("suicide", "self", "likely")


def test_what_is_only_likely_gets_a_short_message_and_then_what_is_said_again() -> None:
    first, crisis = PROTOCOL.reply(LIKELY, None)
    assert first == crisis_texts().likely("suicide", "en")
    # Who is meant is a guess too.
    second, crisis = PROTOCOL.reply(Emergency("suicide", "other", "likely"), crisis)
    assert second == crisis_texts().again("suicide", "self", "en", 1)
    other, _ = PROTOCOL.reply(Emergency("overdose", "other", "likely"), crisis)
    assert other == crisis_texts().likely("overdose", "en")


def test_what_is_said_directly_after_it_gets_the_whole_message() -> None:
    _, crisis = PROTOCOL.reply(LIKELY, None)
    whole, crisis = PROTOCOL.reply(SUICIDE, crisis)
    assert whole == crisis_texts().emergency("suicide", "self", "en")
    assert crisis.said
    again, _ = PROTOCOL.reply(LIKELY, crisis)
    assert again == crisis_texts().again("suicide", "self", "en", 1)


def test_after_a_direct_emergency_a_likely_one_of_another_kind_is_taken_seriously() -> None:
    _, crisis = PROTOCOL.reply(SUICIDE, None)
    message, _ = PROTOCOL.reply(Emergency("overdose", "self", "likely"), crisis)
    assert message == crisis_texts().emergency("overdose", "self", "en")


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", FOLLOW_UPS)
def test_every_question_after_every_emergency_is_answered_once_and_then_shortly(
    situation: Any, name: FollowUp
) -> None:
    _, crisis = PROTOCOL.reply(Emergency(situation, "self", "direct"), None)
    answer, after = PROTOCOL.follow_up(name, crisis)
    assert answer is not None
    assert answer.kind == "crisis"
    assert after is not None
    again, later = PROTOCOL.follow_up(name, after)
    assert again == crisis_texts().again(situation, "self", "en", 1)
    assert later is not None
    assert later.times == 2


def test_without_an_emergency_before_the_answer_is_general_and_nothing_is_remembered() -> None:
    message, after = PROTOCOL.follow_up("ask_crisis_call", None)
    assert message is not None
    assert message.kind == "notice"
    assert after is None
    # actions/people.py knows whom to call about treatment.
    assert PROTOCOL.follow_up("ask_human", None) == (None, None)


def test_an_emergency_in_spanish_is_followed_up_in_spanish() -> None:
    _, crisis = PROTOCOL.reply(Emergency("abuse", "self", "direct", "es"), None)
    message, _ = PROTOCOL.follow_up("cannot_call", crisis)
    assert message is not None
    assert "envíe START al 88788" in message.text


def test_a_crisis_is_kept_as_json() -> None:
    crisis = Crisis("abuse", "other", "es", 3, ("cannot_call",))
    assert Crisis.from_dict(json.loads(json.dumps(crisis.as_dict()))) == crisis
    assert PROTOCOL.still_here(crisis) == crisis_texts().again("abuse", "self", "es", 3)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        {},
        [],
        "suicide",
        {"situation": "suicide"},
        {**Crisis("abuse", "self", "en").as_dict(), "situation": "rain"},
        {**Crisis("abuse", "self", "en").as_dict(), "language": "de"},
        {**Crisis("abuse", "self", "en").as_dict(), "times": "3"},
        {**Crisis("abuse", "self", "en").as_dict(), "older": 1},
    ],
    ids=str,
)
def test_what_cannot_be_a_crisis_is_none(kept: Any) -> None:
    assert Crisis.from_dict(kept) is None


def test_the_follow_ups_are_those_of_the_file() -> None:
    assert set(FOLLOW_UPS) == set(get_args(FollowUp)) == set(crisis_texts().follow_ups)


def test_who_writes_of_somebody_else_is_not_spoken_to_as_the_one_in_danger() -> None:
    _, crisis = PROTOCOL.reply(Emergency("suicide", "other", "direct"), None)
    first = PROTOCOL.still_here(crisis).text
    assert "Stay with them" in first
    assert "what you write matters" not in first


def test_who_says_again_that_help_is_coming_is_not_told_to_call() -> None:
    emergency = Emergency("overdose", "other", "direct", "en")
    _, before = PROTOCOL.reply(emergency, None)
    message, after = PROTOCOL.reply(emergency, before, "I called 911 and they are on their way")
    assert "until help is there" in message.text
    assert not after.over
    again, _ = PROTOCOL.reply(emergency, before, "he stopped breathing")
    assert "911" in again.text
    assert again.text != message.text


def test_where_help_is_there_nobody_is_told_to_call_until_something_new_is_said() -> None:
    emergency = Emergency("overdose", "other", "direct", "en")
    whole, before = PROTOCOL.reply(emergency, None)
    message, after = PROTOCOL.reply(emergency, before, "the ambulance took him, he overdosed")
    assert "glad that help is there" in message.text
    assert after.over
    again, _ = PROTOCOL.reply(emergency, after, "he overdosed again")
    assert again.text == whole.text
    likely, _ = PROTOCOL.reply(
        Emergency("overdose", "other", "likely", "en"), after, "he is so pale"
    )
    assert likely.text not in (whole.text, message.text)


def test_a_guess_beside_help_that_comes_is_no_second_emergency() -> None:
    _, before = PROTOCOL.reply(Emergency("overdose", "other", "direct", "en"), None)
    guess = Emergency("violence", "self", "likely", "en")
    message, after = PROTOCOL.reply(guess, before, "they're coming. I gave the nose spray")
    assert "until help is there" in message.text
    assert after.situation == "overdose"
