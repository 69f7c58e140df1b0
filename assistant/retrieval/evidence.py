"""How strongly each section speaks to a question, as a few numbers a section."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.retrieval.index import Floats, SearchIndex
from assistant.retrieval.query import Query

FEATURES = (
    "question",  # likeness to the nearest of the section's questions
    "second_question",  # likeness to the next nearest
    "discriminant",  # probability by what is particular to each section's questions
    "sentence",  # likeness to the nearest of its sentences
    "second_sentence",  # likeness to the next nearest
    "middle",  # likeness to the mean of all its texts
    "heading",  # likeness to its heading
    "words",  # BM25 of the whole section, as a share of the best section's
    "question_words",  # BM25 of its best matching question, likewise
    "covered",  # share of the query's words that some question of it has
    "topic",  # share of the query's topics that are the section's
    "foreign_topic",  # 1 if the query names topics and none is the section's
    "aspect",  # 1 if the section covers the aspect that is asked
)


# How many sections of each first look are weighed in full.
_LOOKED_AT = 24


@dataclass(frozen=True)
class Evidence:
    """The sections that may answer a question, and how strongly each speaks to it.

    Attributes:
        sections: their numbers in the index, (candidates,).
        features: (candidates, len(FEATURES)).
    """

    sections: npt.NDArray[np.int64]
    features: Floats


def section_evidence(query: Query, vector: Floats, index: SearchIndex) -> Evidence:
    """Weighs the sections that come first by at least one quick look.

    What a question costs then hardly grows with the corpus: only the candidates are
    compared question by question and sentence by sentence.

    Args:
        query: the question, read.
        vector: its embedding, (384,).
        index: the corpus's index.
    """
    particular = index.discriminant.probabilities(vector)
    words = index.words.section_shares(query)
    asked_words = index.words.question_shares(query, index.question_runs)
    middles = index.middles @ vector
    sections = _candidates(particular, words, asked_words, middles)
    questions = index.question_runs.two_best(index.vectors.questions, vector, sections)
    sentences = index.sentence_runs.two_best(index.vectors.sentences, vector, sections)
    asked = [index.about(topic)[sections] for topic in query.topics]
    shares = np.mean(asked, axis=0) if asked else np.zeros(len(sections))
    features = [
        questions,
        particular[sections],
        sentences,
        middles[sections],
        index.vectors.headings[sections] @ vector,
        words[sections],
        asked_words[sections],
        index.words.covered(query, index.question_runs)[sections],
        shares,
        (shares == 0) & bool(asked),
        index.covering(query.aspect)[sections],
    ]
    return Evidence(sections, np.column_stack(features).astype(np.float32))


def _candidates(*looks: Floats) -> npt.NDArray[np.int64]:
    """Sections that are among the first of any look, in the index's order."""
    first = np.concatenate([np.argsort(-look, kind="stable")[:_LOOKED_AT] for look in looks])
    return np.asarray(np.unique(first), np.int64)
