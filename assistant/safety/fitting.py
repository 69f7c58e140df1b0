"""Fits the classifier of emergencies on the project's own examples (`make fit`).

No message of a visitor is ever used. A fifth of the examples is held back: on it
the threshold is chosen and the figures are measured, so another encoder gets another
threshold without anybody touching a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError
from assistant.safety.classifier import (
    WORDS,
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
from assistant.safety.examples import EXAMPLES_FILE, Example
from assistant.safety.patterns import PatternBook, load_patterns

# Of what people write on any day, the share that the classifier may take for an
# emergency. A missed emergency weighs more than one answer of a hundred that comes
# second: what is only likely an emergency is still answered.
FALSE_ALARMS = 0.01
_FEWEST = 10
# Holds the coefficients down; between 3 and 30 nothing much changes.
_FREEDOM = 10.0
_SEEN_AT_LEAST = 2

Flags = npt.NDArray[np.bool_]


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
    names = tuple(theme_names(book))
    # Which part of a long emergency tells of it, nobody has said: the one that those
    # of one part make likeliest (Andrews et al., multiple-instance learning, 2002).
    first = _fit([each for each in taught if _is_clear(each)], names, encoder)
    fitted = _fit([_told(each, first) for each in taught], names, encoder)
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


def _is_clear(prepared: Prepared) -> bool:
    return prepared.example.situation is None or len(prepared.windows) == 1


def _told(prepared: Prepared, classifier: Classifier) -> Prepared:
    """An emergency with the one window that tells of it; anything else as it is."""
    if _is_clear(prepared) or not prepared.windows:
        return prepared
    at = int(np.argmax(_logits(classifier, prepared)))
    return replace(
        prepared,
        windows=(prepared.windows[at],),
        embeddings=prepared.embeddings[at : at + 1],
        themes=prepared.themes[at : at + 1],
    )


def _score(classifier: Classifier, prepared: Prepared) -> float:
    return max(_logits(classifier, prepared), default=-np.inf)


def _logits(classifier: Classifier, prepared: Prepared) -> list[float]:
    return [
        classifier.logit(window, prepared.embeddings[number], prepared.themes[number])
        for number, window in enumerate(prepared.windows)
    ]


def _threshold(scores: Sequence[float]) -> float:
    """The lowest log odds at which false alarms among everyday messages stay in bounds."""
    return float(np.nextafter(sorted(scores)[::-1][int(FALSE_ALARMS * len(scores))], np.inf))


def _fit(prepared: Sequence[Prepared], names: tuple[str, ...], encoder: str) -> Classifier:
    """The regressions; the threshold is still to be chosen."""
    rows = [(each, number) for each in prepared for number in range(len(each.windows))]
    dense = np.array([np.r_[each.embeddings[n], each.themes[n]] for each, n in rows])
    danger = np.array([each.example.situation is not None for each, _ in rows])
    idf = _document_weights([each.windows[n] for each, n in rows])
    sparse = _term_vectors([each.windows[n] for each, n in rows], idf)
    from scipy.sparse import csr_matrix, hstack

    features = hstack([csr_matrix(dense), sparse]).tocsr()
    size, width = dense.shape[1], prepared[0].embeddings.shape[1]
    coefficients, intercept = _regression(features, danger)
    emergency, of_terms = _head(coefficients[:size], intercept, width), [coefficients[size:]]
    situations: dict[Situation, Head] = {}
    told = [each.example.situation for each, _ in rows]
    for name in SITUATIONS:
        right = np.array([situation == name for situation in told])[danger]
        coefficients, intercept = _regression(features[danger], right, balanced=False)
        situations[name] = _head(coefficients[:size], intercept, width)
        of_terms.append(coefficients[size:])
    other = np.array([each.example.other for each, _ in rows])[danger]
    return Classifier(
        encoder=encoder,
        theme_names=names,
        emergency=emergency,
        situations=situations,
        terms={
            term: (weight, *map(float, values))
            for (term, weight), values in zip(idf.items(), np.transpose(of_terms), strict=True)
        },
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
            vectors[row, places[term]] = WORDS * weight / length
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
