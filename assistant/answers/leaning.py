"""Weighs what a message means after the answer before it.

"Is it paid?", "im 16", "what if they find out": searched alone, such a message finds
whatever is likest. So it is searched three times: alone, behind the question that was
answered last, and beside the last subject (its topics' names and the article's title). A
conditional logit puts what the three find in order, and knows that people stay with an
article more often than not; a logistic regression says how likely the first sections are
right. Both are fitted on conversations of the project's own (`make fit`), kept in
`data/leaning.json`, and hold for any corpus. Nothing of a person's words is kept for it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.answers.memory import Memory
from assistant.errors import CorpusError
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.index import Floats
from assistant.retrieval.query import Query
from assistant.retrieval.ranking import Weights, probability_of
from assistant.retrieval.search import Found, Result, Searcher
from assistant.settings import ROOT

LEANING_FILE = ROOT / "data" / "leaning.json"
ORDER_FEATURES = (
    "alone",  # log-odds behind the best section of the message alone
    "behind_question",  # the same of the message behind the last question
    "beside_topics",  # the same of the message beside the last topics
    "article",  # 1 if its article was just quoted
    "article_own_topic",  # the same, where the message names a topic itself
    "upcoming",  # 1 if it came next in the search before
)
DECISION_FEATURES = (
    "alone",  # log-odds of the best section in each search
    "behind_question",
    "beside_topics",
    "alone_answers",  # log-odds that the articles answer, of each search
    "behind_question_answers",
    "beside_topics_answers",
    "alone_question",  # likeness of the section's nearest question to each search
    "behind_question_question",
    "beside_topics_question",
    "article",  # 1 if its article was just quoted
    "quoted_last",  # 1 if the section itself was in the last answer
    "own_topic",  # 1 if the message names a topic itself
    "points_back",  # 1 if it says "it", "that", "they"
)
# "How long does it take?", "does that hurt"
POINTING_BACK = re.compile(r"\b(it|its|that|this|they|them|those|these|ones?)\b", re.IGNORECASE)
# What a search has not found at all is so far behind its best.
_FAR = -8.0
_ALMOST = 1e-4
# The lowest tenth at which 97 % of messages on other subjects, asked after an answer, are
# turned down (the NLU doubts most of these besides); in spite of a doubt, the lowest at which
# 99.5 % are (docs/decisions/0014).
_ANSWERED = 0.3
_CERTAIN = 0.5


@dataclass(frozen=True)
class Readings:
    """A message as three searches see it.

    Attributes:
        searcher: the corpus that they looked in.
        alone: as it stands.
        behind_question: behind the question that was answered last.
        beside_topics: beside the names of the last topics, and the article's title.
    """

    searcher: Searcher
    alone: Result
    behind_question: Result
    beside_topics: Result

    @property
    def all(self) -> tuple[Result, Result, Result]:
        """The three of them, in the order of the features."""
        return self.alone, self.behind_question, self.beside_topics

    @classmethod
    def search(cls, searcher: Searcher, alone: Result, question: str, subject: str) -> Readings:
        """Searches twice more.

        Args:
            searcher: the corpus, ready to be searched.
            alone: what the message found as it stands.
            question: the articles' own question that was answered last; empty for none.
            subject: names of the last topics, and what else says it; empty for none.
        """
        text, aspect = alone.query.text, alone.query.aspect
        queries: list[Query] = [
            searcher.read(f"{question} {text}", aspect) if question else alone.query,
            searcher.read(f"{text} {subject}", aspect) if subject else alone.query,
        ]
        vectors = searcher.parts.encoder.encode([query.expanded for query in queries])
        results = [searcher.search(q, v) for q, v in zip(queries, vectors, strict=True)]
        return cls(searcher, alone, *results)


@dataclass(frozen=True)
class Candidates:
    """The sections that any of the searches found.

    Attributes:
        sections: in no order that matters.
        features: (sections, len(ORDER_FEATURES)).
    """

    sections: tuple[Found, ...]
    features: Floats

    @classmethod
    def of(cls, readings: Readings, memory: Memory) -> Candidates:
        """Weighs each section that was found."""
        found = {f.key: f for result in readings.all for f in result.sections}
        articles = _articles(memory)
        own_topic = bool(readings.alone.query.topics)
        scores = [
            {f.key: f.score - result.sections[0].score for f in result.sections}
            for result in readings.all
        ]
        rows = []
        for key, each in found.items():
            behind = [max(of_one.get(key, _FAR), _FAR) for of_one in scores]
            quoted = each.article.id in articles
            rows.append([*behind, quoted, quoted and own_topic, key in memory.upcoming])
        return cls(tuple(found.values()), np.array(rows, np.float32))


def decision_features(readings: Readings, memory: Memory, best: Found) -> Floats:
    """The row of `DECISION_FEATURES` for one message.

    Args:
        readings: of the message.
        memory: of the last answer.
        best: the section that comes first.
    """
    scores = [
        max(next((f.score for f in result.sections if f.key == best.key), _FAR), _FAR)
        for result in readings.all
    ]
    sure = np.clip([result.probability for result in readings.all], _ALMOST, 1 - _ALMOST)
    nearest = [
        readings.searcher.likest_question(best.row, result.vector) for result in readings.all
    ]
    likeness = [found[1] if found else 0.0 for found in nearest]
    query = readings.alone.query
    flags = (
        best.article.id in _articles(memory),
        best.key in dict(memory.latest),
        bool(query.topics),
        POINTING_BACK.search(query.text) is not None,
    )
    return np.array([*scores, *np.log(sure / (1 - sure)), *likeness, *flags], np.float32)


def _articles(memory: Memory) -> set[str]:
    """The ids of the articles that were just quoted."""
    return {key.partition("#")[0] for key, _ in memory.shown}


@dataclass(frozen=True)
class Leaning:
    """The fitted numbers.

    Attributes:
        order: over `ORDER_FEATURES`.
        decision: over `DECISION_FEATURES`.
    """

    order: Weights
    decision: Weights

    def result(self, readings: Readings, memory: Memory, names_subject: bool) -> Result:
        """What the message asks, after the last answer.

        Args:
            readings: of the message.
            memory: of the last answer.
            names_subject: whether the message itself names what it is about.
        """
        candidates = Candidates.of(readings, memory)
        scores = self.order.logits(candidates.features)
        order = np.argsort(-scores, kind="stable")
        sections = tuple(replace(candidates.sections[at], score=float(scores[at])) for at in order)
        best = sections[0]
        features = decision_features(readings, memory, best)
        probability = probability_of(self.decision.logits(features))
        return replace(
            _reading_of(readings, best.key, names_subject),
            sections=sections,
            probability=probability,
            answerable=probability >= _ANSWERED,
            certain=probability >= _CERTAIN,
        )

    @classmethod
    def none(cls) -> Leaning:
        """One that has learnt nothing: to fit one with."""
        return cls(
            Weights((0.0,) * len(ORDER_FEATURES), 0.0),
            Weights((0.0,) * len(DECISION_FEATURES), 0.0),
        )

    def save(self, path: Path = LEANING_FILE) -> None:
        """Writes the numbers as JSON."""
        stored = {
            "order": self.order.named(ORDER_FEATURES),
            "decision": self.decision.named(DECISION_FEATURES),
            "encoder": Encoder.version,
        }
        path.write_text(json.dumps(stored, indent=2) + "\n", "ascii")

    @classmethod
    def load(cls, path: Path = LEANING_FILE) -> Leaning:
        """Reads what `save` wrote.

        Raises:
            CorpusError: the file is missing, or was fitted for other features.
        """
        try:
            stored = json.loads(path.read_text("ascii"))
            return cls(
                order=Weights.from_named(stored["order"], ORDER_FEATURES),
                decision=Weights.from_named(stored["decision"], DECISION_FEATURES),
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise CorpusError("Does not fit this version; run `make fit`.", str(path)) from None


def _reading_of(readings: Readings, key: str, names_subject: bool) -> Result:
    """The search by which the sentences of a section are chosen: the one that it fits best.

    Its query also says what is remembered as the subject.
    """
    if names_subject and readings.alone.sections[0].key == key:
        return readings.alone
    return max(
        readings.all if names_subject else readings.all[1:],
        key=lambda result: next((f.score for f in result.sections if f.key == key), _FAR),
    )
