"""Fits the ranker on questions that the project's authors wrote (`make fit`).

Two kinds of questions teach: those of `data/ranking_questions.jsonl`, each with
the sections that would answer it (none, where no article does), and the
out-of-scope examples of the NLU data. No message of a visitor is ever used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from assistant.corpus.model import aspect_of_intent, section_key
from assistant.errors import CorpusError
from assistant.retrieval.adapting import Lessons
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.evidence import Evidence, section_evidence
from assistant.retrieval.index import SearchIndex
from assistant.retrieval.logit import fit_conditional_logit
from assistant.retrieval.query import Query
from assistant.retrieval.ranking import Ranker, Weights, decision_features
from assistant.retrieval.sentences import SENTENCE_FEATURES
from assistant.settings import ROOT

RANKING_QUESTIONS = ROOT / "data" / "ranking_questions.jsonl"
NLU = ROOT / "data" / "nlu"
OUT_OF_SCOPE = NLU / "out_of_scope.yml"
# Answer when the articles likelier answer than not.
_THRESHOLD = 0.5

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LabelledQuestion:
    """A question and the keys of all sections that answer it; none for no answer."""

    text: str
    sections: frozenset[str]


def fit_ranker(parts: SearchParts, questions: Sequence[LabelledQuestion]) -> Ranker:
    """Fits the order of sections and the decision to answer.

    The weights of sentences are left at zero: `sentence_fitting` fits them next.

    Args:
        parts: the corpus that the questions' sections are of.
        questions: from `read_labelled_questions`.

    Raises:
        CorpusError: no question names a section of this corpus, or every one does.
    """
    keys = [section_key(article, section) for article, section in parts.index.places]
    labels = [np.array([key in question.sections for key in keys]) for question in questions]
    if len({bool(label.any()) for label in labels}) < 2:
        raise CorpusError(
            "Questions with and without an answer are needed.", str(RANKING_QUESTIONS)
        )
    aspects = predicted_aspects([question.text for question in questions], parts.encoder)
    queries = [
        parts.reader.read(question.text, aspect)
        for question, aspect in zip(questions, aspects, strict=True)
    ]
    vectors = parts.encoder.encode([query.expanded for query in queries])
    evidences = [
        section_evidence(query, vector, parts.index)
        for query, vector in zip(queries, vectors, strict=True)
    ]
    order = _fit_order(evidences, labels)
    decision = _fit_decision(parts.index, order, queries, evidences, labels)
    no_choice = Weights((0.0,) * len(SENTENCE_FEATURES), 0.0)
    return Ranker(order, decision, _THRESHOLD, no_choice)


def read_labelled_questions() -> list[LabelledQuestion]:
    """All questions that teach.

    Raises:
        CorpusError: one of the two files cannot be used.
    """
    try:
        lines = RANKING_QUESTIONS.read_text("utf-8").splitlines()
        stored = [json.loads(line) for line in lines]
        asked = [LabelledQuestion(each["text"], frozenset(each["sections"])) for each in stored]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError(
            "Is not JSON lines of text and sections.", str(RANKING_QUESTIONS)
        ) from None
    strangers = [LabelledQuestion(text, frozenset()) for _, text in read_examples(OUT_OF_SCOPE)]
    return asked + strangers


def ordinary_messages() -> list[str]:
    """The NLU's examples of everything but emergencies and what follows them.

    Raises:
        CorpusError: a file is not Rasa NLU data.
    """
    return [
        text
        for path in sorted(NLU.glob("*.yml"))
        if not path.name.startswith("crisis")
        for _, text in read_examples(path)
    ]


def read_examples(path: Path) -> list[tuple[str, str]]:
    """The intents and example messages of a file of Rasa NLU data.

    Raises:
        CorpusError: the file is not Rasa NLU data.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))["nlu"]
        return [
            (entry["intent"], line.removeprefix("- ").strip())
            for entry in entries
            for line in entry["examples"].splitlines()
            if line.strip()
        ]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise CorpusError("Is not Rasa NLU data of intents with examples.", str(path)) from None


def lessons(parts: SearchParts) -> Lessons:
    """What the encoder's adapter is learnt from: sections that can teach, and the NLU examples.

    The labelled questions stay out: the ranker is fitted on how the encoder sees them,
    and must see them as it sees a visitor's.
    """

    def expanded(text: str) -> str:
        return parts.reader.read(text).expanded

    taught = [
        section
        for _, section in parts.index.places
        if len(section.questions) > 1 and section.sentences
    ]
    return Lessons(
        questions=[[expanded(question) for question in section.questions] for section in taught],
        sentences=[
            [expanded(f"{section.heading}: {each.text}") for each in section.sentences]
            for section in taught
        ],
        kept=[text for path in sorted(NLU.glob("*.yml")) for _, text in read_examples(path)],
    )


def predicted_aspects(texts: Sequence[str], encoder: Encoder) -> list[str | None]:
    """The aspect of each text as the NLU would see it, which is what comes at run time."""
    from sklearn.linear_model import LogisticRegression

    examples = [
        (text, aspect_of_intent(intent))
        for path in sorted(NLU.glob("*.yml"))
        for intent, text in read_examples(path)
    ]
    classifier = LogisticRegression(C=10, class_weight="balanced", max_iter=1000)
    classifier.fit(encoder.encode([text for text, _ in examples]), [str(a) for _, a in examples])
    predicted = classifier.predict(encoder.encode(texts))
    return [None if aspect == "None" else str(aspect) for aspect in predicted]


def _fit_order(evidences: Sequence[Evidence], labels: Sequence[npt.NDArray[np.bool_]]) -> Weights:
    """Sections compete within each question, as they do when they are ranked."""
    rights = [label[evidence.sections] for evidence, label in zip(evidences, labels, strict=True)]
    # A question whose right sections are no candidates has nothing to teach here.
    choices = [
        (evidence.features, right)
        for evidence, right in zip(evidences, rights, strict=True)
        if right.any()
    ]
    return Weights(tuple(map(float, fit_conditional_logit(choices))), 0.0)


def _fit_decision(
    index: SearchIndex,
    order: Weights,
    queries: Sequence[Query],
    evidences: Sequence[Evidence],
    labels: Sequence[npt.NDArray[np.bool_]],
) -> Weights:
    """Learns which questions the articles answer at all.

    Not whether the first section is one of those labelled: labels name the best
    sections, and a neighbour that comes first is seldom wrong.
    """
    rows = [
        decision_features(
            order.logits(evidence.features), evidence.features, index.words.known(query.lemmas)
        )
        for query, evidence in zip(queries, evidences, strict=True)
    ]
    return _regression(np.array(rows), np.array([label.any() for label in labels]))


def _regression(rows: Rows, right: npt.NDArray[np.bool_]) -> Weights:
    # Imported here: scikit-learn takes a second to load and is needed only here.
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(rows)
    fitted = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    fitted.fit(scaler.transform(rows), right)
    # Folded back into the raw features, so that nothing has to be scaled later.
    weights = fitted.coef_[0] / scaler.scale_
    intercept = fitted.intercept_[0] - float(weights @ scaler.mean_)
    return Weights(tuple(map(float, weights)), float(intercept))
