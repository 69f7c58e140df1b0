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
# "I am 2 days sober" tells no age.
_YOUNGEST = 8

_METHODS = {
    "email": re.compile(r"\b(?:e ?mails?|mail|correo)\b"),
    "sms": re.compile(r"\b(?:text|texts|texting|txts?|sms|text messages?|mensajes?)\b"),
    "phone": re.compile(r"\b(?:call|calls|phone|telephone|ring|llamada|llamar|teléfono)\b"),
}
_SELF = re.compile(r"\b(?:me|myself|self|i am|im|mine|para mí|para mi|yo|i need|i want|i would)\b")
_LOVED_ONE = re.compile(
    r"\b(?:son|daughter|husband|wife|spouse|brother|sister|mom|mum|mother|dad|father|friend|partner"
    r"|boyfriend|girlfriend|fiance|fiancee|child|kid|kids|parent|parents|cousin|uncle|aunt|nephew"
    r"|niece|grandson|granddaughter|grandma|grandpa|grandmother|grandfather|loved one|relative"
    r"|family|someone|somebody|else|him|her|he|she|hes|shes|them"
    r"|hijo|hija|esposo|esposa|hermano|hermana|madre|padre|mamá|papá|amigo|amiga|familiar)\b"
)
# "I'm her dad, 52" is the age of the one who writes.
_WHO_I_AM = re.compile(
    r"\b(?:im|i am) (?:his|her|their|the|a) (?:step)?"
    r"(?:mom|mum|mother|dad|father|parent|wife|husband|spouse|partner|son|daughter|brother|sister"
    r"|friend|girlfriend|boyfriend|aunt|uncle|cousin|grandma|grandpa|grandmother|grandfather)\b"
)
_UNDER = re.compile(
    r"\b(?:under|younger than|below|less than|not yet|not|almost|nearly|turn|turning|soon|will be"
    r"|ill be|gonna be|going to be|menor de) "
    r"(?:\w+ )?(?:18|eighteen)\b|\b(?:minor|underage|under age|menor de edad)\b"
)
_OVER = re.compile(
    r"\b(?:over|above|older than|more than|at least|past|mayor de) (?:18|eighteen)\b"
    r"|\b(?:adult|grown up|of age|18 or older|18 plus|18\+|mayor de edad)"
)
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
_GROWN = (
    r"(?:eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)"
    r"(?: (?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_AGE_IN_WORDS = re.compile(rf"^(?:\w+ ){{0,3}}?(?:(?P<teen>{_TEENS})|(?P<grown>{_GROWN}))\b")
_OF_ONESELF = re.compile(r"(?:(?:no|wait|sorry|actually|but|so|oh|hey|well) )*(?:i|im|ill)\b")
_OWN_AGE = re.compile(
    r"\b(?:im|i am|i m)(?: (?:only|just|still|actually))* (\d{1,2})\b"
    r"(?! ?(?:%|hours?|days?|weeks?|months?|years? (?:sober|clean|in)|minutes?|miles?))"
)
_NO_NAME = re.compile(
    r"(?:no|not|stop|dont|do not|never|nothing|none|i (?!am\b|go by\b)|id|ill|ive|we|please"
    r"|maybe|idk)\b"
)
# The answer to how to be reached.
_WAY = re.compile(
    r"(?:by |a |my |via )?(?:text(?: messages?)?|sms|e ?mail|phone(?: calls?)?|call(?: me)?)"
)
_NO_NAMES = ("stop_form", "withdraw_consent", "delete_data", "deny", "ask_human", "frustration")
_NUMBER = re.compile(r"\b\d{1,3}\b")
# "I don't have a phone", "no email", "not by phone": that way is out.
_WITHOUT = re.compile(
    r"\b(?:no|not by|not|dont have|do not have|havent got|without|dont|do not|cant|never) "
    r"(?:\w+ ){0,2}?(?:e ?mails?|mail|texts?|sms|calls?|phone|telephone|number)\b"
)
_NUMBER_FOR_ANYTHING = re.compile(r"\b(?:cell|cellphone|mobile|number)\b")
_BY_OTHER_MEANS = re.compile(r"\b(?:letters?|post|postal|regular mail|whats ?app|messenger)\b")
_ANY_WAY = re.compile(
    r"\b(?:either|any|anything|whatever|whichever|(?:dont|doesnt) (?:care|matter))\b"
)
_NOT_RIGHT = re.compile(
    r"(?:no )?(?:(?:thats|its|that is|it is|this is|something is|somethings) )?(?:all )?"
    r"(?:wrong|not right|not correct|incorrect)|(?:nope |no )?change (?:it|something)"
)
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
    if contact_in(said):
        # "Call 202 555 0188 after 5" tells no age.
        return None
    text = _WHO_I_AM.sub("", said.plain)
    ages = {int(found) for found in _NUMBER.findall(text) if 3 <= int(found) <= _OLDEST}
    own = {YES if int(age) >= _ADULT_FROM else NO for age in _OWN_AGE.findall(text)}
    if len(own) == 1:
        # "I'm 24, he's 17."
        return own.pop()
    if _LOVED_ONE.search(text):
        raise FieldError("age_of_another", "This question is about you, the person writing here.")
    if _UNDER.search(text):
        return NO
    if _OVER.search(text):
        return YES
    told = {YES if age >= _ADULT_FROM else NO for age in ages}
    if len(told) == 1:
        # "29, no sorry, 30" is an adult's, whichever it is.
        return told.pop()
    in_words = None if told else _AGE_IN_WORDS.match(text)
    if in_words:
        return NO if in_words["teen"] else YES
    return _yes_or_no(text, words.LOOSE_YES)


def says_minor(said: Said) -> bool:
    """Whether somebody says, whatever was asked, that they are younger than 18."""
    ages = [int(age) for age in _OWN_AGE.findall(said.plain)]
    in_words = _OF_ONESELF.match(said.plain) and _UNDER.search(said.plain)
    return bool(in_words) or any(_YOUNGEST <= age < _ADULT_FROM for age in ages)


def read_called(said: Said) -> str:
    """What to call a person by.

    Raises:
        FieldError: it is not a name.
    """
    text = said.plain
    known = words.LOOSE_YES | words.NO | words.SMALL_TALK
    told = words.ABOUT_ONESELF.match(text) is not None
    remark = len(text.split()) > 2 and not told and said.is_sure(*_NO_NAMES)
    no_name = text in known or _WAY.fullmatch(text) or _NO_NAME.match(text)
    if no_name or remark or said.text.strip().startswith("/"):
        raise FieldError("name_missing", "Please tell me a name that we can call you by.")
    if len(text.split()) > 4 and not told:
        raise FieldError("name_long", "Please write only the name that we should call you by.")
    return read_name(said.text)


def read_method(said: Said) -> str | None:
    """How somebody wants to be reached; None where it is not one way alone."""
    text = _WITHOUT.sub(" ", said.plain)
    found = [method for method, named in _METHODS.items() if named.search(text)]
    if set(found) == {"sms", "phone"} and re.search(r"\btext|\bsms", text):
        # "text me on my phone"
        return None if re.search(r"\bcalls?\b", text) else "sms"
    if not found and text != said.plain:
        # Who has no phone is written to; who has no email is not.
        no_phone = any(_METHODS[way].search(said.plain) for way in ("phone", "sms"))
        return "email" if no_phone and not _METHODS["email"].search(said.plain) else None
    return found[0] if len(found) == 1 else None


def read_way(said: Said) -> str | None:
    """How somebody wants to be reached, where that was asked.

    Raises:
        FieldError: a number was given and not what for, or another way, or any.
    """
    text = said.plain
    if _BY_OTHER_MEANS.search(text):
        raise FieldError("method_unknown", "We can only email, call or text. Which may it be?")
    way = read_method(said)
    if way is None and (contact_in(said) or _NUMBER_FOR_ANYTHING.search(text)):
        told = "Is that number for a phone call or for a text message?"
        raise FieldError("method_of_number", told)
    if way is None and _ANY_WAY.search(text):
        raise FieldError("method_any", "Please choose one: email, phone call or text message.")
    return way


def read_all_right(said: Said) -> bool:
    """Whether what was shown is right and may be sent; false where that is not clear.

    Raises:
        FieldError: it is not right, and what is wrong was not said.
    """
    answer = read_yes_or_no(said)
    if answer == NO or _NOT_RIGHT.fullmatch(said.plain):
        told = (
            'What should I change? Write, for example, "change my name" or "change the number". To '
            'send nothing, write "stop".'
        )
        raise FieldError("not_right", told)
    return answer == YES


def lacks(said: Said, method: str) -> bool:
    """Whether somebody says that they have no address or number of a kind."""
    out = " ".join(_WITHOUT.findall(said.plain))
    ways = ("email",) if method == "email" else ("phone", "sms")
    return any(_METHODS[way].search(out) for way in ways) or (method != "email" and "number" in out)


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
