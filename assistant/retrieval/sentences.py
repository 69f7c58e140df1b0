"""How well each sentence of a section answers a question, as a few numbers each."""

from __future__ import annotations

import re

import numpy as np

from assistant.corpus.model import Section
from assistant.retrieval.index import Floats, SearchIndex
from assistant.retrieval.matching import Matching
from assistant.retrieval.query import Query

SENTENCE_FEATURES = (
    "likeness",  # of the sentence to the question
    "match",  # what readers' choices add to that likeness
    "early",  # 1 for the section's first sentence, falling to 0 for the seventh
    "section",  # log-odds of its section, against the best one's
    "number",  # 1 if it holds a number and one is asked for
    "advice",  # 1 if it speaks to the person and what to do is asked
)
# Sentences are chosen out of so many sections, the best ones.
CANDIDATES = 3
_EARLY = 6
_NUMBER = re.compile(r"\d")
_TO_THE_PERSON = re.compile(r"\byou(rs?|rself)?\b", re.IGNORECASE)
_IN_NUMBERS = frozenset({"duration", "cost", "evidence"})
# A section further behind than this is as good as not found.
_FURTHEST = 10.0


def sentence_features(
    query: Query,
    vector: Floats,
    index: SearchIndex,
    matching: Matching,
    section: int,
    behind: float,
) -> Floats:
    """The features of each sentence of a section.

    Args:
        query: the question, read.
        vector: its embedding, (384,).
        index: the corpus's index.
        matching: of questions and sentences.
        section: the section's number in it.
        behind: how much the best section's log-odds are above this one's.

    Returns:
        Array (sentences, len(SENTENCE_FEATURES)).
    """
    sentences = index.vectors.bare_sentences[index.sentence_runs.of(section)]
    count = len(sentences)
    return np.column_stack(
        [
            sentences @ vector,
            matching.scores(vector, sentences),
            np.maximum(0, 1 - np.arange(count) / _EARLY),
            np.full(count, -min(behind, _FURTHEST)),
            _holding(_NUMBER, index.places[section][1], query.aspect in _IN_NUMBERS),
            _holding(_TO_THE_PERSON, index.places[section][1], query.aspect == "how-to"),
        ]
    ).astype(np.float32)


def _holding(pattern: re.Pattern[str], section: Section, wanted: bool) -> list[bool]:
    return [wanted and bool(pattern.search(each.text)) for each in section.sentences]
