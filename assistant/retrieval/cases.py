"""Labelled questions with the evidence for them: what the ranker is fitted on and judged by."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from spacy.language import Language

from assistant.corpus.model import Article, Corpus, section_key
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.evidence import Evidence, section_evidence
from assistant.retrieval.examples import LabelledQuestion, predicted_aspects
from assistant.retrieval.index import Flags, Floats, build_index
from assistant.retrieval.query import QueryReader

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
    texts = [question.text for question in questions]
    aspects = predicted_aspects(texts, parts.encoder)
    return _weigh(parts, questions, dict(zip(texts, aspects, strict=True)))


def weigh_alone(
    articles: Sequence[Article],
    parts: SearchParts,
    language: Language,
    questions: Sequence[LabelledQuestion],
) -> list[Case]:
    """The cases of articles that are each a corpus by itself, as after an import.

    Each is asked its own questions, as many of other articles, and its share of those of
    other subjects. What another article answers about a topic that this one has is not
    asked: nobody has said whether this one answers it too.

    Args:
        articles: drafts of the corpus's, or its own.
        parts: the corpus: its encoder, its glossary, its embeddings.
        language: the glossary's pipeline.
        questions: labelled with sections of the corpus.
    """
    texts = [question.text for question in questions]
    aspects = dict(zip(texts, predicted_aspects(texts, parts.encoder), strict=True))
    known = parts.index.vectors.by_key()
    cases: list[Case] = []
    for article, asked in _asked_alone(articles, parts.corpus, questions):
        corpus = Corpus((article,), parts.corpus.glossary, article.id)
        reader = QueryReader(corpus, language, parts.encoder)
        index = build_index(corpus, reader, parts.encoder, known)
        alone = SearchParts(corpus, reader, parts.encoder, index, article.id)
        cases += _weigh(alone, asked, aspects)
    return cases


def _asked_alone(
    articles: Sequence[Article], corpus: Corpus, questions: Sequence[LabelledQuestion]
) -> Iterator[tuple[Article, list[LabelledQuestion]]]:
    chance = random.Random(0)  # noqa: S311 - which questions are asked is no secret
    others = [question for question in questions if question.other_subject]
    of_field = [question for question in questions if not question.other_subject]
    topics = [
        {topic for key in question.sections for topic in corpus.section_by_key[key][1].topics}
        for question in of_field
    ]
    for number, article in enumerate(articles):
        its_topics = {topic for section in article.sections for topic in section.topics}
        own = [
            question
            for question in of_field
            if any(key.partition("#")[0] == article.id for key in question.sections)
        ]
        foreign = [
            question
            for question, about in zip(of_field, topics, strict=True)
            if question not in own and its_topics.isdisjoint(about)
        ]
        some = chance.sample(foreign, min(len(own), len(foreign)))
        yield article, [*own, *some, *others[number :: len(articles)]]


def _weigh(
    parts: SearchParts, questions: Sequence[LabelledQuestion], aspects: Mapping[str, str | None]
) -> list[Case]:
    keys = [section_key(article, section) for article, section in parts.index.places]
    queries = [parts.reader.read(each.text, aspects[each.text]) for each in questions]
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
