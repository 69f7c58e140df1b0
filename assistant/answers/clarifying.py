"""What is offered where there is no answer, or a message leaves open what is wanted.

A bare topic's name gets a short answer and what else the articles say of it; a name that
is nearly a known one, or nothing to go by at all, gets one question back. Every choice is
a section of the articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz.distance import OSA

from assistant.answers import wording
from assistant.answers.places import seeks_place
from assistant.answers.render import with_choices
from assistant.answers.telling import tells_of_somebody
from assistant.corpus.model import Section, Topic
from assistant.message import Choice, Message
from assistant.provider import Provider
from assistant.retrieval.search import Result, Searcher

# The entity of a pressed choice that names the section to answer from.
SECTION = "section"
_MAX_CHOICES = 3
# An unanswered question is offered sections only where they are near: between this share
# of the threshold and the threshold, the articles answer half of our own questions.
_NEAR = 0.5
# And of these only the ones that have some chance beside the best.
_MAY_BE_MEANT = 0.05
# What people look for who cannot say it yet; the sections that answer it are offered.
_TO_BEGIN_WITH = (
    "What is rehab?",
    "How can I help a family member with a drug problem?",
    "How do I find a treatment program?",
    "How much does rehab cost?",
)
_ABBREVIATION = re.compile(r"[A-Z]{3,5}")
# "CBD therapy": letters that stand where an abbreviation of a therapy would.
_LETTERS_OF_CARE = re.compile(
    r"\b([a-z]{3,5}) (?:therapy|therapist|treatment|sessions?|skills|counseling|program)\b",
    re.IGNORECASE,
)


class Clarifier:
    """Says that there is no answer yet, or none, and what there is instead."""

    def __init__(self, searcher: Searcher, provider: Provider) -> None:
        """Takes the corpus, ready to be searched, and what is known of the provider."""
        self._searcher = searcher
        self._provider = provider
        self._corpus = searcher.corpus
        # These are no slip of an abbreviation.
        self._known_words = searcher.parts.encoder.words()
        self._names = {name.lower() for topic in self._corpus.glossary for name in topic.names}
        self._abbreviations = dict(_abbreviations(self._corpus.glossary))
        self._beginnings = tuple(self._to_begin_with())

    def begin(self, greeting: str) -> Message:
        """One question back, with where to begin and people to talk with."""
        choices = self._beginnings
        offer = with_choices(wording.PICK_ONE, choices) if choices else ""
        people = " ".join(filter(None, [self._provider.invitation, wording.PEOPLE]))
        text = "\n\n".join(filter(None, [greeting, offer, people]))
        links = (*self._provider.links, *wording.DANGER_LINKS)
        return Message("prompt", text, choices=choices, resources=links)

    def unknown(self, text: str, result: Result, in_field: bool, of_provider: bool) -> Message:
        """That the articles don't answer, with what is near, and people who may know.

        Args:
            text: as the person wrote it, without what went before.
            result: of the question, best sections first.
            in_field: false when the message looks like another subject altogether.
            of_provider: true when it asks what only the provider knows.
        """
        if self._known_words.isdisjoint(result.query.words) and not result.query.topics:
            return self.begin(wording.NOTHING_READ)
        near = result.probability >= _NEAR * self._searcher.judgement.threshold
        of_place = seeks_place(result.query.text)
        if not (near or in_field or of_place):
            return Message("no_answer", wording.NOT_MY_FIELD)
        choices = self.more_on(result, ())
        if near and not choices:
            choices = self.choices(_near(result))
        offer = with_choices(wording.NEAREST, choices) if choices else ""
        if not (offer or of_provider) and tells_of_somebody(text):
            # Who tells how it is, and asks nothing yet, gets somewhere to begin.
            choices = self._beginnings
            offer = with_choices(wording.PICK_ONE, choices) if choices else ""
        where = wording.FIND_NEAR if of_place else ""
        people = " ".join(filter(None, [where, self._provider.invitation, wording.HELPLINE]))
        unknown = wording.DONT_KNOW_NEAR if near else wording.DONT_KNOW
        if of_provider:
            unknown = wording.ONLY_PROVIDER
        elif tells_of_somebody(text):
            unknown = wording.TOLD
        whole = "\n\n".join(filter(None, [unknown, offer, people]))
        search = (wording.FIND_NEAR_LINK,) if of_place else ()
        links = (*search, *self._provider.links, wording.HELPLINE_LINK)
        return Message("no_answer", whole, choices=choices, resources=links)

    def choices(self, keys: Sequence[str]) -> tuple[Choice, ...]:
        """The first of these sections, to press."""
        known = [key for key in keys if key in self._corpus.section_by_key]
        sections = {key: self._corpus.section_by_key[key][1] for key in known[:_MAX_CHOICES]}
        return tuple(section_choice(key, section) for key, section in sections.items())

    def meant(self, text: str) -> Message | None:
        """The question back where letters are one away from a therapy's or program's.

        CBD is no CBT: to answer as if would be a guess. What the articles have on the
        letters as they are is offered beside it.
        """
        near: dict[str, Choice] = {}
        for match in _LETTERS_OF_CARE.finditer(text):
            letters = match[1].lower()
            if {letters, match[0].lower()} & self._names or letters in self._known_words:
                continue
            for abbreviation, topic in self._abbreviations.items():
                if OSA.distance(letters, abbreviation.lower(), score_cutoff=1) <= 1:
                    known_as = topic.name != abbreviation
                    title = f"{abbreviation} ({topic.name})" if known_as else abbreviation
                    near.setdefault(topic.id, Choice(title, f"What is {abbreviation}?"))
        if not near:
            return None
        result = self._searcher.search(self._searcher.read(text))
        best = result.sections[0]
        if result.answerable and not near.keys() & set(best.section.topics):
            near[best.key] = section_choice(best.key, best.section)
        choices = tuple(near.values())[:_MAX_CHOICES]
        return Message("prompt", with_choices(wording.MEANT, choices), choices=choices)

    def _to_begin_with(self) -> Iterator[Choice]:
        """The sections that answer what people begin with."""
        for question in _TO_BEGIN_WITH:
            result = self._searcher.search(self._searcher.read(question))
            if result.answerable:
                yield section_choice(result.sections[0].key, result.sections[0].section)

    def more_on(self, result: Result, shown: Collection[str]) -> tuple[Choice, ...]:
        """What else the articles say of a bare topic; none where a message says more.

        Args:
            result: of the message, best sections first.
            shown: keys of sections that need no choice.
        """
        query = result.query
        if len(query.topics) != 1 or query.rest:
            return ()
        chosen: list[Choice] = []
        told: set[str] = set()
        for found in result.sections:
            section = found.section
            # Each one tells something that those before it don't.
            if (
                query.topics[0] in section.topics
                and found.key not in shown
                and not told.issuperset(section.aspects)
            ):
                chosen.append(section_choice(found.key, section))
                told.update(section.aspects)
        return tuple(chosen[:_MAX_CHOICES])


def _near(result: Result) -> list[str]:
    """Keys of the sections that may well be meant, best first."""
    chances = zip(result.sections, result.chances.tolist(), strict=True)
    return [found.key for found, chance in chances if chance >= _MAY_BE_MEANT]


def section_choice(key: str, section: Section) -> Choice:
    """A section to press; its title shown, the section itself meant.

    The payload is a command of Rasa's, as only the server can offer one: what the NLU
    takes a heading or a question for does not matter then.
    """
    return Choice(section.heading, f"/ask_definition{json.dumps({SECTION: key})}")


def _abbreviations(glossary: Sequence[Topic]) -> Iterator[tuple[str, Topic]]:
    for topic in glossary:
        if topic.category in ("therapy", "level-of-care"):
            for name in topic.names:
                if _ABBREVIATION.fullmatch(name):
                    yield name, topic
