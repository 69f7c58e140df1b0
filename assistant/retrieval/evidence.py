"""How strongly each section speaks to a question, as a few numbers a section."""

from __future__ import annotations

import numpy as np

from assistant.retrieval.index import Floats, SearchIndex
from assistant.retrieval.query import Query
from assistant.retrieval.runs import NONE, Runs

FEATURES = (
    "question",  # likeness to the nearest of the section's questions
    "second_question",  # likeness to the next nearest
    "discriminant",  # probability by what is particular to each section's questions
    "sentence",  # likeness to the nearest of its sentences
    "heading",  # likeness to its heading
    "words",  # BM25, as a share of the best section's
    "topic",  # share of the query's topics that are the section's
    "foreign_topic",  # 1 if the query names topics and none is the section's
    "aspect",  # 1 if the section covers the aspect that is asked
)


def section_evidence(query: Query, vector: Floats, index: SearchIndex) -> Floats:
    """The features of every section for one query.

    Args:
        query: the question, read.
        vector: its embedding, (384,).
        index: the corpus's index.

    Returns:
        Array (sections, len(FEATURES)).
    """
    nearest, next_nearest = _two_best(index.vectors.questions @ vector, index.question_runs)
    sentences = index.sentence_runs.best(index.vectors.sentences @ vector)
    asked = [index.about(topic) for topic in query.topics]
    shares = np.mean(asked, axis=0) if asked else np.zeros(len(index))
    return np.column_stack(
        [
            nearest,
            next_nearest,
            index.discriminant.probabilities(vector),
            sentences,
            index.vectors.headings @ vector,
            index.word_scores(query),
            shares,
            (shares == 0) & bool(asked),
            index.covering(query.aspect),
        ]
    ).astype(np.float32)


def _two_best(likenesses: Floats, runs: Runs) -> tuple[Floats, Floats]:
    """Best and second best likeness within each section."""
    best = runs.best(likenesses)
    # The best of what is left once each section's best is struck out.
    rest = np.where(likenesses >= best[runs.owners], np.float32(NONE), likenesses)
    return best, runs.best(rest)
