"""What two places of the corpus say both: the same question, sentence, or another number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from assistant.authoring.findings import Finding
from assistant.corpus.model import Article, Section, Sentence
from assistant.retrieval.index import Floats, SearchIndex

# From this likeness on (cosine) two questions want the same answer. Names told
# apart by a letter, such as CBT and DBT, lie below it, as they are spelt out.
_SAME_QUESTION = 0.95
# From this share of equal letters on (rapidfuzz, 0 to 100) two sentences are one.
_SAME_SENTENCE = 88
# Two sentences that are alike to this degree without their numbers speak of one thing.
_SAME_MATTER = 84
# All with all, yet never in memory as a whole: 16,000 questions would take a gigabyte.
_ROWS_AT_ONCE = 512
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class _Place:
    """A sentence and where it stands."""

    article: Article
    section: Section
    sentence: Sentence

    @property
    def name(self) -> str:
        return f"{self.article.file}:{self.sentence.line}"


def overlaps(index: SearchIndex) -> Iterator[Finding]:
    """Findings over all pairs of sections, each at the later of its two places."""
    yield from _same_questions(index)
    # Advice without a source, such as whom to call in danger, may stand in many places.
    places = [
        _Place(article, section, sentence)
        for article, section in index.places
        for sentence in section.sentences
        if sentence.references
    ]
    yield from _same_sentences(places)
    yield from _other_numbers(places)


def _same_questions(index: SearchIndex) -> Iterator[Finding]:
    questions = [(a, s, question) for a, s in index.places for question in s.questions]
    owner = index.question_runs.owners
    for first, second in _like(index.vectors.questions, _SAME_QUESTION):
        if owner[first] != owner[second]:
            article, section, question = questions[second]
            other_article, other, asked = questions[first]
            what = f"`{question}` asks what `{asked}` asks ({other_article.file}:{other.line})."
            yield Finding(article.file, section.line, what, "Let one section answer it.")


def _same_sentences(places: Sequence[_Place]) -> Iterator[Finding]:
    texts = [place.sentence.text for place in places]
    for first, second in _close(texts, _SAME_SENTENCE):
        one, two = places[first], places[second]
        if one.sentence.text != two.sentence.text and not _numbers_differ(one, two):
            what = f"This sentence says what {one.name} says."
            yield Finding(two.article.file, two.sentence.line, what, "Keep one, or say more.")


def _other_numbers(places: Sequence[_Place]) -> Iterator[Finding]:
    """Contradictions: two sentences alike but for their numbers."""
    with_numbers = [place for place in places if _NUMBER.search(place.sentence.text)]
    texts = [_NUMBER.sub("#", place.sentence.text) for place in with_numbers]
    for first, second in _close(texts, _SAME_MATTER):
        one, two = with_numbers[first], with_numbers[second]
        if _numbers_differ(one, two):
            numbers = [", ".join(sorted(_numbers(place))) for place in (two, one)]
            what = f"This sentence has {numbers[0]} where {one.name} has {numbers[1]}."
            yield Finding(two.article.file, two.sentence.line, what, "See which is right.")


def _numbers_differ(one: _Place, two: _Place) -> bool:
    return _numbers(one) != _numbers(two)


def _numbers(place: _Place) -> frozenset[str]:
    return frozenset(_NUMBER.findall(place.sentence.text))


def _like(vectors: Floats, least: float) -> Iterator[tuple[int, int]]:
    """Pairs of rows, the earlier first, whose cosine reaches `least`."""
    for first in range(0, len(vectors), _ROWS_AT_ONCE):
        likeness = vectors[first : first + _ROWS_AT_ONCE] @ vectors[first:].T
        rows, columns = np.nonzero(likeness >= least)
        later = rows < columns
        yield from zip(map(int, rows[later] + first), map(int, columns[later] + first), strict=True)


def _close(texts: Sequence[str], least: float) -> Iterator[tuple[int, int]]:
    """Pairs of texts, the earlier first, that share `least` percent of their letters."""
    if texts:
        shares = cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
        rows, columns = np.nonzero(np.triu(shares, 1))
        yield from zip(map(int, rows), map(int, columns), strict=True)
