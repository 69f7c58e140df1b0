"""Whether somebody writes that 911 was called, that help is on its way, or that it is there."""

from __future__ import annotations

import re
from typing import Literal

from assistant.safety.emergency import Situation
from assistant.safety.normalise import plain

Help = Literal["coming", "there"]

# Who is meant by "they" where somebody is threatened may be whoever threatens.
_BY_SOMEBODY: frozenset[Situation] = frozenset({"violence", "abuse"})
_HELPERS = (
    r"\b(?:ambulances?|paramedics?|medics?|emts?|ems|911|police|cops?|sheriff|officers?|rescue"
    r"|firefighters?)"
)
_IS = r"(?: (?:is|are|has|have|just|already)|'s|'re|'ve)"
_LATELY = r"(?: (?:already|just|now|all|finally))*"
_COMES = rf"{_LATELY} (?:on (?:the|its|it's|their|there) way|en route|coming|almost here)\b"
_WHOM = r"(?:him|her|them|me|us|my \w+)"
_IS_HERE = (
    rf"{_LATELY} (?:here|there|arrived|came|got here|with {_WHOM}|(?:took|taken|taking|got) {_WHOM}"
    rf"|(?:treat|help|work|check|look)\w* (?:on |at |after )?{_WHOM})\b"
)
_AT = r"(?:the |an? )?(?:hospital|er|ed|icu|emergency (?:room|department)|ambulance|detox)\b"
_THERE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_HELPERS}{_IS}?{_IS_HERE}",
        rf"\bhelp{_IS}{_IS_HERE}",
        # "she's at the hospital", "we got to the er", "he was admitted"
        rf"(?: (?:is|are|am|was|were)|'s|'re|'m)(?: now| back| already)? (?:at|in) {_AT}",
        rf"\b(?:got|came|went|made it|brought {_WHOM}|took {_WHOM}|taken) to {_AT}",
        r"\b(?:was|were|been|got) admitted\b|\badmitted (?:him|her|them|me)\b",
        r"\b(?:doctors?|nurses?) (?:is|are|has|have) (?:with|treating|helping|seeing|seen)\b",
        r"\bya (?:llegaron|llego)\b|\b(?:esta|estamos|estoy) en el hospital\b",
    )
)
_COMING = tuple(
    re.compile(pattern)
    for pattern in (
        # "the ambulance is on its way", "help is coming"
        rf"{_HELPERS}{_IS}?{_COMES}",
        rf"\bhelp{_IS}{_COMES}",
        # "I called 911", "ok calling"
        r"\b(?:i|we)(?:'ve|'m|'re| have| am| are)?(?: (?:already|just|now))* "
        r"(?:called|calling|phoned|texted|dialed) (?:911|for (?:help|an ambulance)|an ambulance"
        r"|the (?:ambulance|police|cops|paramedics)|them|already|now)\b",
        r"^(?:(?:ok|okay|yes|yeah|alright) )*(?:(?:i'm|i am|we're|we are) )?calling"
        r"(?: now| them| 911)*$",
        r"\bon the (?:phone|line) with (?:911|them|the (?:operator|dispatcher))\b",
        r"\b(?:ambulancia|policia|paramedicos|ayuda)(?: ya)? (?:viene|vienen|estan?)\b",
        r"\bya (?:llame|viene|vienen)\b",
    )
)
_THEY_ARE_HERE = re.compile(
    rf"\bthey{_IS}{_IS_HERE}|\bthey (?:took|have taken) {_WHOM}\b|\bthey (?:came|got here)$"
)
_THEY_COME = re.compile(rf"\bthey{_IS}{_COMES}")
_IS_NOT = re.compile(
    r"\b(?:not|never|nobody|no|can't|cant|won't|wont|isn't|isnt|aren't|arent|don't|dont|if|should"
    r"|would|will|when|before|wants?|afraid|scared|last|ago|years?|nadie|nunca|si|cuando)\b"
)
_CLAUSE = re.compile(r"[.,;:!?\n]+|\b(?:but|and|so|because|pero|y)\b")


def help_called(text: str, situation: Situation) -> Help | None:
    """What a clause of it says of help; "nobody is coming", "if the police come" say nothing.

    Args:
        text: as the person wrote it.
        situation: the emergency that went before.
    """
    by_somebody = situation in _BY_SOMEBODY
    there = _THERE if by_somebody else (*_THERE, _THEY_ARE_HERE)
    coming = _COMING if by_somebody else (*_COMING, _THEY_COME)
    clauses = [clause.strip() for clause in _CLAUSE.split(plain(text))]
    said = [clause for clause in clauses if not _IS_NOT.search(clause)]
    if any(pattern.search(clause) for clause in said for pattern in there):
        return "there"
    return "coming" if any(p.search(clause) for clause in said for p in coming) else None
