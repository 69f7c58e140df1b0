"""Labelled questions with the evidence for them: what the ranker is fitted on and judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.corpus.model import section_key
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.evidence import Evidence, section_evidence
from assistant.retrieval.examples import LabelledQuestion, predicted_aspects
from assistant.retrieval.index import Flags, Floats

FOLDS = 5


@dataclass(frozen=True)
class Case:
    """A labelled question, as the search sees it.

    Attributes:
        vector: the question's embedding, (384,).
        evidence: for the sections that may answer it.
        right: which of them do, (candidates,).
        answerable: a section of the corpus does, among the candidates or not.
        known_words: share of its content words that the corpus uses.
    """

    question: LabelledQuestion
    vector: Floats
    evidence: Evidence
    right: Flags
    answerable: bool
    known_words: float


def weigh(parts: SearchParts, questions: Sequence[LabelledQuestion]) -> list[Case]:
    """The case of each question, with the aspect that the NLU would see in it.

    Args:
        parts: the corpus that the questions' sections are of.
        questions: from `read_labelled_questions`.
    """
    keys = [section_key(article, section) for article, section in parts.index.places]
    texts = [question.text for question in questions]
    queries = [
        parts.reader.read(text, aspect)
        for text, aspect in zip(texts, predicted_aspects(texts, parts.encoder), strict=True)
    ]
    vectors = parts.encoder.encode([query.expanded for query in queries])
    cases = []
    for question, query, vector in zip(questions, queries, vectors, strict=True):
        evidence = section_evidence(query, vector, parts.index)
        right = np.array([keys[row] in question.sections for row in evidence.sections])
        answerable = not question.sections.isdisjoint(keys)
        known = parts.index.words.known(query.lemmas)
        cases.append(Case(question, vector, evidence, right, answerable, known))
    return cases


def folds(questions: Sequence[LabelledQuestion]) -> npt.NDArray[np.int64]:
    """The fold of each question, below `FOLDS`: the same ones every time.

    Questions about one article are in one fold, so that none is judged by what was
    learnt from another wording of it.
    """
    groups = [
        min(question.sections).partition("#")[0] if question.sections else question.text
        for question in questions
    ]
    names = sorted(set(groups))
    shuffled = np.random.default_rng(0).permutation(len(names)) % FOLDS
    fold = dict(zip(names, shuffled, strict=True))
    return np.array([fold[group] for group in groups], np.int64)
