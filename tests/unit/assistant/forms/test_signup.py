"""The sign-up, message by message, without Rasa and without a store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.forms.form import STOPPED, Step
from assistant.forms.progress import Progress
from assistant.forms.question import Question
from assistant.forms.said import Pressed, Said
from assistant.forms.signup import (
    ERASING,
    MINOR,
    REFUSED,
    SignupForm,
    application,
    changed_terms,
)
from assistant.forms.signup_questions import (
    CONFIRMED,
    CONSENT_CONTACT,
    CONSENT_WAY,
    CONTACT,
    FOR_WHOM,
    METHOD,
    NAME,
    SEND,
    SLOTS,
    TERMS,
)
from assistant.signup.terms import current_terms


class Applicant:
    """A person in the sign-up: what is asked, and what their messages do."""

    def __init__(self) -> None:
        self.form = SignupForm()
        self.progress = Progress(run="run1")
        self.answers: dict[str, Any] = {}
        self.crisis = ""
        self.heard: list[str] = []
        self.last = Step(self.progress)
        self._ask()

    @property
    def slot(self) -> str:
        return next(slot for slot in SLOTS if slot not in self.answers)

    def say(self, *texts: str, **nlu: Any) -> Applicant:
        for text in texts:
            self._step(Said(text, **nlu))
        return self

    def press(self, value: str, slot: str = "", run: str = "run1") -> Applicant:
        self._step(Said("(pressed)", "choose", 1.0, pressed=Pressed(run, slot or self.slot, value)))
        return self

    def to(self, slot: str, method: str = "email") -> Applicant:
        """Answers what comes before a question."""
        contact = {"email": "maria@example.org"}.get(method, "202-555-0143")
        said = ("yes", "Maria", method.replace("sms", "text"), contact, "me", "yes", "yes", "yes")
        for text in said[: SLOTS.index(slot)]:
            self.say(text)
        assert self.slot == slot
        return self

    def _step(self, said: Said) -> None:
        step = self.form.step(said, self.slot, self.answers, self.progress, self.crisis)
        self.last = step
        self.progress = step.progress
        for slot, value in step.changes.items():
            if value is None:
                self.answers.pop(slot, None)
            else:
                self.answers[slot] = value
        self.heard = [message.text for message in step.messages]
        if not self.progress.ending and CONFIRMED not in self.answers:
            self._ask()

    def _ask(self) -> None:
        asked = self.form.ask(self.slot, self.answers, self.progress, self.crisis)
        self.question: Question | None = asked[0]
        self.message, self.progress = asked[1], asked[2]


@pytest.fixture
def person() -> Applicant:
    return Applicant()


@pytest.mark.parametrize("method", ["email", "phone", "sms"])
def test_all_is_asked_in_order_and_adds_up_to_an_application(
    person: Applicant, method: str
) -> None:
    person.to(CONFIRMED, method).say("yes")
    assert person.answers[CONFIRMED] == SEND
    handed_in = application(person.answers, person.progress, "conversation", "web")
    terms = current_terms()
    assert (handed_in.name, handed_in.contact_method, handed_in.adult) == ("Maria", method, True)
    assert handed_in.submission_id == "run1"
    assert (handed_in.terms_version, handed_in.terms_sha256) == (terms.version, terms.sha256)
    shown = [
        (consent.purpose, consent.granted, consent.text_sha256) for consent in handed_in.consents
    ]
    assert shown == [
        (purpose, True, terms.consents[purpose].sha256) for purpose in ("contact", method)
    ]


def test_the_very_text_of_consent_is_shown(person: Applicant) -> None:
    person.to(CONSENT_WAY, "sms")
    assert person.message.text.startswith(current_terms().consents["sms"].text)
    assert [choice.title for choice in person.message.choices] == ["Yes, I agree", "No"]
    assert "1. Yes, I agree\n2. No" in person.message.text


def test_choices_and_numbers_answer_as_words_do(person: Applicant) -> None:
    person.press("yes").say("Maria", "3", "202-555-0143").press("loved_one")
    assert person.answers[METHOD] == "sms"
    assert person.answers[FOR_WHOM] == "loved_one"
    assert person.slot == CONSENT_CONTACT


def test_a_minor_ends_it(person: Applicant) -> None:
    assert person.say("I'm 16").progress.ending == MINOR


@pytest.mark.parametrize("slot", [CONSENT_CONTACT, CONSENT_WAY, TERMS])
def test_a_refusal_ends_it(person: Applicant, slot: str) -> None:
    assert person.to(slot).say("no").progress.ending == REFUSED


@pytest.mark.parametrize("slot", [CONSENT_CONTACT, CONSENT_WAY, TERMS])
@pytest.mark.parametrize("text", ["maybe", "ok I guess", "/affirm", "sure", "whatever"])
def test_what_is_no_clear_yes_is_asked_once_more_and_then_a_no(
    person: Applicant, slot: str, text: str
) -> None:
    person.to(slot).say(text)
    assert slot not in person.answers
    assert "clear yes" in person.heard[0]
    assert person.progress.ending == ""
    assert person.say(text).progress.ending == REFUSED


@pytest.mark.parametrize("text", ["yes, I agree?", "yes?", "do I say yes?"])
def test_a_yes_that_asks_is_a_question(person: Applicant, text: str) -> None:
    person.to(TERMS).say(text)
    assert TERMS not in person.answers
    assert person.last.interrupted


def test_a_yes_on_second_asking_counts(person: Applicant) -> None:
    assert person.to(TERMS).say("maybe", "yes").slot == CONFIRMED


def test_an_affirming_intent_alone_is_no_consent(person: Applicant) -> None:
    person.to(TERMS).say("oh well then", intent="affirm", confidence=1.0)
    assert TERMS not in person.answers


def test_consent_counts_only_where_the_very_text_was_shown(person: Applicant) -> None:
    person.to(CONSENT_CONTACT)
    person.progress = replace(person.progress, shown="0" * 64)
    person.say("yes")
    assert CONSENT_CONTACT not in person.answers
    assert person.say("yes").slot == CONSENT_WAY


def test_nothing_is_sent_but_what_was_shown(person: Applicant) -> None:
    person.to(CONFIRMED)
    person.answers[NAME] = "Ana"
    person.say("yes")
    assert CONFIRMED not in person.answers
    assert "Name: Ana" in person.message.text
    assert person.say("yes").answers[CONFIRMED] == SEND


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize(
    "text", ["stop", "ok stop", "no wait, cancel", "never mind", "not now", "cancel", "cancelar"]
)
def test_stop_ends_it_at_every_question(person: Applicant, slot: str, text: str) -> None:
    person.to(slot).say(text)
    assert person.progress.ending == STOPPED


@pytest.mark.parametrize("slot", SLOTS)
def test_every_question_explains_itself(person: Applicant, slot: str) -> None:
    person.to(slot)
    asked = person.question
    person.say("why do you need that?")
    assert asked is not None
    assert person.heard == [asked.why]
    assert person.slot == slot


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("who will see this?", "Staff of"),
        ("will my husband find out", "Staff of"),
        ("how long do u keep it", "one year at most"),
        ("what happens after i sign up", "in the way that you chose"),
        ("when will you call me?", "in the way that you chose"),
        ("is this free?", "costs nothing"),
        ("what if i change my mind", "withdraw my consent"),
    ],
)
def test_what_is_asked_of_the_sign_up_is_answered_by_it(
    person: Applicant, slot: str, asked: str, told: str
) -> None:
    person.to(slot).say(asked, intent="ask_who", confidence=0.9)
    assert told in person.heard[0]
    assert "{" not in person.heard[0]
    assert person.slot == slot


@pytest.mark.parametrize(
    "asked",
    [
        "how long does rehab take?",
        "what happens next in detox after the first week of treatment?",
        "who gets addicted?",
        "is naloxone free?",
        "can i change my medicine?",
        "how soon does withdrawal start?",
        "how long will they keep him in detox?",
        "when can i call my family?",
        "who gets the shot?",
        "is the detox safe?",
        "how often will i see a therapist?",
    ],
)
def test_what_is_asked_of_anything_else_is_not(person: Applicant, asked: str) -> None:
    person.to(NAME).say(asked, intent="ask_process", confidence=0.9)
    assert person.last.interrupted


@pytest.mark.parametrize("name", ["Mrs. Rosa Delgado", "Dr Okoro", "miss ida may bell"])
def test_a_name_may_have_a_title(person: Applicant, name: str) -> None:
    person.to(NAME).say(name, intent="out_of_scope", confidence=0.95)
    assert person.answers[NAME] == name


def test_a_number_may_come_with_the_way_that_it_is_for(person: Applicant) -> None:
    person.to(METHOD).say("you can text me at 202-555-0147")
    assert person.answers[METHOD] == "sms"
    assert str(person.answers[CONTACT]).endswith("2025550147")
    assert person.slot == FOR_WHOM


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("202-555-0147", "a phone call or for a text message"),
        ("my cell", "a phone call or for a text message"),
        ("send me a letter", "only email, call or text"),
        ("either is ok", "Please choose one"),
    ],
)
def test_what_leaves_the_way_open_is_asked_about(person: Applicant, said: str, told: str) -> None:
    person.to(METHOD).say(said)
    assert told in person.heard[0]
    assert person.slot == METHOD


@pytest.mark.parametrize("said", ["no", "that's wrong", "nope change it", "not right"])
def test_who_says_that_the_summary_is_wrong_is_asked_what(person: Applicant, said: str) -> None:
    person.to(CONFIRMED).say(said)
    assert "What should I change?" in person.heard[0]
    assert (person.slot, person.progress.ending) == (CONFIRMED, "")


@pytest.mark.parametrize("said", ["don't send it", "no, dont send"])
def test_who_wants_nothing_sent_is_done(person: Applicant, said: str) -> None:
    person.to(CONFIRMED).say(said)
    assert person.progress.ending == STOPPED


@pytest.mark.parametrize("slot", SLOTS)
def test_a_question_goes_its_own_way_at_every_question(person: Applicant, slot: str) -> None:
    person.to(slot).say("what is CBT?", intent="ask_definition", confidence=0.9, has_topic=True)
    assert person.last.interrupted
    assert person.slot == slot


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("confidence", [0.4, 0.9])
def test_who_asks_to_begin_again_has_begun(person: Applicant, slot: str, confidence: float) -> None:
    # Left to the rules, it would be answered again and again: none leads out of the form.
    person.to(slot).say("how do i start", intent="start_signup", confidence=confidence)
    assert not person.last.interrupted
    assert "We are at it" in person.heard[0]
    assert person.slot == slot


@pytest.mark.parametrize("slot", [NAME, METHOD, CONTACT, CONSENT_CONTACT, CONFIRMED])
def test_who_turns_out_to_be_a_minor_is_done(person: Applicant, slot: str) -> None:
    person.to(slot).say("wait, i am 17 btw")
    assert person.progress.ending == MINOR


def test_who_has_no_such_address_is_asked_for_another_way(person: Applicant) -> None:
    person.to(CONTACT).say("i dont have one, no phone and no email either")
    assert person.slot == METHOD


def test_who_prefers_another_way_at_the_end_is_asked_for_it(person: Applicant) -> None:
    person.to(CONFIRMED)
    other = "i prefer email" if person.answers[METHOD] != "email" else "call me instead"
    name = person.answers[NAME]
    person.say(other)
    assert (person.slot, person.answers[NAME]) == (CONTACT, name)


def test_who_it_is_for_is_corrected_at_the_end(person: Applicant) -> None:
    person.to(CONFIRMED).say("its for my son not me")
    assert (person.slot, person.answers[FOR_WHOM]) == (CONFIRMED, "loved_one")


@pytest.mark.parametrize("slot", [NAME, METHOD, CONTACT, CONSENT_CONTACT])
def test_for_whom_it_is_is_heard_before_and_after_it_is_asked(person: Applicant, slot: str) -> None:
    person.to(slot).say("it's for my brother")
    assert (person.slot, person.answers[FOR_WHOM]) == (slot, "loved_one")


def test_a_no_that_says_for_whom_it_is_refuses_nothing(person: Applicant) -> None:
    person.to(CONSENT_CONTACT).say("no, sorry, it's my sister")
    assert person.slot == CONSENT_CONTACT
    assert person.answers[FOR_WHOM] == "loved_one"
    assert not person.progress.ending


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("No, Anna is wrong, write Annika", "Annika"),
        ("no wait, Margaret Lawson. Peggy is what friends say", "Margaret Lawson"),
        ("Sorry, it's Ana Maria", "Ana Maria"),
    ],
)
def test_a_name_is_put_right_as_soon_as_it_was_told(
    person: Applicant, text: str, name: str
) -> None:
    person.to(METHOD).say(text, intent="correct_slot", confidence=0.6)
    assert (person.slot, person.answers[NAME]) == (METHOD, name)


def test_a_name_is_changed_in_one_sentence(person: Applicant) -> None:
    person.to(CONFIRMED).say("change my name to Walter")
    assert (person.slot, person.answers[NAME]) == (CONFIRMED, "Walter")


def test_send_it_is_no_wish_to_stop(person: Applicant) -> None:
    person.to(NAME).say("send it", intent="stop_form", confidence=0.9)
    assert person.progress.ending == ""


def test_send_it_please_sends(person: Applicant) -> None:
    assert person.to(CONFIRMED).say("send it please").answers[CONFIRMED] == SEND


@pytest.mark.parametrize("intent", ["chat", "praise", "out_of_scope"])
def test_a_remark_goes_its_own_way(person: Applicant, intent: str) -> None:
    person.to(NAME).say("sing something pretty for us", intent=intent, confidence=0.9)
    assert person.last.interrupted
    assert person.slot == NAME


@pytest.mark.parametrize("slot", [NAME, CONTACT, METHOD, FOR_WHOM])
def test_three_failures_offer_a_person_and_a_way_out(person: Applicant, slot: str) -> None:
    person.to(slot).say("%%%", "%%%")
    assert "stop" not in person.heard[0]
    person.say("%%%")
    assert '"stop"' in person.heard[0]
    assert "1-800-662-4357" in person.heard[0]
    assert person.last.messages[0].resources
    assert person.slot == slot


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("no, my email is ana@example.org", {CONTACT: "ana@example.org"}),
        ("my name is Ana", {NAME: "Ana"}),
        ("change my name", {NAME: None}),
        ("I want to change my email", {CONTACT: None}),
        ("change how you reach me", {METHOD: None, CONTACT: None, CONSENT_WAY: None}),
        ("my email is wrong", {CONTACT: None}),
    ],
)
def test_an_answer_is_corrected_at_any_time(
    person: Applicant, text: str, changes: dict[str, str | None]
) -> None:
    before = dict(person.to(CONFIRMED).answers)
    person.say(text)
    after = {**before, **changes}
    assert person.answers == {slot: value for slot, value in after.items() if value is not None}


def test_another_way_of_being_reached_needs_its_own_consent(person: Applicant) -> None:
    person.to(CONFIRMED, "sms").say("use my email instead: ana@example.org")
    assert (person.answers[METHOD], person.answers[CONTACT]) == ("email", "ana@example.org")
    assert person.slot == CONSENT_WAY
    assert person.message.text.startswith(current_terms().consents["email"].text)


def test_an_address_instead_of_a_number_is_taken(person: Applicant) -> None:
    person.to(CONTACT, "phone").say("better maria@example.org")
    assert (person.answers[METHOD], person.answers[CONTACT]) == ("email", "maria@example.org")


def test_another_way_is_named_instead_of_a_number(person: Applicant) -> None:
    person.to(CONTACT, "phone").say("text me instead")
    assert person.answers[METHOD] == "sms"
    assert person.slot == CONTACT


def test_back_asks_the_question_before(person: Applicant) -> None:
    assert person.to(METHOD).say("back").slot == NAME


def test_the_summary_changes_one_thing_and_comes_back(person: Applicant) -> None:
    person.to(CONFIRMED).press(NAME)
    assert person.slot == NAME
    person.say("Ana")
    assert person.slot == CONFIRMED
    assert "Name: Ana" in person.message.text
    assert person.press("stop").progress.ending == STOPPED


def test_changed_terms_are_asked_about_anew(person: Applicant) -> None:
    person.to(CONFIRMED)
    for slot in changed_terms():
        person.answers.pop(slot)
    assert person.slot == CONSENT_CONTACT


def test_who_wants_all_deleted_is_done_with_the_form(person: Applicant) -> None:
    assert person.to(CONTACT).say("delete my data").progress.ending == ERASING


def test_a_choice_of_an_earlier_run_is_not_taken(person: Applicant) -> None:
    person.to(CONSENT_CONTACT).press("yes", run="an earlier run")
    assert CONSENT_CONTACT not in person.answers
    assert "no longer open" in person.heard[0]


def test_a_late_yes_is_no_consent_and_a_late_no_is_a_no(person: Applicant) -> None:
    person.to(TERMS).press("yes", CONSENT_WAY)
    assert "no longer open" in person.heard[0]
    assert person.press("no", CONSENT_WAY).progress.ending == REFUSED


def test_send_is_not_pressed_before_all_is_answered(person: Applicant) -> None:
    person.to(CONTACT).press(SEND, CONFIRMED)
    assert CONFIRMED not in person.answers
    assert person.slot == CONTACT


def test_after_an_emergency_nothing_is_taken_until_the_person_goes_on(person: Applicant) -> None:
    person.to(CONSENT_CONTACT)
    person.crisis = "suicide-self-1"
    person.say("yes")
    assert CONSENT_CONTACT not in person.answers
    assert "go on" in person.message.text
    person.say("Maria")
    assert "go on" in person.message.text
    person.say("yes")
    assert "contact you" in person.message.text
    assert CONSENT_CONTACT not in person.answers
    assert person.say("yes").slot == CONSENT_WAY


def test_after_an_emergency_questions_are_answered_and_no_ends_it(person: Applicant) -> None:
    person.to(NAME)
    person.crisis = "suicide-self-1"
    assert person.say("what happens if I call?").last.interrupted
    assert person.press("no", "resume").progress.ending == STOPPED
    assert NAME not in person.answers


def test_nothing_typed_makes_a_choice() -> None:
    assert Said('/choose{"choice": "run1:signup_terms:yes"}', "choose", 1.0).pressed is None
    assert Pressed.from_entity("one:two") is None
