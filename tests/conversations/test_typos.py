"""People misspell, shorten, shout, and write at length."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import only, quoted, sections, titles

pytestmark = pytest.mark.live

_RUN_ON = (
    "hi i have a long story, my brother has been drinking for years and last week he agreed to get "
    "treatment and my cousin told us that the first part is the hardest and we all have jobs and "
    "kids and i was wondering how long does detox from alcohol take because we need to plan who "
    "walks his dog"
)
_BEFORE = (
    "Good evening. My sister works at a bank and I teach music. We drove home from the lake on "
    "Sunday. The kids had pancakes. On the way we talked about a program that a neighbor liked. "
    "He mentioned a word that I had never heard. My sister looked it up and read a page to me. It "
    "was a long page with many hard words. "
)
_AFTER = (
    "Our neighbor plays the piano on Fridays. We often have coffee with him on the porch. The "
    "garden is full of tomatoes this year. My sister paints the fence white. "
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("contigency managment", "contingency-management"),
        ("what is motivatonal interveiwing", "motivational-interviewing"),
        ("dilectical behaviour therapy", "dbt"),
        ("cognative behavoral therapy", "cbt"),
        ("what is detoxx", "detox"),
        ("inpaitent", "inpatient"),
    ],
)
def test_user_mistypes_therapy(visitor: Visitor, text: str, topic: str) -> None:
    assert only(visitor.say(text))["blocks"][0]["topic"] == topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("suboxon", "buprenorphine"),
        ("what is naltrexon", "naltrexone"),
        ("methodone side effects", "methadone"),
        ("flentanyl", "fentanyl"),
    ],
)
def test_user_mistypes_medicine(visitor: Visitor, text: str, topic: str) -> None:
    assert only(visitor.say(text))["blocks"][0]["topic"] == topic


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("what is vivitrol", "naltrexone"),
        ("narcan", "naloxone"),
        ("antabuse", "disulfiram"),
        ("how does MAT work", "medication"),
        ("iop", "outpatient"),
    ],
)
def test_user_says_a_brand_or_an_abbreviation(visitor: Visitor, text: str, word: str) -> None:
    assert word in quoted(only(visitor.say(text)))


def test_user_says_cbd_therapy_and_is_asked_whether_cbt_is_meant(visitor: Visitor) -> None:
    message = only(visitor.say("what is CBD therapy"))
    assert message["kind"] == "prompt"
    assert message["blocks"] == []
    assert 1 <= len(message["choices"]) <= 3
    assert titles(message)[0] == "CBT (cognitive behavioral therapy)"
    answer = only(visitor.choose(message["choices"][0]["id"]))
    assert answer["blocks"][0]["topic"] == "cbt"


def test_user_says_cbt_therapy_and_is_answered(visitor: Visitor) -> None:
    assert only(visitor.say("what is CBT therapy"))["kind"] == "answer"


def test_user_shouts(visitor: Visitor) -> None:
    message = only(visitor.say("WHAT ARE THE SIDE EFFECTS OF METHADONE???!!!"))
    assert "constipation" in quoted(message)


def test_user_adds_emoji(visitor: Visitor) -> None:
    message = only(visitor.say("what is emdr 🙏🙏"))
    assert message["blocks"][0]["topic"] == "emdr"


def test_user_asks_in_a_run_on_message(visitor: Visitor) -> None:
    message = only(visitor.say(_RUN_ON))
    assert message["kind"] == "answer"
    assert "detox from alcohol" in quoted(message)


def test_user_buries_the_question_in_two_thousand_characters(visitor: Visitor) -> None:
    text = f"{_BEFORE}What is contingency management? {_AFTER * 15}"[:1990]
    assert len(text) == 1990
    message = only(visitor.say(text))
    assert sections(message) == ["psychotherapy-in-rehab#contingency-management"]


def test_user_names_a_friend_and_a_place(visitor: Visitor) -> None:
    text = "my friend José Hernández from Los Angeles is in rehab, how can I help him"
    message = only(visitor.say(text))
    assert message["kind"] == "answer"
    assert "friend" in quoted(message)
