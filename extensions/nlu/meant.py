"""What a message's own words say of what is meant, whatever the classifier takes it for."""

from __future__ import annotations

import re

from assistant.answers.places import seeks_place

_WHO_BEGAN = re.compile(
    r"\bwho\b.*\b(?:ma[dk]es?|invent\w*|develop\w*|creat\w*|discover\w*|found(?:ed|er)|design\w*"
    r"|start\w*|began|c[ao]mes? up with)\b",
    re.IGNORECASE,
)
_ASKING_WORD = re.compile(r"\W*(?:how|why|when|where|who|which)\W*", re.IGNORECASE)
_OF_THIS_CHAT = re.compile(
    r"\b(?:here|this|chats?|writ\w*|typ(?:e|ed|ing)|messages?|conversations?|web ?site|site|bot"
    r"|you|ur?|your|record(?:ed|ing)|sav(?:e|es|ed)|stor(?:e|es|ed)|kept|keep|data|logs?|logged"
    r"|ip|anonym\w*|track\w*|delet\w*|share[sd]?|sell|sold)\b",
    re.IGNORECASE,
)
_OTHERS_WHO_KEEP = re.compile(
    r"\b(?:therapists?|counsell?ors?|shrinks?|psych(?:iatrists?|ologists?)|doctors?|docs?|clinics?"
    r"|hospitals?|courts?|judges?|employers?|boss|insurers?|insurance|probation)\b",
    re.IGNORECASE,
)
_APPLIES = re.compile(r"\bappl(?:y|ication|ying)\b", re.IGNORECASE)
_MEDICINE_FOR = re.compile(
    r"\b(?:medic\w+|meds?|pills?|drugs?|shots?)\b(?: \w+)?? (?:to|that|which|for)\b[^.?!]{0,20}"
    r"\b(?:stop\w*|quit\w*|cut\w*|cravings?|drinking|withdrawal|relapse)\b",
    re.IGNORECASE,
)
_OF_TAKING_IT = re.compile(
    r"\b(?:can|could|should|may|safe\w*|ok|okay|tak(?:e|es|ing)|took|prescribed|mgs?"
    r"|dos(?:e|es|age))\b",
    re.IGNORECASE,
)
_SPANISH = re.compile(r"\b(?:spanish|espa[nñ]ol)\b", re.IGNORECASE)
_FEW_WORDS = 8


def asks_who_began(text: str) -> bool:
    """Whether somebody asks who made a thing: "who came up with it" asks for no sources."""
    return _WHO_BEGAN.search(text) is not None


def is_asking_word(text: str) -> bool:
    """Whether a message is one word that asks of what was just read: "how", "why"."""
    return _ASKING_WORD.fullmatch(text) is not None


def is_of_this_chat(text: str) -> bool:
    """Whether a question on privacy is of this chat; "will my boss know" is of treatment."""
    return _OF_THIS_CHAT.search(text) is not None


def is_kept_elsewhere(text: str) -> bool:
    """Whether records are asked for that this chat cannot have: "what my therapist wrote"."""
    return _OTHERS_WHO_KEEP.search(text) is not None


def is_no_sign_up(text: str) -> bool:
    """Whether what sounds like a sign-up wants names of places, or to apply for something else."""
    return seeks_place(text) or _APPLIES.search(text) is not None


def asks_which_medicine(text: str) -> bool:
    """Whether it is asked which medicines there are: "medication to stop drinking"."""
    return _MEDICINE_FOR.search(text) is not None and _OF_TAKING_IT.search(text) is None


def wants_spanish(text: str) -> bool:
    """Whether a short message asks in English for Spanish."""
    return _SPANISH.search(text) is not None and len(text.split()) <= _FEW_WORDS
