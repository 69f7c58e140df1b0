"""Reads one answer each; None or a `FieldError` where there is no clear one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.errors import FieldError
from assistant.forms import words
from assistant.forms.said import Said
from assistant.signup.fields import read_email, read_name, read_phone

YES, NO = "yes", "no"
_ADULT_FROM = 18
_OLDEST = 120

_METHODS = {
    "email": re.compile(r"\b(?:e ?mails?|mail|correo)\b"),
    "sms": re.compile(r"\b(?:text|texts|texting|sms|text messages?|mensajes?)\b"),
    "phone": re.compile(r"\b(?:call|calls|phone|telephone|ring|llamada|llamar|teléfono)\b"),
}
_SELF = re.compile(r"\b(?:me|myself|self|i am|im|mine|para mí|para mi|yo|i need|i want|i would)\b")
_LOVED_ONE = re.compile(
    r"\b(?:son|daughter|husband|wife|spouse|brother|sister|mom|mum|mother|dad|father|friend|partner"
    r"|boyfriend|girlfriend|fiance|fiancee|child|kid|kids|parent|parents|cousin|uncle|aunt|nephew"
    r"|niece|grandson|granddaughter|grandma|grandpa|grandmother|grandfather|loved one|relative"
    r"|family|someone|somebody|else|him|her|he|she|them"
    r"|hijo|hija|esposo|esposa|hermano|hermana|madre|padre|mamá|papá|amigo|amiga|familiar)\b"
)
_UNDER = re.compile(
    r"\b(?:under|younger than|below|less than|not yet|not|almost|nearly|turning|soon|menor de) "
    r"(?:\w+ )?(?:18|eighteen)\b|\b(?:minor|underage|under age|menor de edad)\b"
)
_OVER = re.compile(
    r"\b(?:over|above|older than|more than|at least|past|mayor de) (?:18|eighteen)\b"
    r"|\b(?:adult|grown up|of age|18 or older|18 plus|18\+|mayor de edad)"
)
_NO_NAME = re.compile(
    r"(?:no|not|stop|dont|do not|never|nothing|none|i (?!am\b|go by\b)|id|ill|ive|we|please"
    r"|maybe|idk)\b"
)
_NO_NAMES = ("stop_form", "withdraw_consent", "delete_data", "deny", "ask_human", "frustration")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_ORDINAL = re.compile(r"^(?:option |number )?(\d)$")


@dataclass(frozen=True)
class Option:
    """One of the answers that a question offers."""

    value: str
    title: str


def read_option(said: Said, options: Sequence[Option]) -> str | None:
    """The option that was named by its number, as listed, or by its whole title."""
    ordinal = _ORDINAL.match(said.plain)
    if ordinal and 0 < int(ordinal.group(1)) <= len(options):
        return options[int(ordinal.group(1)) - 1].value
    titles = {Said(option.title).plain: option.value for option in options}
    return titles.get(said.plain)


def read_consent(said: Said) -> str | None:
    """A yes that cannot be anything else, or a no."""
    return _yes_or_no(said.plain, words.YES)


def read_yes_or_no(said: Said) -> str | None:
    """A yes or a no where nothing is agreed to."""
    return _yes_or_no(said.plain, words.LOOSE_YES)


def read_adult(said: Said) -> str | None:
    """Whether the person is 18 or older, by a yes, a no, or their age.

    Raises:
        FieldError: somebody else's age was given.
    """
    text = said.plain
    ages = {int(found) for found in _NUMBER.findall(text) if 3 <= int(found) <= _OLDEST}
    if _LOVED_ONE.search(text):
        raise FieldError("age_of_another", "This question is about you, the person writing here.")
    if _UNDER.search(text):
        return NO
    if _OVER.search(text):
        return YES
    if len(ages) == 1:
        return YES if ages.pop() >= _ADULT_FROM else NO
    return _yes_or_no(text, words.LOOSE_YES)


def read_called(said: Said) -> str:
    """What to call a person by.

    Raises:
        FieldError: it is not a name.
    """
    text = said.plain
    known = words.LOOSE_YES | words.NO | words.SMALL_TALK
    told = words.ABOUT_ONESELF.match(text) is not None
    remark = len(text.split()) > 2 and not told and said.is_sure(*_NO_NAMES)
    if text in known or remark or _NO_NAME.match(text) or said.text.strip().startswith("/"):
        raise FieldError("name_missing", "Please tell me a name that we can call you by.")
    if len(text.split()) > 4 and not told:
        raise FieldError("name_long", "Please write only the name that we should call you by.")
    return read_name(said.text)


def read_method(said: Said) -> str | None:
    """How somebody wants to be reached; None where it is not one way alone."""
    found = [method for method, named in _METHODS.items() if named.search(said.plain)]
    if set(found) == {"sms", "phone"} and re.search(r"\btext|\bsms", said.plain):
        # "text me on my phone"
        return None if re.search(r"\bcalls?\b", said.plain) else "sms"
    return found[0] if len(found) == 1 else None


def read_contact(said: Said, method: str) -> str:
    """The address or number for a way of being reached.

    Raises:
        FieldError: there is none, or it cannot be right.
    """
    return read_email(said.text) if method == "email" else read_phone(said.text)


def contact_in(said: Said) -> tuple[Literal["email", "number"], str] | None:
    """An address or number in a text, whatever was asked."""
    for kind, read in (("email", read_email), ("number", read_phone)):
        try:
            return kind, read(said.text)  # type: ignore[return-value]
        except FieldError:
            continue
    return None


def read_for_whom(said: Said) -> str | None:
    """Whom a sign-up is for; None where it is not clear."""
    text = said.plain
    if re.search(r"\bboth\b|\bus\b|\bwe\b", text):
        return None
    if _LOVED_ONE.search(text):
        return "loved_one"
    return "self" if _SELF.search(text) or text in ("i", "for me") else None


def _yes_or_no(text: str, yes: Collection[str]) -> str | None:
    if text in yes:
        return YES
    return NO if text in words.NO else None
