"""The sign-up: what is asked, in which order, and what the answers lead to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import cast

from assistant.errors import FieldError
from assistant.forms import signup_wording as texts
from assistant.forms.about_signup import about_signup
from assistant.forms.form import STOPPED, Answers, Form, Step
from assistant.forms.progress import Progress
from assistant.forms.question import Question, Value
from assistant.forms.readers import (
    NO,
    YES,
    contact_in,
    lacks,
    read_for_whom,
    read_method,
    says_minor,
)
from assistant.forms.said import Said
from assistant.forms.signup_questions import (
    ADULT,
    AGREEMENTS,
    CONFIRMED,
    CONSENT_CONTACT,
    CONSENT_WAY,
    CONTACT,
    FOR_WHOM,
    METHOD,
    NAME,
    QUESTIONS,
    SEND,
    SLOTS,
    STOP,
    TERMS,
    agreed,
)
from assistant.message import Resource
from assistant.provider import load_provider
from assistant.safety.disclosure import way_to_a_person
from assistant.signup.application import Application, Consent, ContactMethod, ForWhom
from assistant.signup.fields import read_name

# How a sign-up ends, beside being stopped.
MINOR, REFUSED, SENT, ALREADY, ERASING = "minor", "refused", "sent", "already", "erasing"

_FIELDS = (
    (re.compile(r"\b(?:name|called)\b"), NAME),
    (re.compile(r"\b(?:how|way|method)\b"), METHOD),
    (re.compile(r"\b(?:e ?mail|mail|phone|number|cell|mobile|address|contact)\b"), CONTACT),
    (re.compile(r"\b(?:who|whom)\b"), FOR_WHOM),
    (re.compile(r"\bage\b"), ADULT),
)
_FIELD = r"(?:name|e ?mail|mail|phone|number|cell|mobile|address|contact|age)"
_CHANGE = re.compile(
    r"\b(?:change|correct|fix|edit|update|redo|replace) (?:\w+ ){0,2}"
    rf"(?:(?:my|the) (?:\w+ )?{_FIELD}|how (?:to|you) (?:reach|contact)|who (?:it|this|the))\b"
    rf"|\b(?:my|the|that) (?:\w+ )?{_FIELD} (?:\w+ ){{0,2}}"
    r"(?:is|was|are) (?:wrong|not right|incorrect|misspelled|mistyped)\b"
    rf"|\b(?:mistyped|misspelled|mistake (?:in|with)|typo (?:in|with)|wrong) (?:my )?{_FIELD}\b"
)
_DELETE = re.compile(
    r"\b(?:delete|erase|wipe|remove) "
    r"(?:all|everything|(?:all )?(?:of )?my (?:data|info\w*|details))\b"
)
_NEW_NAME = re.compile(
    r"\b(?:my name is|the name is|name should be|name to|me llamo|mi nombre es"
    r"|call me(?! (?:instead|back|later|please|now|today|tomorrow|any ?time|on|at|in)\b))"
    r"\s+(?P<name>.+)$",
    re.IGNORECASE,
)
# "No, Tom is wrong, write Thomas", right after it was asked.
_NAME_INSTEAD = re.compile(
    r"(?i:no|wait|sorry|oops)\b.*?\b(?i:write|put|make it|it'?s|it is|i'?m|wait)[\s,:]+"
    r"(?P<name>[A-Z][a-z'\u2019-]+(?: [A-Z][a-z'\u2019-]+){0,2})(?:[.,!]|$)"
)
_RENAME = re.compile(r"\b(?:change|correct|fix) (?:my|the) name to\b")
_IT_IS = (
    r"(?:(?:no|not me|wait|sorry|actually|oh|but) )*"
    r"(?:its|it is|this is|im (?:here|asking|writing))"
)
# "It's for my brother", wherever it is said; "no, it's my sister", once that was asked.
_FOR = re.compile(rf"{_IT_IS} for\b")
_IS = re.compile(rf"{_IT_IS} my\b")
_MY_CONTACT = re.compile(
    r"\b(?:my|the|mi)\b.*\b(?:e ?mail|mail|number|phone|cell|address|correo)\b"
)


class SignupForm(Form):
    """Asks a person who wants to be contacted about treatment."""

    slots = SLOTS
    resuming = texts.RESUMING

    def question(self, slot: str, answers: Answers) -> Question:
        """What is asked for a slot.

        Raises:
            CorpusError: the terms or the provider's facts cannot be read.
        """
        return QUESTIONS[slot](answers)

    def person(self) -> tuple[str, tuple[Resource, ...]]:
        """Whom to call about treatment."""
        way = way_to_a_person(load_provider())
        return way.text, way.resources

    def step(
        self, said: Said, slot: str, answers: Answers, progress: Progress, crisis: str = ""
    ) -> Step:
        """As any form; who wants all deleted, or turns out to be too young, is done with it."""
        if said.is_sure("delete_data") or _DELETE.search(said.plain):
            return Step(replace(progress, ending=ERASING))
        if ADULT in answers and says_minor(said):
            return Step(replace(progress, ending=MINOR))
        return super().step(said, slot, answers, progress, crisis)

    def about(self, said: Said) -> str | None:
        """Who sees it, how long it is kept, what comes next, and the like."""
        return about_signup(said.plain, load_provider().name or texts.PROVIDER)

    def correction(self, said: Said, slot: str, answers: Answers) -> dict[str, Value | None] | None:
        """A new name or address, or the wish to be asked anew for one."""
        found = contact_in(said)
        if found and slot == METHOD and found[0] == "number":
            # "text me at ..."; a number alone says not whether to call or to write.
            way = read_method(said)
            return {METHOD: way, CONTACT: found[1]} if way in ("phone", "sms") else None
        if found:
            return self._new_contact(found, slot, answers)
        if slot == CONTACT and lacks(said, str(answers[METHOD])):
            return self._asked_anew(METHOD, answers)
        asked = slot in (CONTACT, CONFIRMED) and not _has_digits(said)
        way = read_method(said) if asked else None
        if way and way != answers[METHOD] and not _CHANGE.search(said.plain):
            # "text me instead"
            return self.taken(METHOD, way, answers)
        whom = _corrected_whom(said, slot, answers)
        if whom:
            return self.taken(FOR_WHOM, whom, answers)
        renamed = self._new_name(said, slot) if _RENAME.search(said.plain) else None
        if renamed:
            return renamed
        if _CHANGE.search(said.plain) or said.is_sure("correct_slot"):
            field = next((field for named, field in _FIELDS if named.search(said.plain)), None)
            return self._asked_anew(field, answers) if field in answers and field else None
        return self._new_name(said, slot) if slot != NAME and NAME in answers else None

    def taken(self, slot: str, value: str, answers: Answers) -> dict[str, Value | None]:
        """What changes with an answer; another way of being reached needs another consent."""
        if slot == CONFIRMED:
            return {slot: value} if value in (SEND, STOP) else self._asked_anew(value, answers)
        if slot in AGREEMENTS:
            return {slot: agreed(slot, value, answers)}
        if slot == METHOD and value != answers.get(METHOD):
            return {CONTACT: None, CONSENT_WAY: None, METHOD: value}
        return {slot: value}

    def ending(self, slot: str, value: str) -> str:
        """Too young, refused or stopped; sending is up to whoever holds the store."""
        if slot == ADULT and value == NO:
            return MINOR
        if slot in AGREEMENTS and value == NO:
            return REFUSED
        return STOPPED if slot == CONFIRMED and value == STOP else ""

    def _asked_anew(self, slot: str, answers: Answers) -> dict[str, Value | None]:
        if slot == METHOD:
            return {METHOD: None, CONTACT: None, CONSENT_WAY: None}
        return {slot: None}

    def _new_name(self, said: Said, slot: str) -> dict[str, Value | None] | None:
        named = None if said.asks else _NEW_NAME.search(said.text)
        if named is None and slot == METHOD and read_method(said) is None:
            named = _NAME_INSTEAD.match(said.text)
        if named is None or _MY_CONTACT.search(said.plain):
            return None
        try:
            return {NAME: read_name(named.group("name"))}
        except FieldError:
            return None

    def _new_contact(
        self, found: tuple[str, str], slot: str, answers: Answers
    ) -> dict[str, Value | None] | None:
        """An address or number beside the question; an address also says how to be reached."""
        kind, contact = found
        method = answers.get(METHOD)
        if kind == "email" and (slot == METHOD or (method and method != "email")):
            return {**self.taken(METHOD, "email", answers), CONTACT: contact}
        fits = (kind == "email") == (method == "email")
        return {CONTACT: contact} if slot != CONTACT and CONTACT in answers and fits else None


def changed_terms() -> dict[str, Value | None]:
    """What is asked anew when other terms are in force than those that were shown."""
    return dict.fromkeys(AGREEMENTS)


def application(
    answers: Answers, progress: Progress, conversation_id: str, channel: str
) -> Application:
    """The complete sign-up, of the answers alone.

    Raises:
        KeyError: an answer is missing.
    """
    said_yes = {slot: cast("dict[str, str]", answers[slot]) for slot in AGREEMENTS}
    terms = said_yes[TERMS]
    return Application(
        submission_id=progress.run,
        conversation_id=conversation_id,
        channel=channel,
        language=terms["language"],
        name=str(answers[NAME]),
        contact_method=cast(ContactMethod, answers[METHOD]),
        contact=str(answers[CONTACT]),
        for_whom=cast(ForWhom, answers[FOR_WHOM]),
        adult=answers[ADULT] == YES,
        terms_version=terms["version"],
        terms_sha256=terms["sha256"],
        consents=tuple(_consent(said_yes[slot]) for slot in (CONSENT_CONTACT, CONSENT_WAY)),
    )


def _consent(record: dict[str, str]) -> Consent:
    at = datetime.fromisoformat(record["at"])
    return Consent(record["purpose"], record["answer"] == YES, record["sha256"], at)


def _corrected_whom(said: Said, slot: str, answers: Answers) -> str | None:
    """For whom it is, where that is said beside what was asked; None where it is not."""
    if slot in (ADULT, FOR_WHOM):
        return None
    known = FOR_WHOM in answers and _IS.match(said.plain)
    return read_for_whom(said) if known or _FOR.match(said.plain) else None


def _has_digits(said: Said) -> bool:
    return any(map(str.isdigit, said.text))
