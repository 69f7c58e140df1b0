"""Fits the classifier of emergencies on the project's own examples (`make fit`).

No message of a visitor is ever used. The threshold is chosen, and the figures are
measured, on messages that neither a fit (cross-validation) nor the encoder's adapter has
seen, so another encoder gets another threshold without anybody touching a number; what is
kept has learnt from all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError
from assistant.folds import FOLDS, UNSEEN
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
from assistant.safety.examples import EXAMPLES_FILE, Example
from assistant.safety.features import beside, document_weights, term_vectors
from assistant.safety.patterns import PatternBook, load_patterns

# Of what people write on any day, the share that the classifier may take for an
# emergency. What is only likely one is still answered, so a false alarm costs a kind
# text with numbers to scroll past, and a miss may cost a life. How the share was chosen:
# docs/decisions/0011.
FALSE_ALARMS = 0.025
# Of these messages, the share that are questions of the field, many of them stories of
# frightened relatives: a mix of its own, so that labelling more of them moves no threshold.
OF_THE_FIELD = 0.125
_FEWEST = 10
# Holds the coefficients down; between 1 and 10 nothing much changes.
_FREEDOM = 3.0

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
    """What examples say that a fit has not seen, as shares: of all, and by situation.

    Attributes:
        false_alarms: of harmless examples: by patterns alone, and combined.
        recall: situation -> (patterns alone, classifier alone, combined).
    """

    false_alarms: tuple[float, float]
    recall: dict[str, tuple[float, float, float]]


def fit_classifier(
    examples: Sequence[Example],
    ordinary: Sequence[str],
    of_the_field: Sequence[str],
    embed: Embed,
    encoder: str,
) -> tuple[Classifier, Report]:
    """Fits it, and measures it on examples that a fit has not seen.

    Args:
        examples: emergencies and harmless messages near them, all situations.
        ordinary: what people write on any day; it sets the threshold.
        of_the_field: questions to the articles, likewise.
        embed: embeds a text, (384,).
        encoder: the encoder's version.

    Raises:
        CorpusError: a situation has too few examples.
    """
    book = load_patterns()
    asked = set(of_the_field)
    everyday = [
        Example(text, None, other=False) for text in dict.fromkeys([*ordinary, *of_the_field])
    ]
    labelled = [_prepare(each, book, embed) for each in examples]
    # What the patterns take for an emergency is answered as one in any case.
    unmarked = [
        each for each in (_prepare(one, book, embed) for one in everyday) if not each.direct
    ]
    counts = [
        sum(each.example.situation == name for each in labelled) for name in (*SITUATIONS, None)
    ]
    if min(counts) < _FEWEST or not any(map(_is_unseen, unmarked)):
        raise CorpusError("Too few examples of a label.", str(EXAMPLES_FILE))
    names = tuple(theme_names(book))
    scores = _left_out_scores([*labelled, *unmarked], names)
    unseen = [
        (each, score)
        for each, score in zip([*labelled, *unmarked], scores, strict=True)
        if _is_unseen(each)
    ]
    known = sum(map(_is_unseen, labelled))
    threshold = _threshold(
        np.array([score for _, score in unseen[known:]]),
        np.array([each.example.text in asked for each, _ in unseen[known:]]),
    )
    fitted = _fit(_taught([*labelled, *unmarked], names), names, encoder)
    told, told_scores = zip(*unseen[:known], strict=True)
    report = _report(told, np.array(told_scores), threshold)
    return replace(fitted, threshold=threshold), report


def _left_out_scores(prepared: Sequence[Prepared], names: tuple[str, ...]) -> list[float]:
    """The log odds of each by a fit that has not seen its part."""
    scores = [0.0] * len(prepared)
    for fold in range(FOLDS):
        rest = [each for each in prepared if each.example.fold != fold]
        fitted = _fit(_taught(rest, names), names)
        for place, each in enumerate(prepared):
            if each.example.fold == fold:
                scores[place] = _score(fitted, each)
    return scores


def _taught(prepared: Sequence[Prepared], names: tuple[str, ...]) -> list[Prepared]:
    """What teaches: of a long emergency the one part that tells of it.

    Which one that is, nobody has said: the one that those of one part make likeliest
    (Andrews et al., multiple-instance learning, 2002).
    """
    first = _fit([each for each in prepared if _is_clear(each)], names, kinds=False)
    return [_told(each, first) for each in prepared]


def _prepare(example: Example, book: PatternBook, embed: Embed) -> Prepared:
    text = book.reader.undisguised(example.text)
    sentences = book.reader.sentences(text)
    seen = book.see(sentences)
    found = windows(text, sentences, seen)
    return Prepared(
        example,
        tuple(found),
        np.array([embed(window.text) for window in found], np.float64),
        np.array([themes(book, window) for window in found], np.float64),
        any(each.groups for each in seen),
    )


def _is_unseen(prepared: Prepared) -> bool:
    return prepared.example.fold == UNSEEN


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


def _threshold(scores: Floats, of_the_field: Flags) -> float:
    """The lowest log odds at which false alarms among everyday messages stay in bounds.

    Args:
        scores: of everyday messages, (messages,).
        of_the_field: which of them are questions to the articles.
    """
    weights = np.where(
        of_the_field,
        OF_THE_FIELD / max(of_the_field.sum(), 1),
        (1 - OF_THE_FIELD) / max((~of_the_field).sum(), 1),
    )
    order = np.argsort(-scores, kind="stable")
    within = np.cumsum(weights[order]) <= FALSE_ALARMS * weights.sum()
    return float(np.nextafter(scores[order][int(within.sum())], np.inf))


def _fit(
    prepared: Sequence[Prepared], names: tuple[str, ...], encoder: str = "", kinds: bool = True
) -> Classifier:
    """The regressions; the threshold is still to be chosen.

    Args:
        prepared: what teaches.
        names: of the themes.
        encoder: the encoder's version.
        kinds: fit also each situation, and who is concerned.
    """
    rows = [(each, number) for each in prepared for number in range(len(each.windows))]
    dense = np.array([np.r_[each.embeddings[n], each.themes[n]] for each, n in rows])
    told = [each.example.situation for each, _ in rows]
    danger = np.array([situation is not None for situation in told])
    idf = document_weights([each.windows[n] for each, n in rows])
    features = beside(dense, term_vectors([each.windows[n] for each, n in rows], idf))
    size, width = dense.shape[1], prepared[0].embeddings.shape[1]
    coefficients, intercept = _regression(features, danger)
    emergency, of_terms = _head(coefficients[:size], intercept, width), [coefficients[size:]]
    situations: dict[Situation, Head] = {}
    for name in SITUATIONS if kinds else ():
        right = np.array([situation == name for situation in told])
        coefficients, intercept = _regression(features, right)
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
        other=_head(*_regression(dense[danger], other), width) if kinds else emergency,
        threshold=0.0,
    )


def _head(coefficients: Floats, intercept: float, width: int) -> Head:
    return Head(coefficients[:width], coefficients[width:], intercept)


def _regression(rows: Any, right: Flags) -> tuple[Floats, float]:
    # Imported here: scikit-learn takes a second to load and is needed only here.
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_FREEDOM, max_iter=4000, class_weight="balanced")
    fitted.fit(rows, right)
    return np.asarray(fitted.coef_[0], np.float64), float(fitted.intercept_[0])


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
