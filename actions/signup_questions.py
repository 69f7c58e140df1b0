"""Asks the questions of the sign-up, one action a slot; Rasa finds them by their names."""

from __future__ import annotations

from actions.forms import AskForSlot
from actions.signup import FORM, PROGRESS_SLOT
from assistant.forms.signup_questions import (
    ADULT,
    CONFIRMED,
    CONSENT_CONTACT,
    CONSENT_WAY,
    CONTACT,
    FOR_WHOM,
    METHOD,
    NAME,
    TERMS,
)


class _AskSignup(AskForSlot):
    form = FORM
    progress_slot = PROGRESS_SLOT


class AskSignupAdult(_AskSignup):
    """The age gate."""

    slot = ADULT


class AskSignupName(_AskSignup):
    """What to be called by."""

    slot = NAME


class AskSignupMethod(_AskSignup):
    """How to be reached."""

    slot = METHOD


class AskSignupContact(_AskSignup):
    """The address or number."""

    slot = CONTACT


class AskSignupForWhom(_AskSignup):
    """Whom it is for."""

    slot = FOR_WHOM


class AskSignupConsentContact(_AskSignup):
    """Consent to be contacted about treatment."""

    slot = CONSENT_CONTACT


class AskSignupConsentWay(_AskSignup):
    """Consent to the way that was chosen."""

    slot = CONSENT_WAY


class AskSignupTerms(_AskSignup):
    """The terms."""

    slot = TERMS


class AskSignupConfirmed(_AskSignup):
    """The summary."""

    slot = CONFIRMED
