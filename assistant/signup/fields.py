"""Reads what a person wrote as a name, an email address or a phone number.

Pure functions. An error says in one sentence what to do, and never repeats what
was written.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, NumberParseException, PhoneNumberFormat, PhoneNumberType

from assistant.errors import FieldError

__all__ = ["FieldError", "masked", "read_email", "read_name", "read_phone"]

MAX_NAME = 80
_MAX_TEXT = 1000
_STRAIGHT_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})

_NAME_LEAD = re.compile(
    r"^(?:(?:hi|hello|hey|hola|ok|okay|sure|yes|yeah|s[ií]|well|um+|oh)[,.!]?\s+)*"
    r"(?:(?:it(?:'?s| is)|that(?:'?s| is)|this is|(?:you|u|they) (?:can|could|may) call me|"
    r"(?:please |just )?call me|(?:people|friends|everyone) calls? me|(?:i am|i'?m|im)"
    r"(?: called| named)?|(?:my|the) (?:first |full )?name(?:'?s| is| would be)?|i go by|"
    r"me llamo|mi nombre es|soy|ll[aá]m[ae]me|me dicen)[:,]?(?:\s+|$))+",
    re.IGNORECASE,
)
_NAME_TAIL = re.compile(r"[\s,]+(?:please|pls|thanks|thank you|por favor|gracias)$", re.IGNORECASE)
_URL = re.compile(r"https?:|www\.|://|\b[\w-]+\.(?:com|net|org|io|ru|info|biz)\b", re.IGNORECASE)
_MAX_NAME_DIGITS = 4
# "ana at example dot org"
_SPOKEN = re.compile(
    r"(?P<name>[\w.+-]+)\s+at\s+(?P<domain>[\w-]+(?:(?:\s+dot\s+|\.)[\w-]+)+)", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


def read_name(text: str) -> str:
    """What to call a person by.

    Args:
        text: what they wrote, such as "my name is Ana".

    Raises:
        FieldError: it is empty, too long or not a name.
    """
    plain = _plain(text)
    name = _NAME_TAIL.sub("", _NAME_LEAD.sub("", plain.strip(" \"'.!,"))).strip(' "“”.!,')
    if not any(character.isalpha() for character in name):
        raise FieldError("name_missing", "Please tell me a name that we can call you by.")
    if len(name) > MAX_NAME:
        raise FieldError("name_too_long", f"Please give a name of up to {MAX_NAME} characters.")
    if _URL.search(name) or not _looks_like_a_name(name):
        raise FieldError(
            "name_malformed", "That does not look like a name. What should we call you?"
        )
    return name


def read_email(text: str) -> str:
    """The one email address in a text, normalised.

    Raises:
        FieldError: there is none, more than one, or it cannot be right.
    """
    # A full stop after an address ends the sentence.
    text = _SPOKEN.sub(_as_written, _plain(text)) if "@" not in text else _plain(text)
    found = {match.rstrip(".!?") for match in _ADDRESS.findall(text)}
    if not found:
        raise FieldError("email_missing", "Please give an email address, like name@example.org.")
    if len(found) > 1:
        raise FieldError("email_several", "Please give only one email address.")
    try:
        # Many mail servers cannot deliver to an address with letters outside of ASCII.
        read = validate_email(
            found.pop(), check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        raise FieldError(
            "email_malformed", "That email address does not look right. Please check it."
        ) from None
    return read.ascii_email or read.normalized


def _as_written(spoken: re.Match[str]) -> str:
    domain = re.sub(r"\s+dot\s+", ".", spoken["domain"], flags=re.IGNORECASE)
    return f"{spoken['name']}@{domain}"


def read_phone(text: str, region: str = "US") -> str:
    """The one phone number in a text, in the form +12025550199 (E.164).

    Args:
        text: what the person wrote.
        region: the country of numbers that are written without one.

    Raises:
        FieldError: there is none, more than one, or nobody can be called at it.
    """
    numbers = _numbers(_plain(text), region)
    if not numbers:
        raise FieldError(
            "phone_missing", "Please give a phone number with its area code, like 202-555-0123."
        )
    if len({_e164(number) for number in numbers}) > 1:
        raise FieldError("phone_several", "Please give only one phone number.")
    number = numbers[0]
    if number.extension:
        raise FieldError("phone_extension", "Please give a direct number, without an extension.")
    if phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE:
        raise FieldError("phone_premium", "Please give a number that costs nothing extra to call.")
    return _e164(number)


def masked(contact: str) -> str:
    """An address or number for others to see: "j•••@example.org", "•••-•••-0199"."""
    if "@" in contact:
        local, _, domain = contact.rpartition("@")
        return f"{local[:1]}•••@{domain}"
    return f"•••-•••-{contact[-4:]}"


def _plain(text: str) -> str:
    if len(text) > _MAX_TEXT:
        raise FieldError("too_long", "That is too long. Please write only what I asked for.")
    composed = unicodedata.normalize("NFC", " ".join(text.translate(_STRAIGHT_QUOTES).split()))
    # Invisible marks could turn what staff read around.
    visible = "".join(mark for mark in composed if unicodedata.category(mark) != "Cf")
    if any(unicodedata.category(mark)[0] == "C" for mark in visible):
        raise FieldError("unreadable", "I could not read that. Please write it once more.")
    return visible


def _looks_like_a_name(name: str) -> bool:
    if sum(character.isdigit() for character in name) > _MAX_NAME_DIGITS:
        return False
    return all(mark in " .'-," or unicodedata.category(mark)[0] in "LMN" for mark in name)


def _numbers(text: str, region: str) -> list[phonenumbers.PhoneNumber]:
    matcher = phonenumbers.PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
    found = [match.number for match in matcher]
    if found:
        return found
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return []
    return [number] if phonenumbers.is_valid_number(number) else []


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
