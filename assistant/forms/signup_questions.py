"""The questions of the sign-up, each with how it is read and why it is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from assistant.forms import signup_wording as texts
from assistant.forms.form import Answers
from assistant.forms.question import ANYWHERE, Question, sha256_of
from assistant.forms.readers import (
    NO,
    YES,
    Option,
    read_adult,
    read_all_right,
    read_called,
    read_consent,
    read_contact,
    read_for_whom,
    read_way,
)
from assistant.forms.said import Said
from assistant.provider import load_provider
from assistant.signup.terms import current_terms

ADULT, NAME, METHOD, CONTACT, FOR_WHOM, CONSENT_CONTACT, CONSENT_WAY, TERMS, CONFIRMED = SLOTS = (
    "signup_adult",
    "signup_name",
    "signup_method",
    "signup_contact",
    "signup_for_whom",
    "signup_consent_contact",
    "signup_consent_way",
    "signup_terms",
    "signup_confirmed",
)
SEND, STOP = "send", "stop"
AGREEMENTS = (CONSENT_CONTACT, CONSENT_WAY, TERMS)


def agreed(slot: str, value: str, answers: Answers) -> dict[str, str]:
    """What is remembered of a yes or no: the answer, when, and of which exact text.

    Raises:
        CorpusError: the terms cannot be read.
    """
    terms = current_terms()
    record = {"answer": value, "at": datetime.now(timezone.utc).isoformat()}
    if slot == TERMS:
        shown = {"version": terms.version, "language": terms.language, "sha256": terms.sha256}
        return {**record, **shown}
    purpose = _purpose(slot, answers)
    return {**record, "purpose": purpose, "sha256": terms.consents[purpose].sha256}


def _purpose(slot: str, answers: Answers) -> str:
    return "contact" if slot == CONSENT_CONTACT else str(answers[METHOD])


def _adult(_: Answers) -> Question:
    options = (Option(YES, texts.IS_ADULT), Option(NO, texts.IS_MINOR))
    text = texts.ask_adult(load_provider())
    return Question(ADULT, text, texts.WHY_ADULT, options, read_adult)


def _name(_: Answers) -> Question:
    return Question(NAME, texts.ASK_NAME, texts.WHY_NAME, read=read_called)


def _method(_: Answers) -> Question:
    options = tuple(Option(method, title) for method, title in texts.METHODS.items())
    why = texts.WHY_METHOD
    return Question(METHOD, texts.ASK_METHOD, why, options, read_way, words_asking=5)


def _contact(answers: Answers) -> Question:
    method = str(answers[METHOD])
    text = texts.ASK_CONTACT[method]

    def read(said: Said) -> str:
        return read_contact(said, method)

    return Question(CONTACT, text, texts.WHY_CONTACT[method], read=read, words_asking=ANYWHERE)


def _for_whom(_: Answers) -> Question:
    options = tuple(Option(whom, title) for whom, title in texts.FOR_WHOM.items())
    why = texts.WHY_FOR_WHOM
    return Question(FOR_WHOM, texts.ASK_FOR_WHOM, why, options, read_for_whom, words_asking=5)


def _consent_to(slot: str) -> Callable[[Answers], Question]:
    def question(answers: Answers) -> Question:
        asked = current_terms().consents[_purpose(slot, answers)]
        return _agreement(slot, asked.text, asked.sha256, texts.WHY_CONSENT)

    return question


def _terms(_: Answers) -> Question:
    terms = current_terms()
    text = f"{terms.text}\n\n{texts.ASK_TERMS}"
    return _agreement(TERMS, text, terms.sha256, texts.WHY_TERMS)


def _agreement(slot: str, text: str, shown: str, why: str) -> Question:
    options = (Option(YES, texts.AGREE), Option(NO, texts.DISAGREE))
    return Question(slot, text, why, options, read_consent, agreement=True, shown=shown)


def _confirmed(answers: Answers) -> Question:
    def read(said: Said) -> str | None:
        return SEND if read_all_right(said) else None

    text = texts.summary(
        str(answers[NAME]), str(answers[METHOD]), str(answers[CONTACT]), str(answers[FOR_WHOM])
    )
    options = (
        Option(SEND, texts.SEND),
        Option(NAME, texts.CHANGE_NAME),
        Option(METHOD, texts.CHANGE_METHOD),
        Option(CONTACT, texts.CHANGE_CONTACT[str(answers[METHOD])]),
        Option(FOR_WHOM, texts.CHANGE_FOR_WHOM),
        Option(STOP, texts.DO_NOT_SEND),
    )
    why, shown = texts.WHY_CONFIRM, sha256_of(text)
    return Question(CONFIRMED, text, why, options, read, shown=shown, personal=True)


QUESTIONS: dict[str, Callable[[Answers], Question]] = {
    ADULT: _adult,
    NAME: _name,
    METHOD: _method,
    CONTACT: _contact,
    FOR_WHOM: _for_whom,
    CONSENT_CONTACT: _consent_to(CONSENT_CONTACT),
    CONSENT_WAY: _consent_to(CONSENT_WAY),
    TERMS: _terms,
    CONFIRMED: _confirmed,
}
