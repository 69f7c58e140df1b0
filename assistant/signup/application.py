"""What a person hands in, and what they get back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# Raised when the questions of the form, or their order, change.
FORM_VERSION = "1"

ContactMethod = Literal["email", "phone", "sms"]
ForWhom = Literal["self", "loved_one"]


@dataclass(frozen=True)
class Consent:
    """One answer to one question of consent.

    Attributes:
        purpose: one of `terms.PURPOSES`.
        granted: whether the person said yes.
        text_sha256: SHA-256 of the exact question shown, `ConsentText.sha256`.
        answered_at: when, with a time zone.
    """

    purpose: str
    granted: bool
    text_sha256: str
    answered_at: datetime


@dataclass(frozen=True)
class Application:
    """A complete sign-up.

    Attributes:
        submission_id: made once, at random, when the form starts; handing in the
            same one again changes nothing.
        conversation_id: whose it is; only a keyed hash of it is stored.
        channel: where it was filled in, such as "web".
        language: of what was shown, such as "en".
        name: what to call the person by, as `read_name` gives it.
        contact_method: how to reach them.
        contact: the address or number, as `read_email` or `read_phone` gives it.
        for_whom: whom the treatment is for.
        adult: whether the person says that they are 18 or older.
        terms_version: of the terms that were agreed to.
        terms_sha256: SHA-256 of the exact terms shown, `Terms.sha256`.
        consents: the answers, one for each purpose that was asked about.
        form_version: of the form itself.
    """

    submission_id: str
    conversation_id: str
    channel: str
    language: str
    name: str
    contact_method: ContactMethod
    contact: str
    for_whom: ForWhom
    adult: bool
    terms_version: str
    terms_sha256: str
    consents: tuple[Consent, ...]
    form_version: str = FORM_VERSION


@dataclass(frozen=True)
class Receipt:
    """That a sign-up is stored.

    Attributes:
        reference: a short name of it that can be said on the phone, "K7M-4QX".
        awaiting_confirmation: whether the person has to follow a link in an email.
        repeated: whether it had been stored before.
    """

    reference: str
    awaiting_confirmation: bool
    repeated: bool


@dataclass(frozen=True)
class Known:
    """What is known of a conversation's latest sign-up.

    Attributes:
        reference: as in the receipt.
        granted: the purposes agreed to and not withdrawn.
        contact_method: how to reach the person.
        masked_contact: the address or number with all but a little of it hidden.
        confirmed: whether an email address is confirmed; True for a number.
    """

    reference: str
    granted: tuple[str, ...]
    contact_method: str
    masked_contact: str
    confirmed: bool
