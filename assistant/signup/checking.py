"""Decides whether a sign-up can be taken. Nothing is stored here."""

from __future__ import annotations

from assistant.errors import ApplicationError, FieldError, TermsChangedError
from assistant.signup.application import Application, Consent
from assistant.signup.fields import MAX_NAME, read_email, read_phone
from assistant.signup.terms import PURPOSES, Terms, current_terms

_LIMITS = {
    "submission_id": (16, 128),
    "conversation_id": (1, 255),
    "channel": (1, 32),
    "language": (2, 8),
    "form_version": (1, 32),
    "name": (1, MAX_NAME),
}
_MALFORMED = "Something in this sign-up cannot be read. Please start the sign-up again."


def check(application: Application) -> Terms:
    """The terms that a sign-up agrees to, when it is complete.

    Raises:
        ApplicationError: it is refused; says to the person why.
        TermsChangedError: other texts are in force than those that were shown.
        CorpusError: the terms cannot be used.
    """
    _check_fields(application)
    if application.adult is not True:
        raise ApplicationError("not_adult", "You need to be 18 or older to sign up here.")
    _check_contact(application)
    terms = current_terms(application.language)
    _check_texts(application, terms)
    answers = {consent.purpose: consent.granted for consent in application.consents}
    if len(answers) != len(application.consents):
        raise ApplicationError("malformed", _MALFORMED)
    if answers.get("contact") is not True:
        raise ApplicationError(
            "no_consent", "Without your yes to being contacted, nothing is stored or sent."
        )
    if answers.get(application.contact_method) is not True:
        raise ApplicationError(
            "no_consent", "Without your yes to this way of contact, nothing is stored or sent."
        )
    return terms


def _check_fields(application: Application) -> None:
    for name, (shortest, longest) in _LIMITS.items():
        value = getattr(application, name)
        if not isinstance(value, str) or not shortest <= len(value) <= longest:
            raise ApplicationError("malformed", _MALFORMED)
        if not value.isprintable():
            raise ApplicationError("malformed", _MALFORMED)
    if application.for_whom not in ("self", "loved_one"):
        raise ApplicationError("malformed", _MALFORMED)
    if not all(_is_sound(consent) for consent in application.consents):
        raise ApplicationError("malformed", _MALFORMED)


def _is_sound(consent: Consent) -> bool:
    if consent.purpose not in PURPOSES or not isinstance(consent.granted, bool):
        return False
    return consent.answered_at.tzinfo is not None


def _check_contact(application: Application) -> None:
    if application.contact_method not in ("email", "phone", "sms"):
        raise ApplicationError("malformed", _MALFORMED)
    read = read_email if application.contact_method == "email" else read_phone
    try:
        sound = read(application.contact) == application.contact
    except FieldError as error:
        raise ApplicationError(error.code, str(error)) from None
    if not sound:
        raise ApplicationError("malformed", _MALFORMED)


def _check_texts(application: Application, terms: Terms) -> None:
    shown = {consent.purpose: consent.text_sha256 for consent in application.consents}
    current = {purpose: terms.consents[purpose].sha256 for purpose in shown}
    agreed = (application.terms_version, application.terms_sha256)
    if agreed != (terms.version, terms.sha256) or shown != current:
        raise TermsChangedError("The terms have changed. Please read them and agree once more.")
