"""Composes the message that answers a question, or says that there is no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answers import wording
from assistant.answers.advice import is_safe_beside
from assistant.answers.asking import Asker
from assistant.answers.clarifying import Clarifier
from assistant.answers.following import ASKED_OF_SOMETHING, corrected
from assistant.answers.leaning import Leaning, Readings
from assistant.answers.memory import Memory, Shown
from assistant.answers.offering import Offers
from assistant.answers.picking import Picker
from assistant.answers.quoting import quote
from assistant.answers.render import source_line, with_choices
from assistant.answers.selecting import MAX_SENTENCES
from assistant.answers.telling import Told, told
from assistant.corpus.model import Corpus
from assistant.gaps.model import Kind, Missed
from assistant.message import Message
from assistant.provider import Provider, load_provider
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.index import Floats
from assistant.retrieval.search import Result, Searcher

# How many of the next best sections are kept for "tell me more".
_UPCOMING = 6
# Of so many sections, as the last two answers have, the sentences need not come again.
_REMEMBERED = 4
# Of a question without an answer, how many sections an editor is told.
_NEAREST = 3


@dataclass(frozen=True)
class Reply:
    """A message, and what to remember for the next one.

    Attributes:
        message: what is said.
        memory: of the answer.
        missed: what the articles did not answer; None where they did, or nothing was asked.
    """

    message: Message
    memory: Memory
    missed: Missed | None = None


class Composer:
    """Answers questions from one corpus. Every message it quotes is verified."""

    def __init__(self, searcher: Searcher, provider: Provider, leaning: Leaning) -> None:
        """Takes the corpus, what is known of the provider, and how messages lean on answers."""
        self._searcher = searcher
        self._provider = provider
        self._corpus = searcher.corpus
        self._asker = Asker(searcher, leaning)
        self._clarifier = Clarifier(searcher, provider)
        self._offers = Offers(self._clarifier, provider, self._corpus)
        self._picker = Picker(searcher)

    @classmethod
    def open(cls, edition: str, models_dir: Path) -> Composer:
        """Loads an edition; raises what `Searcher.open` and `load_provider` raise."""
        return cls(Searcher.open(edition, models_dir), load_provider(), Leaning.load())

    @property
    def edition(self) -> str:
        """Name of the edition that is answered from."""
        return self._searcher.parts.edition

    @property
    def corpus(self) -> Corpus:
        """The articles that are answered from, and their glossary."""
        return self._corpus

    @property
    def encoder(self) -> Encoder:
        """What embeds the texts."""
        return self._searcher.parts.encoder

    def readings(self, text: str, memory: Memory, aspect: str | None = None) -> Readings:
        """A message as it stands, and in the light of the last answer.

        Args:
            text: as the person wrote it.
            memory: of the last answer.
            aspect: what is asked, where that is known.
        """
        alone = self._searcher.search(self._searcher.read(text, aspect))
        return self._asker.follower.readings(alone, memory)

    def answer(
        self,
        text: str,
        memory: Memory,
        *,
        aspect: str | None = None,
        in_field: bool = True,
        of_provider: bool = False,
        wants_in: bool = False,
        vector: Floats | None = None,
    ) -> Reply:
        """Answers a question.

        Args:
            text: as the person wrote it.
            memory: of the last answer.
            aspect: what is asked, where the intent says it.
            in_field: false when the message looks like another subject altogether.
            of_provider: true when it asks what only the provider knows.
            wants_in: true when it may ask for a way into treatment.
            vector: the text's embedding, (384,), where somebody has it already.
        """
        meant = self._clarifier.meant(text)
        if meant:
            return Reply(meant, memory)
        results = self._asker.results(text, aspect, memory, vector)
        # That the NLU took it for another subject is a reason for doubt.
        certain = results[0].answerable and (in_field or results[0].certain)
        said = self._said(results[0], memory)
        picked = tuple(self._picker.picked(results, said)) if certain else ()
        if picked:
            return self._answered(results, picked, memory, wants_in)
        reply = self._abstained(text, results[0], in_field, of_provider, memory)
        if wants_in and reply.message.kind == "no_answer":
            return replace(reply, message=self._offers.sign_up_beside(reply.message))
        return reply

    def _abstained(
        self, text: str, result: Result, in_field: bool, of_provider: bool, memory: Memory
    ) -> Reply:
        message = self._clarifier.unknown(text, result, in_field, of_provider)
        if message.kind != "no_answer":
            return Reply(message, memory)
        kind: Kind = "out_of_scope" if message.text == wording.NOT_MY_FIELD else "unknown"
        nearest = tuple(found.key for found in result.sections[:_NEAREST])
        return Reply(message, memory, Missed(kind, result.query.topics, nearest))

    def _answered(
        self, results: Sequence[Result], picked: Shown, before: Memory, wants_in: bool = False
    ) -> Reply:
        """Quotes the sentences that were picked, and remembers what they are about."""
        remembered = Memory(
            shown=picked,
            latest=picked,
            said=self._all_said(before, picked),
            upcoming=self._upcoming(results, {key for key, _ in picked}),
            topics=tuple(dict.fromkeys(t for result in results for t in self._topics(result))),
            edition=self.edition,
            asked=self._asked(results[0]),
            aspect=results[0].query.aspect,
        )
        shown = list(dict.fromkeys(key for key, _ in picked))
        message = self._offers.beside(self._quote(remembered), results, shown, wants_in)
        return Reply(message, remembered)

    def section(self, key: str, memory: Memory) -> Reply:
        """Answers from a section that was offered: its own first question is asked.

        Args:
            key: of the section.
            memory: of the last answer.
        """
        if key not in self._corpus.section_by_key:
            return Reply(Message("notice", wording.ARTICLES_CHANGED), memory)
        _, section = self._corpus.section_by_key[key]
        question = next(iter(section.questions), section.heading)
        result = self._searcher.search(self._searcher.read(question))
        chosen = [found for found in result.sections if found.key == key]
        picked = tuple(self._picker.picked([replace(result, sections=tuple(chosen))]))
        if not picked:
            return self.answer(question, memory)
        others = [found for found in result.sections if found.key != key]
        return self._answered([replace(result, sections=(*chosen, *others))], picked, memory)

    def begin(self, greeting: str) -> Message:
        """One question back, with where to begin, for somebody who asks nothing yet.

        Args:
            greeting: what is said first.
        """
        return self._clarifier.begin(greeting)

    def told(self, text: str) -> Told:
        """How much a message says itself of what it is about."""
        return told(self._searcher.read(text))

    def own_question(self) -> str:
        """The first question of the corpus: what a check of the whole asks."""
        _, section = next(self._corpus.sections())
        return next(iter(section.questions), section.heading)

    def more(self, memory: Memory) -> Reply:
        """Goes on where the last answer stopped."""
        if self._outdated(memory):
            return Reply(Message("notice", wording.ARTICLES_CHANGED), memory)
        following = next(self._unseen(memory), None)
        if following is None:
            text = wording.NOTHING_MORE if memory.shown else wording.NOTHING_YET
            return Reply(Message("notice", text), memory)
        key, numbers = following
        shown = dict(memory.shown)
        shown[key] = (*shown.get(key, ()), *numbers)
        remembered = replace(memory, shown=tuple(shown.items()), latest=(following,))
        return Reply(self._quote(remembered), remembered)

    def sources(self, memory: Memory) -> Reply:
        """Says where the last answer comes from, each source in full."""
        if self._outdated(memory):
            return Reply(Message("notice", wording.ARTICLES_CHANGED), memory)
        quoted = self._quote(memory)
        if not quoted.sources:
            return Reply(Message("notice", wording.NOTHING_YET), memory)
        text = "\n".join([wording.SOURCES_INTRO, *map(source_line, quoted.sources)])
        return Reply(Message("notice", text, sources=quoted.sources), memory)

    def alternatives(self, memory: Memory, text: str = "") -> Reply:
        """Offers the next nearest sections after an answer that missed.

        Args:
            memory: of the last answer.
            text: what the person wrote; where it names what was meant, that is answered.
        """
        meant = corrected(text)
        if meant and self._searcher.read(meant).topics:
            reply = self.answer(meant, memory)
            if reply.message.kind == "answer":
                return reply
        shown = {key for key, _ in memory.shown}
        latest = tuple(key for key, _ in memory.latest)
        missed = Missed("not_what_was_asked", memory.topics, latest) if latest else None
        left = [key for key in memory.upcoming if key not in shown]
        choices = self._clarifier.choices(left)
        if not choices:
            links = (*self._provider.links, wording.HELPLINE_LINK)
            return Reply(
                Message("notice", wording.NO_ALTERNATIVES, resources=links), memory, missed
            )
        offer = Message("prompt", with_choices(wording.ALTERNATIVES, choices), choices=choices)
        # Said again, it is none of these either.
        return Reply(offer, replace(memory, upcoming=tuple(left[len(choices) :])), missed)

    def is_safe_beside_advice(self, text: str, answer: Message) -> bool:
        """Whether an answer may follow the message that declines medical advice."""
        return is_safe_beside(self._searcher.read(text), answer, self._corpus)

    def _topics(self, result: Result) -> tuple[str, ...]:
        """What an answer was about: what was asked for by name, else the section's topics."""
        section, asked = result.sections[0].section, result.query.topics
        named = [topic for topic in asked if topic in section.topics]
        if not named:
            named = [topic for topic in asked if self._asker.follower.treats(section, (topic,))]
        if ASKED_OF_SOMETHING.issuperset(named):
            # "Is it covered?" does not make insurance what "it" is.
            named = [topic for topic in asked if topic not in ASKED_OF_SOMETHING] or named
        return tuple(named) or section.topics[:1]

    def _said(self, result: Result, memory: Memory) -> Shown:
        """What was just quoted for another question; asked the same again, the same answers it."""
        if not memory.latest or self._asked(result) == memory.asked:
            return ()
        return memory.said

    def _all_said(self, before: Memory, picked: Shown) -> Shown:
        """What the last answers quoted, section by section; sections long past are forgotten."""
        said = dict(before.said) if before.edition == self.edition else {}
        for key, numbers in picked:
            said[key] = tuple(sorted({*said.pop(key, ()), *numbers}))
        return tuple(said.items())[-_REMEMBERED:]

    def _asked(self, result: Result) -> tuple[str, int] | None:
        nearest = self._searcher.nearest_question(result)
        return (result.sections[0].key, nearest[0]) if nearest else None

    def _outdated(self, memory: Memory) -> bool:
        """Whether the last answer was of another edition: its sentences may have moved."""
        return bool(memory.shown) and memory.edition != self.edition

    def _upcoming(self, results: Sequence[Result], shown: set[str]) -> tuple[str, ...]:
        """Next sections for "more" and "not that": near ones of the first question."""
        near = [found.key for found in results[0].sections[: _UPCOMING + len(shown)]]
        return tuple(key for key in near if key not in shown)[:_UPCOMING]

    def _unseen(self, memory: Memory) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Portions not shown yet: the rest of each section shown, then sections of a topic."""
        shown = dict(memory.shown)
        wanted = set(memory.topics)
        for key in (*shown, *memory.upcoming):
            _, section = self._corpus.section_by_key.get(key, (None, None))
            if section and (key in shown or wanted & set(section.topics)):
                left = set(range(len(section.sentences))) - set(shown.get(key, ()))
                if left:
                    yield key, tuple(sorted(left)[:MAX_SENTENCES])

    def _quote(self, memory: Memory) -> Message:
        has_more = next(self._unseen(memory), None) is not None
        return quote(self._corpus, memory.latest, has_more=has_more)
