"""Picks the sentences to quote out of what a search found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers.memory import Shown
from assistant.answers.selecting import (
    MAX_SENTENCES,
    MIN_SENTENCES,
    SECOND_SENTENCES,
    Candidate,
    best_of,
    sections_to_quote,
)
from assistant.retrieval.search import Found, Result, Searcher


class Picker:
    """Knows how well each sentence of a section answers."""

    def __init__(self, searcher: Searcher) -> None:
        """Takes the corpus, ready to be searched."""
        self._searcher = searcher

    def picked(
        self, results: Sequence[Result], said: Shown = ()
    ) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The sentences to quote: of one question's best sections, or of each one's best.

        Args:
            results: of the questions.
            said: what was quoted for other questions.

        Returns:
            Keys of sections, each with numbers of its sentences: up to four of a
            question's best section and three of the one that may be right instead, or
            two of each where several questions are answered; of a section that compares
            the things asked about, four before two of each thing.
        """
        if len(results) > 1:
            first_most = MAX_SENTENCES if _compares(results[0]) else MIN_SENTENCES
            other_most = MIN_SENTENCES
            quoted = [(result, result.sections[0]) for result in results]
        else:
            first_most, other_most = MAX_SENTENCES, SECOND_SENTENCES
            number = sections_to_quote(results[0].chances.tolist())
            quoted = [(results[0], found) for found in results[0].sections[:number]]
        quoted = [(result, found) for result, found in quoted if found.section.sentences]
        for at, (result, found) in enumerate(quoted):
            most = other_most if at else first_most
            before = dict(said).get(found.key, ())
            left = len(found.section.sentences) - len(before)
            if at and len(results) == 1 and left < MIN_SENTENCES:
                # It was read already, and may not even be the right one.
                continue
            yield found.key, best_of(self._candidate(result, found), most, before)

    def _candidate(self, result: Result, found: Found) -> Candidate:
        return Candidate(
            self._searcher.sentence_scores(result, found), self._searcher.sentence_vectors(found)
        )


def _compares(result: Result) -> bool:
    section = result.sections[0].section
    named = set(section.topics) & set(result.query.topics)
    return "comparison" in section.aspects and len(named) > 1
