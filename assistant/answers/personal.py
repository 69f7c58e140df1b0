"""Tells a question that only somebody who knows the person's body can answer.

Stopping or mixing a medicine, a dose, safety in pregnancy, a diagnosis, a test result. An
embedding hears one subject in "what is methadone?" and "should he come off methadone?";
here the words decide. What is general is still answered, after the words that say who to
ask (`advice.py` decides what may follow).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from assistant.corpus.load import load_glossary
from assistant.corpus.model import Topic
from assistant.errors import CorpusError
from assistant.settings import ROOT

# Names of medicines beyond the glossary's.
MEDICINE_NAMES = ROOT / "data" / "medicine_names.txt"

# Substances that are prescribed, too; every topic of the kind "medicine" is.
_PRESCRIBED = {
    "benzodiazepines",
    "sedatives",
    "prescription-opioids",
    "prescription-stimulants",
}
# Kinds of medicine whose names the glossary need not know.
_ANY_MEDICINE = (
    r"(?:meds?|medications?|medicines?|pills?|tablets?|prescriptions?|anti-?depressants?|ssris?|"
    r"anti-?psychotics?|mood stabili[sz]ers?|pain ?killers?|sleeping (?:pills?|tablets?))"
)

# In the patterns, one letter stands for a name: M for a medicine, D for a drug that is
# none, A for either; and {n} for what may stand between within one sentence.
_MASKS = {"M": "\x01", "D": "\x02", "A": "[\x01\x02]"}
_STOPPING = (
    r"(?:stop(?:ping)?|quit(?:ting)?|com(?:e|ing) off|get(?:ting)? (?:me |him |her )?off"
    r"|go(?:ing)? off|wean(?:ing)?|taper(?:ing)?|skip(?:ping)?|doubl(?:e|ing)|cut(?:ting)? down"
    r"|cut(?:ting)? back|switch(?:ing)?|increas(?:e|ing)|lower(?:ing)?|reduc(?:e|ing)"
    r"|detox(?:ing)?)"
)
_TAKING = r"(?:tak(?:e|ing)|took|start|us(?:e|ing)|have|try|drink|smoke|give|inject|snort)"
_MAY = r"(?:can|could|should|may|must|shall|is it \w+ (?:for \w+ (?:\w+ )?)?to|is it \w+ if)"
_DO = rf"(?:how (?:do|can|should|to|would)|{_MAY}|what (?:do|should|to|if|happens))"
_MIXING = r"(?:mix\w*|combin\w+|interact\w*)"
_BESIDE = rf"(?:{_MIXING}|(?<!help )(?<!helps )(?<!compared )with|while on|on top of)"
_SAFE = r"(?:safe\w*|dangerous|harmful|bad for|risky|hurts?|harms?|affects?)"
_BABY = r"(?:pregnan\w+|breast ?-?feed\w*|nursing)"
_DISORDER = (
    r"(?:disorder|depression|anxiety|adhd|add|ptsd|bipolar|schizophrenia|ocd|autism|psychosis"
    r"|hepatitis|hiv|cancer|cirrhosis|infection|disease|addiction|borderline|bpd)"
)
_UNIT = r"(?:mgs?|milligrams?)"
_WHAT_DOSE = (
    r"(?:how much|how many|what|which|right|max\w*|high\w*|low\w*|normal|starting|correct|my"
    r"|missed|double)"
)

_PATTERNS = (
    # "how do I stop taking ...", "should he come off ...", "trying to wean off ..."
    rf"\b{_DO}\b{{60}}\b{_STOPPING}\b{{30}}<M>",
    rf"\b(?:want|need|trying|like) (?:to )?{_STOPPING}\b{{20}}<M>",
    # "can I take ...", "should she start ..."
    rf"\b{_MAY}\b{{20}}\b{_TAKING}\b{{40}}<M>",
    # two things taken, one of them a medicine: "... mixed with ...", "drinking on ..."
    rf"<M>{{12}}\b{_BESIDE}\b{{12}}<A>|<D>{{12}}\b{_BESIDE}\b{{12}}<M>",
    rf"\b{_MIXING}\b{{25}}<A>{{12}}<A>|<M>{{12}}<A>{{12}}\b(?:together|{_MIXING})\b",
    # the bare names of two
    r"^\W*(?:<M>(?:\W|and|with|plus)*<A>|<D>(?:\W|and|with|plus)*<M>)(?:\W+\w+)?\W*$",
    rf"\b(?:drink|smok)(?:e|ing)?\b{{12}}\bon <M>|\b{_TAKING}\b{{20}}\bwith <M>",
    # "is ... safe", "is it ok to ...", "... while nursing"
    rf"<M>{{20}}\b{_SAFE}\b|\b{_SAFE}\b{{25}}<M>|<M>{{40}}\b{_BABY}\b|\b{_BABY}\b{{40}}<M>",
    r"\b(?:is|are) (?:it |they )?(?:ok|okay|alright|all right|bad)\b{25}<M>",
    # a dose
    rf"\b{_WHAT_DOSE}(?: \w+){{0,2}} (?:{_UNIT}|dos(?:e|es|age))\b|\b\d+(?:\.\d+)? ?{_UNIT}\b",
    r"\bhow (?:much|many|often)\b{12}<M>{12}\b(?:should|can|could|do|does|may)\b",
    # a diagnosis
    r"\b(?:do|does|did|might|could) (?:i|he|she|my \w+)(?: \w+)? have (?:an? )?(?:\w+ )?"
    rf"{_DISORDER}\b",
    r"\bdiagnose (?:me|my|him|her)\b|\bwhat(?:'?s| is) wrong with (?:me|him|her)\b",
    r"\bam i (?:an? )?(?:bipolar|depressed|psychotic|schizo\w*|alcoholic|addict\w*|manic)\b",
    # a test's result
    r"\bmy (?:\w+ )?(?:(?:test|lab) results?|labs|blood ?work|levels?|enzymes|mri)\b",
    r"\b(?:test|lab|blood|liver) results?\b{30}\b(?:mean|say|normal|high|low|bad)\b",
)


def _compiled(pattern: str) -> str:
    gaps = re.sub(r"(?<=[>b])\{(\d+)\}", r"[^.?!]{0,\1}", pattern)
    return re.sub("<([MDA])>", lambda found: _MASKS[found[1]], gaps)


_ASKED = re.compile("|".join(map(_compiled, _PATTERNS)), re.IGNORECASE)
# Asked of a treatment, not of what to take.
_IN_GENERAL = re.compile(
    r"\b(?:how long|why|who|costs?|covered|insurance|in general|generally)\b", re.IGNORECASE
)


class PersonalAdvice:
    """Knows the names of medicines."""

    def __init__(self, topics: Iterable[Topic], others: Iterable[str] = ()) -> None:
        """Takes the glossary, and names of medicines that it has not."""
        medicines, drugs = [_ANY_MEDICINE, *map(re.escape, others)], []
        for topic in topics:
            names = [re.escape(name) for name in topic.names]
            if topic.category == "medicine" or topic.id in _PRESCRIBED:
                medicines += names
            elif topic.category == "substance":
                drugs += names
        self._medicine, self._drug = _any(medicines), _any(drugs)

    def is_asked_for(self, text: str) -> bool:
        """Whether a message asks what only somebody who knows the person can answer."""
        masked = self._drug.sub(_MASKS["D"], self._medicine.sub(_MASKS["M"], text))
        return bool(_ASKED.search(masked)) and not _IN_GENERAL.search(masked)


@lru_cache(maxsize=1)
def personal_advice() -> PersonalAdvice:
    """Of the project's names; raises CorpusError when they cannot be read."""
    return PersonalAdvice(load_glossary(), read_medicine_names())


def read_medicine_names(path: Path = MEDICINE_NAMES) -> list[str]:
    """The names in a file: a medicine a line, its names apart by commas, "#" for remarks.

    Raises:
        CorpusError: the file cannot be read.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CorpusError("Cannot be read as text.", str(path)) from None
    return [
        name.strip()
        for line in lines
        if not line.startswith("#")
        for name in line.split(",")
        if name.strip()
    ]


def _any(names: list[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)
