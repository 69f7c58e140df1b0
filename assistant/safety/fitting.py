"""Fits the classifier of emergencies on the project's own examples (`make fit`).

No message of a visitor is ever used. A fifth of the examples is held back: on it
the threshold is chosen and the figures are measured, so another encoder gets another
threshold without anybody touching a number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError
from assistant.safety.classifier import (
    Classifier,
    Floats,
    Head,
    Window,
    theme_names,
    themes,
    windows,
)
from assistant.safety.detection import Embed
from assistant.safety.emergency import SITUATIONS, Situation
from assistant.safety.patterns import PatternBook, load_patterns
from assistant.settings import ROOT

EXAMPLES_FILE = ROOT / "data" / "safety" / "examples.jsonl"
# Of what people write on any day, the share that the classifier may take for an
# emergency. A missed emergency weighs more than one answer withheld of two hundred.
FALSE_ALARMS = 0.005
# One of so many examples is held back, chosen by its text.
_HELD_BACK = 5
_FEWEST = 10
# Holds the coefficients down; between 3 and 30 nothing much changes.
_FREEDOM = 10.0
_SEEN_AT_LEAST = 2

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """A message with what it is: a situation, or None; and whom it concerns."""

    text: str
    situation: Situation | None
    other: bool

    @property
    def held_back(self) -> bool:
        """Whether nothing may learn from it."""
        digest = hashlib.sha256(self.text.encode()).digest()
        return int.from_bytes(digest[:4], "big") % _HELD_BACK == 0


@dataclass(frozen=True)
class Prepared:
    """An example as the classifier sees it."""

    example: Example
    windows: tuple[Window, ...]
    embeddings: Floats
    themes: Floats
    direct: bool


@dataclass(frozen=True)
class Report:
    """What the examples held back say, as shares: of all, and by situation.

    Attributes:
        false_alarms: of harmless examples: by patterns alone, and combined.
        recall: situation -> (patterns alone, classifier alone, combined).
    """

    false_alarms: tuple[float, float]
    recall: dict[str, tuple[float, float, float]]


def read_emergency_examples(path: Path = EXAMPLES_FILE) -> list[Example]:
    """The labelled examples.

    Raises:
        CorpusError: the file cannot be used.
    """
    try:
        stored = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        return [
            Example(
                each["text"],
                each["situation"] if each["label"] == "crisis" else None,
                each["concerned"] == "other",
            )
            for each in stored
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError("Is not JSON lines of labelled examples.", str(path)) from None


def fit_classifier(
    examples: Sequence[Example], ordinary: Sequence[str], embed: Embed, encoder: str
) -> tuple[Classifier, Report]:
    """Fits it, and measures it on the examples held back.

    Args:
        examples: emergencies and harmless messages near them, all situations.
        ordinary: what people write on any day; it sets the threshold.
        embed: embeds a text, (384,).
        encoder: the encoder's version.

    Raises:
        CorpusError: a situation has too few examples.
    """
    book = load_patterns()
    everyday = [Example(text, None, other=False) for text in ordinary]
    taught, held, held_everyday = (
        [_prepare(each, book, embed) for each in chosen]
        for chosen in (
            [each for each in (*examples, *everyday) if not each.held_back],
            [each for each in examples if each.held_back],
            [each for each in everyday if each.held_back],
        )
    )
    counts = [
        sum(each.example.situation == name for each in taught) for name in (*SITUATIONS, None)
    ]
    if min(counts) < _FEWEST or not held_everyday:
        raise CorpusError("Too few examples of a label.", str(EXAMPLES_FILE))
    fitted = _fit(taught, tuple(theme_names(book)), encoder)
    threshold = _threshold([_score(fitted, each) for each in held_everyday if not each.direct])
    scores = np.array([_score(fitted, each) for each in held])
    return replace(fitted, threshold=threshold), _report(held, scores, threshold)


def _prepare(example: Example, book: PatternBook, embed: Embed) -> Prepared:
    sentences = book.reader.sentences(example.text)
    seen = book.see(sentences)
    found = windows(example.text, sentences, seen)
    return Prepared(
        example,
        tuple(found),
        np.array([embed(window.text) for window in found], np.float64),
        np.array([themes(book, window) for window in found], np.float64),
        any(each.groups for each in seen),
    )


def _score(classifier: Classifier, prepared: Prepared) -> float:
    logits = [
        classifier.logit(window, prepared.embeddings[number], prepared.themes[number])
        for number, window in enumerate(prepared.windows)
    ]
    return max(logits, default=-np.inf)


def _threshold(scores: Sequence[float]) -> float:
    """The lowest log odds at which false alarms among everyday messages stay in bounds."""
    return float(np.nextafter(sorted(scores)[::-1][int(FALSE_ALARMS * len(scores))], np.inf))


def _fit(prepared: Sequence[Prepared], names: tuple[str, ...], encoder: str) -> Classifier:
    """The regressions; the threshold is still to be chosen."""
    rows = [
        (each, number)
        for each in prepared
        for number in range(len(each.windows))
        # Which window of a long emergency tells of it, nobody has said.
        if each.example.situation is None or len(each.windows) == 1
    ]
    dense = np.array([np.r_[each.embeddings[n], each.themes[n]] for each, n in rows])
    danger = np.array([each.example.situation is not None for each, _ in rows])
    idf = _document_weights([each.windows[n] for each, n in rows])
    sparse = _term_vectors([each.windows[n] for each, n in rows], idf)
    from scipy.sparse import csr_matrix, hstack

    coefficients, intercept = _regression(hstack([csr_matrix(dense), sparse]).tocsr(), danger)
    size = dense.shape[1]
    width = prepared[0].embeddings.shape[1]
    situations: dict[Situation, Head] = {}
    told = [each.example.situation for each, _ in rows]
    for name in SITUATIONS:
        right = np.array([situation == name for situation in told])[danger]
        situations[name] = _head(*_regression(dense[danger], right, balanced=False), width)
    other = np.array([each.example.other for each, _ in rows])[danger]
    return Classifier(
        encoder=encoder,
        theme_names=names,
        emergency=_head(coefficients[:size], intercept, width),
        terms={
            term: (weight, float(coefficient))
            for (term, weight), coefficient in zip(idf.items(), coefficients[size:], strict=True)
        },
        situations=situations,
        other=_head(*_regression(dense[danger], other), width),
        threshold=0.0,
    )


def _head(coefficients: Floats, intercept: float, width: int) -> Head:
    return Head(coefficients[:width], coefficients[width:], intercept)


def _regression(rows: Any, right: Flags, balanced: bool = True) -> tuple[Floats, float]:
    # Imported here: scikit-learn takes a second to load and is needed only here.
    from sklearn.linear_model import LogisticRegression

    weight = "balanced" if balanced else None
    fitted = LogisticRegression(C=_FREEDOM, max_iter=4000, class_weight=weight)
    fitted.fit(rows, right)
    return np.asarray(fitted.coef_[0], np.float64), float(fitted.intercept_[0])


def _document_weights(found: Sequence[Window]) -> dict[str, float]:
    """Rare terms weigh more (Sparck Jones, 1972); those seen once are left out."""
    counts: dict[str, int] = {}
    for window in found:
        for term in set(window.terms()):
            counts[term] = counts.get(term, 0) + 1
    return {
        term: float(np.log((1 + len(found)) / (1 + count)) + 1)
        for term, count in sorted(counts.items())
        if count >= _SEEN_AT_LEAST
    }


def _term_vectors(found: Sequence[Window], idf: dict[str, float]) -> Any:
    from scipy.sparse import lil_matrix

    places = {term: place for place, term in enumerate(idf)}
    vectors = lil_matrix((len(found), len(idf)))
    for row, window in enumerate(found):
        known = {term: idf[term] for term in window.terms() if term in idf}
        length = sum(weight**2 for weight in known.values()) ** 0.5
        for term, weight in known.items():
            vectors[row, places[term]] = weight / length
    return vectors.tocsr()


def _report(prepared: Sequence[Prepared], scores: Floats, threshold: float) -> Report:
    direct = np.array([each.direct for each in prepared])
    likely = scores >= threshold
    told = np.array([str(each.example.situation) for each in prepared])
    recall: dict[str, tuple[float, float, float]] = {}
    for name in (*SITUATIONS, "all"):
        chosen = told != "None" if name == "all" else told == name
        parts = (direct, likely, direct | likely)
        recall[name] = tuple(float(part[chosen].mean()) for part in parts)  # type: ignore[assignment]
    harmless = told == "None"
    alarms = (float(direct[harmless].mean()), float((direct | likely)[harmless].mean()))
    return Report(alarms, recall)
