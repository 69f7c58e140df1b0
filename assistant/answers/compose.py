"""Composes the message that answers a question, or says that there is no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answers import wording
from assistant.answers.asking import Asker
from assistant.answers.memory import Memory
from assistant.answers.quoting import quote
from assistant.answers.render import source_line, with_choices
from assistant.answers.selecting import MAX_SENTENCES, MIN_SENTENCES, Candidate, best_of, choose
from assistant.corpus.model import Corpus
from assistant.gaps.model import Kind, Missed
from assistant.message import Choice, Message
from assistant.provider import Provider, load_provider
from assistant.retrieval.index import Floats
from assistant.retrieval.search import Found, Result, Searcher
from assistant.retrieval.sentences import CANDIDATES

# An unanswered question is offered sections only where they are near: where the
# first one has this share of the probability at which it would be the answer.
_NEAR = 0.5
# What outweighs that the NLU took a message for another subject: on our own questions
# the articles' decision alone refuses nearly as much.
_OUTWEIGHS = 0.7
_MAX_CHOICES = 3
# How many of the next best sections are kept for "tell me more".
_UPCOMING = 6


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

    def __init__(self, searcher: Searcher, provider: Provider) -> None:
        """Takes the corpus, ready to be searched, and what is known of the provider."""
        self._searcher = searcher
        self._provider = provider
        self._corpus = searcher.corpus
        self._asker = Asker(searcher)

    @classmethod
    def open(cls, edition: str, models_dir: Path) -> Composer:
        """Loads an edition; raises what `Searcher.open` and `load_provider` raise."""
        return cls(Searcher.open(edition, models_dir), load_provider())

    @property
    def edition(self) -> str:
        """Name of the edition that is answered from."""
        return self._searcher.parts.edition

    @property
    def corpus(self) -> Corpus:
        """The articles that are answered from, and their glossary."""
        return self._corpus

    def answer(
        self,
        text: str,
        memory: Memory,
        *,
        aspect: str | None = None,
        in_field: bool = True,
        vector: Floats | None = None,
    ) -> Reply:
        """Answers a question.

        Args:
            text: as the person wrote it.
            memory: of the last answer.
            aspect: what is asked, where the intent says it.
            in_field: false when the message looks like another subject altogether.
            vector: the text's embedding, (384,), where somebody has it already.
        """
        results = self._asker.results(text, aspect, memory, vector)
        if not results[0].answerable or not (in_field or _certain(results[0])):
            return self._abstained(results[0], in_field, memory)
        picked = tuple(self._picked(results))
        if not picked:
            return self._abstained(results[0], in_field, memory)
        remembered = Memory(
            shown=picked,
            latest=picked,
            upcoming=self._upcoming(results, {key for key, _ in picked}),
            topics=tuple(dict.fromkeys(t for result in results for t in _topics(result))),
            edition=self.edition,
        )
        return Reply(self._quote(remembered), remembered)

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

    def alternatives(self, memory: Memory) -> Reply:
        """Offers the next nearest sections after an answer that missed."""
        shown = {key for key, _ in memory.shown}
        latest = tuple(key for key, _ in memory.latest)
        missed = Missed("not_what_was_asked", memory.topics, latest) if latest else None
        choices = self._choices([key for key in memory.upcoming if key not in shown])
        if not choices:
            return Reply(Message("notice", wording.NO_ALTERNATIVES), memory, missed)
        text = with_choices(wording.ALTERNATIVES, choices)
        return Reply(Message("prompt", text, choices=choices), memory, missed)

    def _outdated(self, memory: Memory) -> bool:
        """Whether the last answer was of another edition: its sentences may have moved."""
        return bool(memory.shown) and memory.edition != self.edition

    def _picked(self, results: Sequence[Result]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The sentences to quote: of one question's best sections, or of each one's best."""
        if len(results) > 1:
            for result in results:
                best = result.sections[0]
                if best.section.sentences:
                    yield best.key, best_of(self._candidate(result, best), MIN_SENTENCES)
            return
        near = [found for found in results[0].sections[:CANDIDATES] if found.section.sentences]
        if near:
            chosen = choose([self._candidate(results[0], found) for found in near])
            for number, sentences in sorted(chosen.items()):
                yield near[number].key, sentences

    def _candidate(self, result: Result, found: Found) -> Candidate:
        return Candidate(
            self._searcher.sentence_scores(result, found), self._searcher.sentence_vectors(found)
        )

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

    def _abstained(self, result: Result, in_field: bool, memory: Memory) -> Reply:
        message = self._unknown(result, in_field)
        kind: Kind = "out_of_scope" if message.text == wording.NOT_MY_FIELD else "unknown"
        nearest = tuple(found.key for found in result.sections[:_MAX_CHOICES])
        return Reply(message, memory, Missed(kind, result.query.topics, nearest))

    def _unknown(self, result: Result, in_field: bool) -> Message:
        near = result.probability >= _NEAR * self._searcher.ranker.threshold
        if not (near or in_field):
            return Message("no_answer", wording.NOT_MY_FIELD)
        choices = self._choices([found.key for found in result.sections]) if near else ()
        offer = with_choices(wording.NEAREST, choices) if choices else ""
        people = " ".join(filter(None, [self._provider.invitation, wording.HELPLINE]))
        text = "\n\n".join(filter(None, [wording.DONT_KNOW, offer, people]))
        links = (*self._provider.links, wording.HELPLINE_LINK)
        return Message("no_answer", text, choices=choices, resources=links)

    def _choices(self, keys: Sequence[str]) -> tuple[Choice, ...]:
        known = [key for key in keys if key in self._corpus.section_by_key]
        sections = [self._corpus.section_by_key[key][1] for key in known[:_MAX_CHOICES]]
        return tuple(
            Choice(section.heading, next(iter(section.questions), section.heading))
            for section in sections
        )


def _certain(result: Result) -> bool:
    """Whether an answer outweighs that the message looked like another subject."""
    return result.probability >= _OUTWEIGHS


def _topics(result: Result) -> tuple[str, ...]:
    """What an answer was about: what was asked for by name, else the section's topics."""
    section = result.sections[0].section
    named = tuple(topic for topic in result.query.topics if topic in section.topics)
    return named or section.topics[:1]
