"""A yes is a yes to the very question; a question is no answer; an age is read as it is said."""

from __future__ import annotations

import pytest

from assistant.errors import FieldError
from assistant.forms.form import stops
from assistant.forms.readers import (
    Option,
    lacks,
    read_adult,
    read_called,
    read_consent,
    read_contact,
    read_for_whom,
    read_method,
    read_option,
    read_yes_or_no,
    says_minor,
)
from assistant.forms.said import Said
from assistant.forms.words import WHY


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes!",
        "YES",
        "y",
        "yesss",
        "yeah",
        "yep.",
        "I agree",
        "yes, I agree.",
        "i consent",
        "Yes please",
        "sí",
        "Si",
        "Sí, acepto",
        "acepto",
        "de acuerdo",
        "yes 👍",
        "yes, I do",
    ],
)
def test_an_unambiguous_yes_is_consent(text: str) -> None:
    assert read_consent(Said(text)) == "yes"


@pytest.mark.parametrize("text", ["no", "No!", "nope", "no thanks", "I don't agree", "no gracias"])
def test_a_plain_no_is_a_no(text: str) -> None:
    assert read_consent(Said(text)) == "no"


@pytest.mark.parametrize(
    "text",
    [
        "maybe",
        "ok I guess",
        "ok",
        "okay",
        "sure",
        "fine",
        "whatever",
        "i guess so",
        "yes but no",
        "/affirm",
        "/yes",
        "yes if it is free",
        "yes and no",
        "not sure",
        "idk",
        "hm",
        "",
        "1 2",
        "yes?",
        "say yes",
        "do i say yes",
        "yesterday",
        "si no",
        "probably",
        "k",
        "👍",
        "if i must",
        '/choose{"choice": "a:b:yes"}',
        "yes yes no",
        "I agree with my wife",
        "she said yes",
    ],
)
def test_nothing_else_is_consent(text: str) -> None:
    said = Said(text)
    assert read_consent(said) is None or said.asks


@pytest.mark.parametrize(
    ("text", "adult"),
    [
        ("yes", "yes"),
        ("ok", "yes"),
        ("I'm 25", "yes"),
        ("18", "yes"),
        ("I am 17", "no"),
        ("17 and a half", "no"),
        ("no", "no"),
        ("under 18", "no"),
        ("over 18", "yes"),
        ("I'm a minor", "no"),
        ("almost 18", "no"),
        ("older than 18", "yes"),
        ("i am", "yes"),
        ("not yet 18", "no"),
        ("i turn 18 in may, now 17", "no"),
        ("i will be 18 next month", "no"),
        ("29 no sorry 30", "yes"),
        ("twenty two", "yes"),
        ("I'm sixteen", "no"),
        ("im 24 hes 17", "yes"),
        ("I'm her dad, 52", "yes"),
        ("i am his mother 41", "yes"),
        ("call my cell 202-555-0188 after 5", None),
        ("maybe", None),
        ("2000", None),
    ],
)
def test_an_age_is_read_as_it_is_said(text: str, adult: str | None) -> None:
    assert read_adult(Said(text)) == adult


@pytest.mark.parametrize("text", ["yep im 29", "yeah I'm 41 years old"])
def test_an_age_is_an_answer_and_no_remark(text: str) -> None:
    assert not Said(text, "ask_identity", 0.9).asks


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("i am 17 btw", True),
        ("I'm only 15", True),
        ("i'm a minor", True),
        ("i am under 18 actually", True),
        ("my son is under 18", False),
        ("im 30", False),
        ("i am 12 days sober", False),
        ("i am 10 weeks along", False),
    ],
)
def test_who_is_too_young_may_say_so_later(text: str, minor: bool) -> None:
    assert says_minor(Said(text)) is minor


@pytest.mark.parametrize(
    ("text", "way"),
    [("I don't have a phone", "email"), ("no phone, email is fine", "email"), ("no email", None),
     ("not by phone", "email"), ("text me, no calls", "sms")],
)  # fmt: skip
def test_a_way_that_is_ruled_out_is_not_taken(text: str, way: str | None) -> None:
    assert read_method(Said(text)) == way


@pytest.mark.parametrize(
    ("text", "method", "lacking"),
    [
        ("i dont have an email", "email", True),
        ("no phone", "sms", True),
        ("i have no number", "phone", True),
        ("no email", "phone", False),
        ("202-555-0143", "phone", False),
    ],
)
def test_who_lacks_an_address_or_number_is_understood(
    text: str, method: str, lacking: bool
) -> None:
    assert lacks(Said(text), method) is lacking


def test_the_age_of_somebody_else_is_not_the_persons() -> None:
    with pytest.raises(FieldError, match="about you"):
        read_adult(Said("my son is 16"))
    with pytest.raises(FieldError, match="about you"):
        read_adult(Said("he's 31"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Maria", "Maria"),
        ("my name is Maria Lopez", "Maria Lopez"),
        ("call me J", "J"),
        ("I'm Ana", "Ana"),
        ("me llamo José", "José"),
        ("Molly", "Molly"),
        ("o'brien", "o'brien"),
    ],
)
def test_a_name_is_read(text: str, name: str) -> None:
    assert read_called(Said(text, has_topic=text == "Molly")) == name


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "hello",
        "help",
        "text message",
        "Phone call",
        "none of your business",
        "i don't want to tell you",
        "idk",
        "maria@example.org",
        "202-555-0143",
        "/greet",
        "not telling",
        "never",
        "www.example.org",
        "i think that i would rather write that down later",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(FieldError):
        read_called(Said(text))


def test_a_remark_that_the_nlu_is_sure_of_is_no_name() -> None:
    with pytest.raises(FieldError):
        read_called(Said("get me somebody", intent="ask_human", confidence=0.9))


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("email", "email"),
        ("by e-mail please", "email"),
        ("text me", "sms"),
        ("SMS", "sms"),
        ("text me on my phone", "sms"),
        ("call me", "phone"),
        ("a phone call", "phone"),
        ("text or call", None),
        ("email or phone", None),
        ("whatever", None),
        ("llamada", "phone"),
    ],
)
def test_the_way_of_being_reached(text: str, method: str | None) -> None:
    assert read_method(Said(text)) == method


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("me", "self"),
        ("for myself", "self"),
        ("my son", "loved_one"),
        ("for a friend", "loved_one"),
        ("both of us", None),
        ("my husband and me both", None),
        ("para mi hijo", "loved_one"),
        ("green", None),
    ],
)
def test_whom_it_is_for(text: str, whom: str | None) -> None:
    assert read_for_whom(Said(text)) == whom


def test_a_contact_is_read_for_the_way_that_was_chosen() -> None:
    assert read_contact(Said("it's maria@example.org, ok?"), "email") == "maria@example.org"
    assert read_contact(Said("(202) 555-0143"), "sms") == "+12025550143"
    with pytest.raises(FieldError):
        read_contact(Said("maria@example.org"), "phone")


def test_an_option_is_named_by_its_number_or_its_title() -> None:
    options = (Option("a", "Email"), Option("b", "Phone call"))
    assert read_option(Said("2"), options) == "b"
    assert read_option(Said("option 1"), options) == "a"
    assert read_option(Said("phone call"), options) == "b"
    assert read_option(Said("3"), options) is None
    assert read_option(Said("2 of them"), options) is None


def test_a_summary_is_confirmed_by_a_looser_yes() -> None:
    assert read_yes_or_no(Said("looks good")) == "yes"
    assert read_yes_or_no(Said("maybe")) is None


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "STOP!",
        "never mind",
        "Not now.",
        "cancel",
        "cancel this please",
        "forget it",
        "quit",
        "I don't want to sign up",
        "stop the sign up",
        "i changed my mind",
        "para",
        "ahora no",
        "no quiero seguir",
        "don't contact me",
        "please stop",
        "stop please, i need to ask my wife first",
        "leave me alone",
        "bye",
    ],
)
def test_stop_is_understood_without_a_classifier(text: str) -> None:
    assert stops(Said(text))


@pytest.mark.parametrize(
    "text", ["no", "stopwatch", "my name is Stop", "I can't stop drinking", "how do I stop using"]
)
def test_other_words_do_not_stop(text: str) -> None:
    assert not stops(Said(text))


@pytest.mark.parametrize(
    "text",
    [
        "why?",
        "why do you need that?",
        "Why do you need my phone number",
        "what is that for",
        "do I have to?",
        "is it required?",
        "why do I have to tell you my name?",
        "what for",
        "what will you do with my email?",
        "por qué",
        "why would you need to know that",
    ],
)
def test_why_is_understood(text: str) -> None:
    assert WHY.match(Said(text).plain)


@pytest.mark.parametrize(
    "text",
    [
        "why do I need therapy in rehab?",
        "why do people relapse",
        "what is CBT for",
        "why is methadone used",
        "do i have to detox first",
    ],
)
def test_a_question_on_treatment_is_no_why(text: str) -> None:
    assert not WHY.match(Said(text).plain)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what is CBT", True),
        ("how long does rehab take", True),
        ("tell me about detox", True),
        ("hello", True),
        ("Maria", False),
        ("my name is Maria", False),
        ("for my son", False),
        ("it is for my husband", False),
        ("is it safe", True),
        ("I am 30", False),
    ],
)
def test_a_question_is_told_from_an_answer(text: str, asks: bool) -> None:
    assert Said(text).asks is asks


def test_a_topic_is_a_question_unless_it_is_a_given_name() -> None:
    assert Said("methadone", has_topic=True).asks
    assert not Said("Molly", has_topic=True).asks
    assert not Said("Will").asks
    assert Said("will it hurt").asks


def test_a_name_that_is_told_outweighs_the_classifier() -> None:
    assert read_called(Said("call me Mark please", "ask_human", 0.9)) == "Mark"


@pytest.mark.parametrize("text", ["Tom, Tom Barker", "Mary Jane Watson"])
def test_names_alone_are_no_chat(text: str) -> None:
    assert not Said(text, "chat", 0.9).asks
    assert Said(text.replace(",", "").lower(), "chat", 0.9).asks
