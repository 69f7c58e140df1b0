"""Whether somebody writes that 911 was called, or that help is on its way or there."""

from __future__ import annotations

import re

from assistant.safety.emergency import Situation
from assistant.safety.normalise import plain

# Who is meant by "they" where somebody is threatened may be whoever threatens.
_BY_SOMEBODY: frozenset[Situation] = frozenset({"violence", "abuse"})
_IS = r"(?: (?:is|are|has|have|just|already)|'s|'re|'ve)"
_CAME = (
    r"(?: (?:already|just|now|all))*"
    r" (?:on (?:the|its|it's|their|there) way|en route|coming|(?:almost )?here|arrived"
    r"|with (?:him|her|them|me|us)|taking (?:him|her|them|me|us))\b"
)
_SAYS = tuple(
    re.compile(pattern)
    for pattern in (
        # "the ambulance is on its way", "help is coming"
        r"\b(?:ambulances?|paramedics?|medics?|emts?|ems|911|police|cops?|sheriff|officers?|rescue)"
        rf"{_IS}?{_CAME}",
        rf"\bhelp{_IS}{_CAME}",
        # "I called 911", "ok calling"
        r"\b(?:i|we)(?:'ve|'m|'re| have| am| are)?(?: (?:already|just|now))* "
        r"(?:called|calling|phoned|texted|dialed) (?:911|for (?:help|an ambulance)|an ambulance"
        r"|the (?:ambulance|police|cops|paramedics)|them|already|now)\b",
        r"^(?:(?:ok|okay|yes|yeah|alright) )*(?:(?:i'm|i am|we're|we are) )?calling"
        r"(?: now| them| 911)*$",
        r"\bon the (?:phone|line) with (?:911|them|the (?:operator|dispatcher))\b",
        # "she's at the hospital"
        r"(?: (?:is|are|am)|'s|'re|'m)(?: now)? (?:at|in) (?:the|an) (?:hospital|er|emergency room"
        r"|ambulance)\b",
        r"\b(?:ambulancia|policia|paramedicos|ayuda)(?: ya)? (?:viene|vienen|estan?)\b",
        r"\bya (?:llame|viene|vienen|llegaron|llego)\b",
    )
)
_THEY_COME = re.compile(rf"\bthey{_IS}{_CAME}")
_IS_NOT = re.compile(
    r"\b(?:not|never|nobody|no|can't|cant|won't|wont|isn't|isnt|aren't|arent|don't|dont|if|should"
    r"|would|will|when|before|wants?|afraid|scared|nadie|nunca|si|cuando)\b"
)
_CLAUSE = re.compile(r"[.,;:!?\n]+|\b(?:but|and|so|because|pero|y)\b")


def help_is_coming(text: str, situation: Situation) -> bool:
    """Whether a clause of it says so; "nobody is coming", "if the police come" don't.

    Args:
        text: as the person wrote it.
        situation: the emergency that went before.
    """
    says = _SAYS if situation in _BY_SOMEBODY else (*_SAYS, _THEY_COME)
    clauses = [clause.strip() for clause in _CLAUSE.split(plain(text))]
    return any(
        not _IS_NOT.search(clause) and any(pattern.search(clause) for pattern in says)
        for clause in clauses
    )
