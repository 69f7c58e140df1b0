"""Picks the sentences to quote out of what a search found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers.selecting import MIN_SENTENCES, Candidate, best_of, choose
from assistant.retrieval.search import Found, Result, Searcher
from assistant.retrieval.sentences import CANDIDATES


class Picker:
    """Knows how well each sentence of a section answers."""

    def __init__(self, searcher: Searcher) -> None:
        """Takes the corpus, ready to be searched."""
        self._searcher = searcher

    def picked(self, results: Sequence[Result]) -> Iterator[tuple[str, tuple[int, ...]]]:
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
