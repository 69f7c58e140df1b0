"""What is said of the data that a sign-up has left, and of taking it back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from assistant.signup.application import Known

FAILED = (
    "Something went wrong on our side, and nothing was changed. Please try again in a few minutes."
)
NOTHING_FROM_HERE = (
    "I have no sign-up from this conversation. If you signed up in another chat or on another "
    "device, I can't see it from here, so that nobody else can look at it or change it. Ask our "
    "staff for that, and tell them the reference of your sign-up."
)
NOT_SENT_YET = (
    "You have not signed up yet. What you told me in this sign-up is kept encrypted while we are "
    'at it, and nobody gets it before you say yes at the end. To delete it now, write "stop".'
)
CHAT_IS_KEPT = (
    "What you wrote in this chat and what I answered is kept encrypted, so that the chat can "
    'work. To erase all of it, write "delete my data", or use "Clear chat" on the website.'
)
WITHDRAWN = (
    "Done. I have recorded that you take back your consent, and nobody may {ways} you any more "
    'because of your sign-up. To delete what we have, write "delete my data".'
)
ALREADY_WITHDRAWN = (
    "You have taken back your consent before, so nobody may contact you because of your sign-up."
)
NOT_AGREED = (
    "You have not agreed to that, or you took it back before. You agreed that we may {ways} you. "
    'To take that back, write "withdraw my consent".'
)
DELETED = (
    "Done. Your sign-up, if there was one, and what you wrote in this chat are deleted. We only "
    "keep a code that names nobody, so that nothing is sent to your address or number again."
)
DELETED_BEFORE = (
    "Your sign-up was deleted. What is left is a record of what you agreed to and took back, "
    "which holds no name, address or number."
)
KEPT = "I deleted nothing. Everything stays as it was."
SHOW_ALL = "Show all of it"
ALL = "all"
_WAYS = {"contact": "contact", "email": "email", "phone": "call", "sms": "text"}
_METHODS = {"email": "email", "phone": "a phone call", "sms": "text message"}
# What a wish to be left alone names, and nothing else.
_NAMED = {
    "sms": re.compile(r"\b(?:text|texts|texting|sms|messages? on my phone)\b", re.IGNORECASE),
    "email": re.compile(r"\b(?:e-?mails?|e-?mailing|newsletter)\b", re.IGNORECASE),
    "phone": re.compile(r"\b(?:call|calls|calling|phoning|phone me|ring)\b", re.IGNORECASE),
}
_WHOLE = re.compile(r"\b(?:all|any|every\w*|consent|contact\w*|list)\b", re.IGNORECASE)
_EVERYTHING = re.compile(r"\b(?:export|download|copy|json|all of it|everything)\b", re.IGNORECASE)


def purposes_named(text: str) -> tuple[str, ...] | None:
    """The one way of being contacted that a message wants to end; None for all of them."""
    named = tuple(purpose for purpose, words in _NAMED.items() if words.search(text))
    return named if len(named) == 1 and not _WHOLE.search(text) else None


def wants_everything(text: str) -> bool:
    """Whether a message asks for a copy of the data rather than for what they are."""
    return _EVERYTHING.search(text) is not None


def withdrawn(purposes: tuple[str, ...] | None) -> str:
    """What is said once consent was taken back."""
    return WITHDRAWN.format(ways=_WAYS[purposes[0]] if purposes else "contact")


def nothing_to_withdraw(signed_up: Known) -> str:
    """What is said where the consent that was named is not held, but perhaps another."""
    if not signed_up.granted:
        return ALREADY_WITHDRAWN
    return NOT_AGREED.format(ways=_agreed(signed_up))


def known(signed_up: Known) -> str:
    """What is stored of a sign-up, in plain words."""
    agreed = _agreed(signed_up)
    confirmed = "" if signed_up.confirmed else ", which is not confirmed yet"
    parts = [
        f"From your sign-up {signed_up.reference} I have a name to call you by, and that you want "
        f"to be reached by {_METHODS[signed_up.contact_method]} at "
        f"{signed_up.masked_contact}{confirmed}.",
        f"You agreed that we may {agreed} you." if agreed else ALREADY_WITHDRAWN,
        "I also have when you agreed, and to which words.",
        CHAT_IS_KEPT,
    ]
    return " ".join(parts)


def everything(stored: Mapping[str, Any]) -> str:
    """All that is stored, as it is stored."""
    return json.dumps(stored, indent=2, ensure_ascii=False, default=str)


def _agreed(signed_up: Known) -> str:
    return " and ".join(_WAYS[purpose] for purpose in signed_up.granted)
