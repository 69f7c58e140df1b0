"""Fits the ranker on the project's own texts; runs when an index is built.

Each question of the corpus is asked as if it were new: its own row is left out,
and its section is the right one. To learn when to be silent, the same questions
are asked once more of a corpus from which all sections on their topics are
taken, together with the out-of-scope examples of the NLU data. So a new article
needs nothing but its questions, and no message of a visitor is ever used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from assistant.errors import CorpusError
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.evidence import section_evidence
from assistant.retrieval.index import Floats, SearchIndex
from assistant.retrieval.query import Query, QueryReader
from assistant.retrieval.ranking import Ranker, Weights, decision_features
from assistant.settings import ROOT

OUT_OF_SCOPE = ROOT / "data" / "nlu" / "out_of_scope.yml"
# Raise it when the fitting below changes.
FITTING_VERSION = 1

# Answer when an answer is likelier right than not.
_THRESHOLD = 0.5

Rows = npt.NDArray[np.float64]


def fit_ranker(
    index: SearchIndex, reader: QueryReader, encoder: Encoder, out_of_scope: Iterable[str]
) -> Ranker:
    """Fits both regressions.

    Args:
        index: the corpus's index.
        reader: reads the questions as at run time.
        encoder: embeds them.
        out_of_scope: messages that no article of this field answers.
    """
    queries = [
        reader.read(question) for _, section in index.places for question in section.questions
    ]
    asked = [
        (query, section_evidence(query, index, encoder, without_questions=[row]))
        for row, query in enumerate(queries)
    ]
    order = _fit_order(index, [evidence for _, evidence in asked])
    strangers = [reader.read(text) for text in out_of_scope]
    decision = _fit_decision(
        index,
        order,
        asked,
        [(query, section_evidence(query, index, encoder)) for query in strangers],
    )
    return Ranker(order, decision, _THRESHOLD)


def read_out_of_scope(path: Path = OUT_OF_SCOPE) -> list[str]:
    """The example messages of the NLU data's `out_of_scope` intent.

    Raises:
        CorpusError: the file is not Rasa NLU data.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))["nlu"]
        lines = [line for entry in entries for line in entry["examples"].splitlines()]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise CorpusError("Is not NLU data of the intent out_of_scope.", str(path)) from None
    return [line.removeprefix("- ").strip() for line in lines if line.strip()]


def _fit_order(index: SearchIndex, evidences: Sequence[Floats]) -> Weights:
    rows: list[Floats] = []
    right: list[bool] = []
    for question, evidence in enumerate(evidences):
        section = int(index.question_owner[question])
        rows.extend(evidence)
        right.extend(candidate == section for candidate in range(len(index)))
    return _regression(np.array(rows, np.float64), right)


def _fit_decision(
    index: SearchIndex,
    order: Weights,
    asked: Sequence[tuple[Query, Floats]],
    strangers: Sequence[tuple[Query, Floats]],
) -> Weights:
    rows: list[Rows] = []
    right: list[bool] = []

    def learn(query: Query, evidence: Floats, answered: bool) -> None:
        known = known_words(query, index)
        rows.append(decision_features(order.logits(evidence), evidence, known))
        right.append(answered)

    for question, (query, evidence) in enumerate(asked):
        own = int(index.question_owner[question])
        best = int(np.argmax(order.logits(evidence)))
        learn(query, evidence, bool(index.topics[best] & index.topics[own]))
        apart = [not topics & index.topics[own] for topics in index.topics]
        if sum(apart) > 1:
            learn(query, evidence[apart], answered=False)
    for query, evidence in strangers:
        learn(query, evidence, answered=False)
    return _regression(np.array(rows), right)


def known_words(query: Query, index: SearchIndex) -> float:
    """Share of a question's content words that the corpus uses; 1 when it has none."""
    if not query.lemmas:
        return 1.0
    return sum(lemma in index.known_lemmas for lemma in query.lemmas) / len(query.lemmas)


def _regression(rows: Rows, right: Sequence[bool]) -> Weights:
    # Imported here: scikit-learn takes a second to load and is needed only at set-up.
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(rows)
    fitted = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    fitted.fit(scaler.transform(rows), right)
    # Folded back into the raw features, so that nothing has to be scaled later.
    weights = fitted.coef_[0] / scaler.scale_
    intercept = fitted.intercept_[0] - float(weights @ scaler.mean_)
    return Weights(tuple(map(float, weights)), float(intercept))
