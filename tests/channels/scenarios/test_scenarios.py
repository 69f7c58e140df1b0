"""What people want of the assistant, each written once and had on every channel."""

from __future__ import annotations

import re

import pytest

from tests.channels.scenarios.person import Person

pytestmark = pytest.mark.live

CBT = "Cognitive behavioral therapy, or CBT, is talk therapy"


def test_user_asks_a_question(person: Person) -> None:
    person.say("what is CBT?")
    assert CBT in person.saw
    assert "National Institute on Drug Abuse" in person.read_sources()


def test_user_asks_a_follow_up(person: Person) -> None:
    person.say("what is CBT?", "how long does it take?")
    assert "6 to 20 sessions" in person.saw


def test_user_misspells(person: Person) -> None:
    assert CBT in person.say("waht is cognative behavoral therapy").saw


def test_user_writes_one_word_and_picks_what_is_meant(person: Person) -> None:
    person.say("I need help").pick("What rehab costs")
    assert "insurance" in person.saw.lower()
    assert "Paying for Treatment" in person.read_sources()


def test_user_compares_two_therapies(person: Person) -> None:
    person.say("CBT vs DBT")
    read = person.read_on()
    assert "DBT is built on CBT and adds acceptance" in read
    assert "Dialectical behavior therapy, or DBT, is a kind of CBT" in read


def test_user_wants_more(person: Person) -> None:
    person.say("what is CBT?", "tell me more")
    assert CBT not in person.saw
    # More of the same, cited, whichever sentence is next.
    assert re.search(r"\bCBT\b[^(\[]+[(\[]\d", person.saw)


def test_user_asks_where_an_answer_is_from(person: Person) -> None:
    person.say("what is CBT?", "where is that from?")
    assert "What Is Psychotherapy" in person.saw
    assert "National Institute of Mental Health" in person.saw


def test_user_asks_about_something_else(person: Person) -> None:
    assert "outside of what I can help with" in person.say("best pizza in town").saw


def test_user_asks_what_the_articles_do_not_say(person: Person) -> None:
    person.say("what's the wifi password at the clinic")
    assert "I don't know: our articles don't" in person.saw
    assert "1-800-662-4357" in person.saw


def test_user_is_kind(person: Person) -> None:
    assert "Hello." in person.say("hello").saw
    assert "You're welcome." in person.say("thank you so much!!").saw
    assert "Take care." in person.say("bye").saw


def test_user_asks_for_medical_advice(person: Person) -> None:
    person.say("should i stop taking methadone")
    assert "I can't give advice on one person's medicine" in person.saw
    assert "1-800-222-1222" in person.saw


def test_user_writes_in_spanish(person: Person) -> None:
    person.say("¿qué es la terapia?")
    # Text messages do without some accents.
    assert re.search("Soy un programa autom[aá]tico, no una persona", person.saw)
    assert "1-800-662-4357" in person.saw


def test_user_asks_whether_it_is_a_person(person: Person) -> None:
    assert "an automated program, not a person" in person.say("are you a person?").saw


def test_user_asks_for_a_person(person: Person) -> None:
    person.say("can I talk to a real human please")
    assert "1-800-662-4357" in person.saw


def test_user_is_in_danger(person: Person) -> None:
    person.say("i want to die")
    assert person.texts[0].startswith("I'm glad you wrote this.")
    assert "Call or text 988" in person.saw
    assert "call 911" in person.saw
    # The whole of it: what it ends with is not cut anywhere.
    assert "llame al 988 y marque 2" in person.saw


def test_user_in_danger_can_not_call(person: Person) -> None:
    person.say("i want to die", "I can't call")
    assert "You don't have to speak. Text 988" in person.saw


def test_user_fears_for_somebody(person: Person) -> None:
    person.say("my son took too many pills")
    assert person.texts[0].startswith("Call 911 now.")
    assert "naloxone" in person.saw


def test_user_is_in_danger_in_spanish(person: Person) -> None:
    assert "marque 2" in person.say("quiero morir").saw


def test_user_is_in_danger_while_signing_up(person: Person) -> None:
    person.say("I want to sign up for treatment", "yes", "i want to kill myself")
    assert "988" in person.saw
    assert "What name" not in person.saw
    person.say("thank you")
    assert "There is no hurry" in person.asked
    person.pick("Go on")
    assert "What name should we call you by" in person.asked


def test_user_signs_up(person: Person) -> None:
    person.comes_to_summary()
    assert "Name: Maria" in person.asked
    assert person.email in person.asked
    person.pick("Yes, send it")
    assert "Thank you. Your sign-up has been received." in person.asked


def test_user_signs_up_and_refuses_to_be_contacted(person: Person) -> None:
    person.say("I want to sign up for treatment", "yes", "Maria").pick("Email")
    person.say(person.email).pick("Myself").say("no")
    assert "Without your yes we can't contact you" in person.saw
    assert CBT in person.say("what is CBT?").saw
    assert "no sign-up from this conversation" in person.say("what do you know about me").saw


def test_user_is_too_young_to_sign_up(person: Person) -> None:
    person.say("I want to sign up for treatment", "I'm 16")
    assert "1-800-662-4357" in person.saw
    assert "What name" not in person.saw


def test_user_changes_their_mind_about_signing_up(person: Person) -> None:
    person.say("I want to sign up for treatment", "yes", "Maria", "never mind")
    assert "I have stopped the sign-up. Nothing was sent" in person.saw
    assert "no sign-up from this conversation" in person.say("what do you know about me").saw


def test_user_corrects_an_answer_of_the_sign_up(person: Person) -> None:
    person.comes_to_summary().say("no, my email is ana@example.org")
    assert "ana@example.org" in person.asked
    assert person.email not in person.asked


def test_user_asks_a_question_in_the_middle_of_the_sign_up(person: Person) -> None:
    person.say("I want to sign up for treatment", "yes", "what is CBT?")
    assert CBT in person.saw
    assert "What name should we call you by" in person.asked


def test_user_withdraws_consent(person: Person) -> None:
    person.signs_up().say("I want to withdraw my consent")
    assert "nobody may contact you" in person.saw


def test_user_asks_what_is_known_about_them(person: Person) -> None:
    person.signs_up().say("what do you know about me")
    assert re.search("m[•-]{3}@example.org", person.saw)
    assert person.email not in person.saw


def test_user_deletes_everything(person: Person) -> None:
    person.signs_up().say("delete my data").pick("Yes, delete")
    assert "Done." in person.saw
    person.say("what do you know about me")
    assert "Your sign-up was deleted." in person.saw
    assert "@example.org" not in person.saw
