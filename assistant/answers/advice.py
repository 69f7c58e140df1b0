"""Which general information may stand beside declined medical advice.

The fixed message comes first in any case. What follows it is read by somebody who has
just asked about their own body or medicine, so a section that is only near the question
is worse than none: it would be taken for the answer.
"""

from __future__ import annotations

import re

from assistant.corpus.model import Corpus, Section
from assistant.message import Block, Message
from assistant.retrieval.query import Query

# Numbers are for the prescriber alone: a figure that is right for most can harm one.
_DOSE = re.compile(
    r"\b(mgs?|milligrams?|mcg|ml|dos(?:e|es|age|ing)|how (?:much|many|often)|extra|double|missed|"
    r"forgot|overdid|twice|pills? (?:a|per) day)\b|\d ?mg\b",
    re.IGNORECASE,
)
# What somebody takes is told, not asked.
_TAKES = re.compile(
    r"\b(?:on|takes?|taking|took|prescribed|have|has) (?:about )?\d+ ?(?:mgs?|milligrams?)\b",
    re.IGNORECASE,
)
# "Stop paying his rent" is no stopping of what somebody takes.
_DOING = r"(?! (?!tak|us|drink|smok|inject|shoot|snort|vap|be|get|go|hav)\w+ing\b)"
_STOPPING = re.compile(
    rf"\b((?:stop|quit)(?:s|ped|ping|ting)?\b{_DOING}|com(?:e|ing) off|get(?:ting)? off|wean\w*"
    r"|taper\w*|cold turkey|skip\w*"
    r"|cut(?:ting)? (?:down|back)|switch\w*|chang\w*|lower|raise|increase|reduce"
    r"|withdraw(?:ing)? from|detox\w*)\b",
    re.IGNORECASE,
)
_MIXING = re.compile(
    r"\b(with|mix\w*|together|combin\w*|on top of|drink(?:ing)? on|interact\w*)\b", re.IGNORECASE
)
_TEST = re.compile(r"\b(test|tests|tested|results?|levels?|labs?|screen|scan|positive)\b", re.I)
# Who a section has to send to, where it says anything on stopping.
_WHO_CAN = re.compile(
    r"\b(doctors?|prescribers?|pharmacists?|nurses?|providers?|supervis\w*"
    r"|medical (?:care|help|team|staff))\b",
    re.IGNORECASE,
)
# Or what has to be heard before anything else.
_WARNS = re.compile(
    r"\b(?:do not|don't|never|not safe to) (?:\w+ ){0,2}stop\w*|\bsudden(?:ly)?\b", re.IGNORECASE
)
_TAKEN = ("medicine", "substance")
# Numbers on drinks are public guidance, and no prescriber's.
_DRINKS = re.compile(r"\b(?:alcohol|drinks?|beers?|wines?|shots|liquor)\b", re.IGNORECASE)
_ALCOHOL = frozenset({"alcohol"})
_MEDICINE = re.compile(r"\b(?:pills?|tablets?|meds?|medic\w*|drugs?)\b|\dmg\b", re.IGNORECASE)


def is_safe_beside(query: Query, message: Message, corpus: Corpus) -> bool:
    """Whether an answer may follow the message that declines advice.

    Never where a dose is asked, but of alcohol alone. On stopping or changing, only with who
    to ask first, or a warning, among the quoted sentences. On taking two things, only from a
    section on the risk that treats both, and others on risks after it. On a test's result,
    only from a section on tests.

    Args:
        query: the person's message, read.
        message: the answer of the articles.
        corpus: what it quotes.
    """
    sections = [section for block in message.blocks for section in _sections(block, corpus)]
    quoted = " ".join(s.text for block in message.blocks for s in block.sentences)
    taken = [topic for topic in query.topics if _category(topic, corpus) in _TAKEN]
    asked = _TAKES.sub("", query.text)
    if _DOSE.search(asked) and not _is_of_drinks(asked, taken):
        return False
    if _TEST.search(query.text):
        return all("drug-testing" in section.topics for section in sections)
    if _STOPPING.search(query.text) and not (_WHO_CAN.search(quoted) or _WARNS.search(quoted)):
        return False
    if len(taken) > 1:
        first, *others = sections
        return _warns_of(first, taken, corpus) and all("risk" in each.aspects for each in others)
    # Of one known thing and another, what is known of the first alone says nothing.
    return not (taken and _MIXING.search(query.text))


def _is_of_drinks(text: str, taken: list[str]) -> bool:
    """Whether the amount that is asked for is one of drinks alone."""
    named = _DRINKS.search(text) is not None and _MEDICINE.search(text) is None
    return named and _ALCOHOL.issuperset(taken)


def _sections(block: Block, corpus: Corpus) -> list[Section]:
    spans = [sentence.source for sentence in block.sentences]
    keys = dict.fromkeys(f"{span.article}#{span.section}" for span in spans)
    return [corpus.section_by_key[key][1] for key in keys]


def _category(topic: str, corpus: Corpus) -> str:
    return corpus.topic_by_id[topic].category if topic in corpus.topic_by_id else ""


def _warns_of(section: Section, topics: list[str], corpus: Corpus) -> bool:
    """Whether a section is on the risk, and speaks of each of these."""
    text = " ".join(sentence.text.lower() for sentence in section.sentences)
    return "risk" in section.aspects and all(
        topic in section.topics
        or any(name.lower() in text for name in corpus.topic_by_id[topic].names)
        for topic in topics
    )
