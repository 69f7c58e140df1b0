"""The sign-up's actions: what they make of Rasa's conversation, and of a store that fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import rights, signup
from actions.forms import said_of
from actions.rights import ActionDeleteData, ActionShowMyData, ActionWithdrawConsent
from actions.signup import (
    ActionAnswerLateChoice,
    ActionCloseSignup,
    ActionExplainSignup,
    ValidateSignupForm,
)
from actions.signup_questions import (
    AskSignupConfirmed,
    AskSignupConsentContact,
    AskSignupName,
)
from assistant.answers import wording
from assistant.errors import ApplicationError, StoreUnavailableError, TermsChangedError
from assistant.forms import rights_wording, signup_wording
from assistant.forms.kept import FORGET, NEVER, PERSONAL, THE_CONVERSATION, THE_FORM, WHILE_ASKED
from assistant.forms.progress import Progress
from assistant.forms.signup import ALREADY, ERASING, MINOR, REFUSED, SENT, SignupForm
from assistant.message import CHOICE_TITLE
from assistant.safety.protocol import Crisis
from assistant.settings import load_settings
from assistant.signup.application import Application
from assistant.signup.desk import SignupDesk
from assistant.signup.terms import current_terms

CANARY = "zebrina-canary"
NUMBER = "+12025550143"
RUN = "5f0c9f1e5f0c9f1e5f0c9f1e5f0c9f1e"


@pytest.fixture(autouse=True)
def desk(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SignupDesk]:
    """A real store of its own."""
    bare_environment.setenv("STATE_DIR", str(tmp_path))
    opened = signup.desk
    opened.cache_clear()
    yield opened()
    opened().close()
    opened.cache_clear()


def agreement(purpose: str = "") -> dict[str, str]:
    terms = current_terms()
    record = {"answer": "yes", "at": datetime.now(timezone.utc).isoformat()}
    if purpose:
        return {**record, "purpose": purpose, "sha256": terms.consents[purpose].sha256}
    return {**record, "version": terms.version, "language": "en", "sha256": terms.sha256}


def answers() -> dict[str, Any]:
    """All but the confirmation."""
    return {
        "signup_adult": "yes",
        "signup_name": CANARY,
        "signup_method": "sms",
        "signup_contact": NUMBER,
        "signup_for_whom": "self",
        "signup_consent_contact": agreement("contact"),
        "signup_consent_way": agreement("sms"),
        "signup_terms": agreement(),
    }


def tracker(
    text: str = "",
    slots: dict[str, Any] | None = None,
    progress: Progress | None = None,
    intent: str = "",
    asked: str | None = None,
    entities: list[dict[str, Any]] | None = None,
    metadata: dict[str, Any] | None = None,
    then: tuple[str, ...] = (),
    sender: str = "one",
) -> Tracker:
    latest = {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": entities or [],
        "metadata": metadata or {},
    }
    kept = {
        **(slots or {}),
        "signup_progress": progress.as_dict() if progress else None,
        "requested_slot": asked,
    }
    events = [{"event": "user", "text": text, "input_channel": "web"}]
    events += [{"event": name} for name in then]
    return Tracker(sender, kept, latest, events, False, None, {"name": "signup_form"}, None)


def run(action: Action, said: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What was sent, and the slots that were set."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, said, {}))
    # All of it crosses the wire as JSON.
    slots = json.loads(json.dumps({e["name"]: e["value"] for e in events if e["event"] == "slot"}))
    assert all(sent["text"] == sent["message"]["text"] for sent in dispatcher.messages)
    return dispatcher.messages, slots


def send_it(sender: str = "one") -> tuple[list[dict[str, Any]], dict[str, Any]]:
    said = tracker("yes", answers(), summed_up(), asked="signup_confirmed", sender=sender)
    return run(ValidateSignupForm(), said)


def summed_up() -> Progress:
    """The summary of just these answers was shown."""
    return Progress(RUN, shown=SignupForm().question("signup_confirmed", answers()).shown)


def pressed(value: str) -> list[dict[str, Any]]:
    return [{"entity": "choice", "value": value}]


def test_a_choice_is_one_only_where_a_channel_vouches_for_it() -> None:
    choice = pressed(f"{RUN}:signup_terms:yes")
    typed = tracker('/choose{"choice": ...}', intent="choose", entities=choice)
    assert said_of(typed).pressed is None
    by_title = {CHOICE_TITLE: "Yes, I agree"}
    chosen = tracker("/choose", intent="choose", entities=choice, metadata=by_title)
    assert said_of(chosen).pressed is not None


def test_the_form_begins_with_a_submission_of_its_own() -> None:
    _, first = run(ValidateSignupForm(), tracker("sign me up", intent="start_signup"))
    _, second = run(ValidateSignupForm(), tracker("sign me up", intent="start_signup"))
    assert first["signup_progress"]["run"] != second["signup_progress"]["run"]


def test_what_an_earlier_run_has_left_is_emptied() -> None:
    _, slots = run(ValidateSignupForm(), tracker("sign me up", {"signup_name": CANARY}))
    assert slots["signup_name"] is None


def test_an_emergency_is_never_an_answer() -> None:
    said = tracker("i want to die", {}, Progress(RUN), intent="crisis", asked="signup_name")
    assert run(ValidateSignupForm(), said) == ([], {})


def test_a_question_is_left_to_others_and_looked_at_once() -> None:
    said = tracker("what is CBT?", {}, Progress(RUN), asked="signup_name")
    assert run(ValidateSignupForm(), said) == ([], {})
    back = ("action_execution_rejected", "bot")
    again = tracker(CANARY, {}, Progress(RUN), asked="signup_name", then=back)
    assert run(ValidateSignupForm(), again) == ([], {})


def test_what_was_sent_is_stored_once_and_has_a_reference(desk: SignupDesk) -> None:
    _, slots = send_it()
    assert slots["signup_progress"]["ending"] == SENT
    assert slots["requested_slot"] is None
    reference = slots["signup_confirmed"]["reference"]
    _, again = send_it()
    assert again["signup_confirmed"]["reference"] == reference
    stored = desk.export("one")
    assert [each["name"] for each in stored["sign_ups"]] == [CANARY]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (StoreUnavailableError(CANARY), signup_wording.NOT_SENT),
        (TermsChangedError(CANARY), signup_wording.TERMS_CHANGED),
        (ApplicationError("too_many", "Please try again tomorrow."), "Please try again tomorrow."),
    ],
)
def test_what_could_not_be_stored_is_never_called_received(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    text: str,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(SignupDesk, "submit", fail)
    with caplog.at_level(logging.DEBUG):
        (sent,), slots = send_it()
    assert sent["text"] == text
    assert slots["signup_progress"]["ending"] == ""
    assert slots.get("signup_confirmed") is None
    assert "requested_slot" not in slots
    assert CANARY not in caplog.text


def test_changed_terms_empty_every_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise TermsChangedError

    monkeypatch.setattr(SignupDesk, "submit", fail)
    _, slots = send_it()
    emptied = {slot for slot, value in slots.items() if value is None}
    assert emptied == {"signup_consent_contact", "signup_consent_way", "signup_terms"}


def test_a_failure_of_ours_is_told_and_keeps_the_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(SignupDesk, "submit", fail)
    with caplog.at_level(logging.DEBUG):
        (sent,), slots = send_it()
    assert sent["text"] == wording.SOMETHING_FAILED
    assert slots == {"signup_progress": summed_up().as_dict()}
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


def test_nobody_is_asked_twice() -> None:
    send_it()
    _, slots = run(ValidateSignupForm(), tracker("sign me up"))
    assert slots["signup_progress"]["ending"] == ALREADY
    (sent,), _ = run(ActionCloseSignup(), tracker(progress=Progress(RUN, ending=ALREADY)))
    assert "already signed up" in sent["text"]


def test_the_sign_up_begins_though_the_store_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(SignupDesk, "known", fail)
    _, slots = run(ValidateSignupForm(), tracker("sign me up"))
    assert slots["signup_progress"]["ending"] == ""


def test_a_question_is_asked_and_its_text_of_consent_remembered() -> None:
    (sent,), slots = run(AskSignupConsentContact(), tracker(progress=Progress(RUN)))
    consent = current_terms().consents["contact"]
    assert sent["text"].startswith(consent.text)
    assert slots["signup_progress"]["shown"] == consent.sha256


def test_the_summary_is_marked_as_personal() -> None:
    (sent,), _ = run(AskSignupConfirmed(), tracker(slots=answers(), progress=Progress(RUN)))
    assert CANARY in sent["text"]
    assert sent[PERSONAL] == WHILE_ASKED


@pytest.mark.parametrize("intent", ["crisis", "ask_crisis_call", "afraid_to_call"])
def test_in_an_emergency_nothing_is_asked(intent: str) -> None:
    kept = {"crisis": Crisis("suicide", "self", "en").as_dict()}
    said = tracker("help", kept, Progress(RUN), intent=intent)
    assert run(AskSignupName(), said) == ([], {})


def test_after_an_emergency_the_form_is_offered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"crisis": Crisis("suicide", "self", "en").as_dict()}
    (sent,), slots = run(AskSignupName(), tracker("thanks", kept, Progress(RUN), then=("bot",)))
    assert "go on" in sent["text"]
    offered = Progress(**slots["signup_progress"])
    assert run(AskSignupName(), tracker("what is CBT", kept, offered, then=("bot",))) == ([], {})


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (SENT, "Your sign-up has been received"),
        (MINOR, "1-800-662-4357"),
        (REFUSED, "Without your yes"),
        (ERASING, "stopped the sign-up"),
        ("stopped", "Nothing was sent"),
    ],
)
def test_however_it_ends_all_answers_are_forgotten(ending: str, text: str) -> None:
    given = {**answers(), "signup_confirmed": {"reference": "K7M-4QX", "awaiting": "False"}}
    (sent,), slots = run(ActionCloseSignup(), tracker("", given, Progress(RUN, ending=ending)))
    assert text in sent["text"]
    assert CANARY not in sent["text"]
    assert slots.pop(FORGET) == THE_FORM
    assert set(slots) == {*given, "signup_progress"}
    assert set(slots.values()) == {None}


def test_an_email_has_to_be_confirmed() -> None:
    given = {**answers(), "signup_method": "email"}
    given["signup_confirmed"] = {"reference": "K7M-4QX", "awaiting": "True"}
    (sent,), _ = run(ActionCloseSignup(), tracker("", given, Progress(RUN, ending=SENT)))
    assert "Please confirm it with the link" in sent["text"]


def test_send_pressed_twice_is_answered_with_the_sign_up() -> None:
    choice = pressed(f"{RUN}:signup_confirmed:send")
    late = tracker("/c", intent="choose", entities=choice, metadata={CHOICE_TITLE: "Send"})
    (sent,), _ = run(ActionAnswerLateChoice(), late)
    assert "no longer open" in sent["text"]
    send_it()
    (sent,), _ = run(ActionAnswerLateChoice(), late)
    assert "already signed up" in sent["text"]


def test_an_end_that_a_failure_cut_off_is_told_at_the_next_press() -> None:
    choice = pressed(f"{RUN}:signup_confirmed:send")
    given = {**answers(), "signup_confirmed": {"reference": "K7M-4QX", "awaiting": "False"}}
    late = tracker(
        "/c",
        given,
        Progress(RUN, ending=SENT),
        intent="choose",
        entities=choice,
        metadata={CHOICE_TITLE: "Send"},
    )
    (sent,), slots = run(ActionAnswerLateChoice(), late)
    assert "Your sign-up has been received" in sent["text"]
    assert "K7M-4QX" in sent["text"]
    assert slots.pop(FORGET) == THE_FORM
    assert set(slots.values()) == {None}


@pytest.mark.parametrize(
    ("intent", "text"), [("explain_slot", "only when you sign up"), ("correct_slot", "delete my")]
)
def test_outside_of_the_form_it_is_explained(intent: str, text: str) -> None:
    (sent,), _ = run(ActionExplainSignup(), tracker("why do you need that", intent=intent))
    assert text in sent["text"]


def test_consent_is_taken_back_at_once(desk: SignupDesk) -> None:
    send_it()
    (sent,), _ = run(ActionWithdrawConsent(), tracker("stop texting me"))
    assert "nobody may text you" in sent["text"]
    known = desk.known("one")
    assert known is not None
    assert known.granted == ("contact",)
    (sent,), _ = run(ActionWithdrawConsent(), tracker("I withdraw my consent"))
    assert "nobody may contact you" in sent["text"]
    (sent,), _ = run(ActionWithdrawConsent(), tracker("I withdraw my consent"))
    assert sent["text"] == rights_wording.ALREADY_WITHDRAWN


def test_what_was_never_agreed_to_is_not_called_taken_back(desk: SignupDesk) -> None:
    send_it()
    (sent,), _ = run(ActionWithdrawConsent(), tracker("no more emails please"))
    assert "You agreed that we may contact and text you" in sent["text"]
    known = desk.known("one")
    assert known is not None
    assert known.granted == ("contact", "sms")


def test_who_took_the_consent_back_can_sign_up_again() -> None:
    send_it()
    run(ActionWithdrawConsent(), tracker("I withdraw my consent"))
    _, slots = run(ValidateSignupForm(), tracker("sign me up"))
    assert slots["signup_progress"]["ending"] == ""


def test_what_is_stored_is_told_masked_and_shown_whole_when_asked(desk: SignupDesk) -> None:
    send_it()
    (sent,), _ = run(ActionShowMyData(), tracker("what do you know about me"))
    assert "0143" in sent["text"]
    assert NUMBER not in sent["text"]
    assert [choice["title"] for choice in sent["message"]["choices"]] == ["Show all of it"]
    (sent,), _ = run(ActionShowMyData(), tracker("export my data"))
    assert json.loads(sent["text"]) == json.loads(json.dumps(desk.export("one"), default=str))
    assert sent[PERSONAL] == NEVER


@pytest.mark.parametrize("action", [ActionShowMyData, ActionWithdrawConsent])
def test_another_conversation_reaches_nothing(desk: SignupDesk, action: type[Action]) -> None:
    send_it()
    said = tracker("withdraw and show me everything", sender="another")
    said.active_loop = {}
    (sent,), _ = run(action(), said)
    assert rights_wording.NOTHING_FROM_HERE in sent["text"]
    known = desk.known("one")
    assert known is not None
    assert known.granted == ("contact", "sms")


@pytest.mark.usefixtures("desk")
def test_who_is_still_signing_up_is_told_that_nothing_is_stored_yet() -> None:
    (sent,), _ = run(ActionShowMyData(), tracker("what do you know about me"))
    assert sent["text"] == rights_wording.NOT_SENT_YET


def test_all_is_deleted_after_a_yes_and_kept_after_a_no(desk: SignupDesk) -> None:
    send_it()
    (sent,), slots = run(ActionDeleteData(), tracker(slots={}))
    assert sent["text"] == rights_wording.KEPT
    assert desk.known("one") is not None
    assert FORGET not in slots
    (sent,), slots = run(ActionDeleteData(), tracker(slots={"deletion_confirmed": "yes"}))
    assert sent["text"] == rights_wording.DELETED
    assert desk.known("one") is None
    assert CANARY not in json.dumps(desk.export("one"), default=str)
    assert slots[FORGET] == THE_CONVERSATION


@pytest.mark.parametrize("action", [ActionShowMyData, ActionWithdrawConsent, ActionDeleteData])
def test_a_store_that_is_down_is_told_and_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, action: type[Action]
) -> None:
    def fail() -> SignupDesk:
        raise StoreUnavailableError(CANARY)

    monkeypatch.setattr(signup, "desk", fail)
    monkeypatch.setattr(rights, "desk", fail)
    said = tracker("export my data", {"deletion_confirmed": "yes"})
    (sent,), slots = run(action(), said)
    assert sent["text"] == rights_wording.FAILED
    assert FORGET not in slots


def test_an_application_is_what_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    handed_in: list[Application] = []

    def keep(_: SignupDesk, application: Application) -> None:
        handed_in.append(application)
        raise StoreUnavailableError

    monkeypatch.setattr(SignupDesk, "submit", keep)
    send_it("two")
    (application,) = handed_in
    assert application.conversation_id == "two"
    assert application.channel == "web"
    assert application.submission_id == RUN
    assert load_settings().state_dir.exists()
