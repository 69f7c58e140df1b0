"""The classifier: logistic regressions on a text's embedding, words and themes.

The coefficients are plain numbers in `data/safety/classifier.json`, made by
`make fit`. It never overrules a direct pattern; it finds what no pattern says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError
from assistant.safety.emergency import SITUATIONS, Situation
from assistant.safety.patterns import PatternBook, Seen
from assistant.safety.words import Sentence
from assistant.settings import ROOT

CLASSIFIER_FILE = ROOT / "data" / "safety" / "classifier.json"

# A theme that is there counts as so much of a vector's length of 1; the words of a
# window, of which each sentence has its own, as much as two.
_THEME = 0.3
WORDS = 2.0
_THOUSAND = 1000
# Words of a window: as many as a short message has, which is what the examples are.
_WINDOW = 40
# One of many windows is enough; time is bounded all the same, at the ends of the text.
_MOST_WINDOWS = 24

# So few words say little: where none of them is of danger, chance has more of a say, and so
# much more evidence is asked for, in log odds.
_FEW_WORDS = 7
_OF_FEW_WORDS = 2.0
_OF_NO_DANGER = frozenset(
    {
        *("first_person", "third_person", "second_person", "subject_self", "admission", "not"),
        *("past_words", "now_words", "question_of_fact", "wellness", "loss", "made_up"),
    }
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """Neighbouring sentences, judged together.

    Attributes:
        text: what is embedded.
    """

    sentences: tuple[Sentence, ...]
    seen: tuple[Seen, ...]
    text: str

    def says_little(self) -> bool:
        """Whether it has few words, and none of them is of danger."""
        words = sum(len(each.text.split()) for each in self.sentences)
        of_danger = any(each.groups or each.hints - _OF_NO_DANGER for each in self.seen)
        return words <= _FEW_WORDS and not of_danger

    def terms(self) -> list[str]:
        """Words, and pairs of neighbours, with a mark for a question."""
        words = []
        for each in self.sentences:
            words += [*each.text.split(), "?" if each.asked else "."]
        return words + [f"{one} {two}" for one, two in pairwise(words)]


def windows(text: str, sentences: Sequence[Sentence], seen: Sequence[Seen]) -> list[Window]:
    """The windows of a message: all of a short one; of a long one, pieces that overlap.

    Args:
        text: the message, undisguised.
        sentences: its sentences.
        seen: what the patterns see in each.
    """
    found = [
        Window(tuple(sentences[start:end]), tuple(seen[start:end]), _in_words(sentences[start:end]))
        for start, end in _bounds(sentences)
    ]
    if len(found) == 1 and not any(each.altered for each in sentences):
        # As it stands: the NLU asks the encoder for the same text, where nothing is disguised.
        return [replace(found[0], text=text)]
    if len(found) > _MOST_WINDOWS:
        found = found[: _MOST_WINDOWS // 4] + found[-_MOST_WINDOWS * 3 // 4 :]
    return found


def _bounds(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    lengths = [each.text.count(" ") + 1 for each in sentences]
    start = 0
    while start < len(sentences):
        end, words = start + 1, lengths[start]
        while end < len(sentences) and words + lengths[end] <= _WINDOW:
            words += lengths[end]
            end += 1
        yield start, end
        if end == len(sentences):
            break
        start = max(end - 1, start + 1)


def _in_words(sentences: Sequence[Sentence]) -> str:
    """The words as mended, with the marks of questions."""
    return " ".join(each.text + ("?" if each.asked else ".") for each in sentences)


def themes(book: PatternBook, window: Window) -> Floats:
    """Which hints, frames and situations the patterns see: 1 or 0 for each name."""
    found: set[str] = set()
    for seen in window.seen:
        found |= seen.hints | seen.frames | {group.situation for group in seen.groups}
    names = theme_names(book)
    return np.array([_THEME * (name in found) for name in names], np.float64)


def theme_names(book: PatternBook) -> list[str]:
    """What each place of `themes` stands for."""
    return [*book.hints, *book.frames, *SITUATIONS]


@dataclass(frozen=True)
class Head:
    """One regression: the parts of its coefficients and its intercept."""

    embedding: Floats
    themes: Floats
    intercept: float

    def logit(self, embedding: Floats, themes: Floats) -> float:
        """How likely, as log odds."""
        return float(self.embedding @ embedding + self.themes @ themes + self.intercept)


@dataclass(frozen=True)
class Classifier:
    """What was fitted.

    Attributes:
        encoder: version of the encoder whose embeddings it was fitted on.
        theme_names: the themes, in the order of the coefficients.
        emergency: the regression of "an emergency or none", without its words.
        situations: one for each situation against everything else, without its words.
        terms: term -> its weight in the vector of terms, and its coefficients: for an
            emergency, and for each situation in their order.
        other: the regression of "somebody else is in danger".
        threshold: log odds from which a window is an emergency; from cross-validation.
    """

    encoder: str
    theme_names: tuple[str, ...]
    emergency: Head
    situations: dict[Situation, Head]
    terms: dict[str, tuple[float, ...]]
    other: Head
    threshold: float

    def logit(self, window: Window, embedding: Floats, themes: Floats) -> float:
        """How much speaks for an emergency: the log odds of any, and of the likeliest kind.

        Harmless messages that sound like an emergency seldom sound like one kind of it.
        """
        words = self._of_words(window)
        any_kind = self.emergency.logit(embedding, themes) + float(words[0])
        kinds = self._of_situations(words, embedding, themes)
        return any_kind + max(kinds.values(), default=0.0)

    def asks_for(self, window: Window) -> float:
        """Log odds from which a window is taken for an emergency."""
        return self.threshold + _OF_FEW_WORDS * window.says_little()

    def situation(self, window: Window, embedding: Floats, themes: Floats) -> Situation:
        """The likeliest situation of an emergency."""
        kinds = self._of_situations(self._of_words(window), embedding, themes)
        return max(SITUATIONS, key=kinds.__getitem__)

    def _of_situations(
        self, words: Floats, embedding: Floats, themes: Floats
    ) -> dict[Situation, float]:
        """Log odds of each situation, given what the words add."""
        return {
            name: head.logit(embedding, themes) + float(added)
            for (name, head), added in zip(self.situations.items(), words[1:], strict=False)
        }

    def _of_words(self, window: Window) -> Floats:
        """What the words add to each log odds: for an emergency, and for each situation."""
        terms = dict.fromkeys(window.terms())
        known = [self.terms[term] for term in terms if term in self.terms]
        if not known:
            return np.zeros(1 + len(SITUATIONS))
        rows = np.array(known)
        weights = rows[:, 0]
        return np.asarray(WORDS * (weights @ rows[:, 1:]) / np.linalg.norm(weights), np.float64)


@lru_cache(maxsize=1)
def load_classifier(path: Path = CLASSIFIER_FILE) -> Classifier:
    """Reads the fitted classifier.

    Raises:
        CorpusError: it cannot be used.
    """
    try:
        stored = json.loads(path.read_text("utf-8"))
        return Classifier(
            encoder=str(stored["encoder"]),
            theme_names=tuple(stored["themes"]),
            emergency=_head(stored["emergency"]),
            situations={name: _head(stored["situations"][name]) for name in SITUATIONS},
            terms={term: _numbers(values) for term, values in stored["terms"].items()},
            other=_head(stored["other"]),
            threshold=float(stored["threshold"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CorpusError("Is not a fitted classifier; `make fit` makes it.", str(path)) from None


def save_classifier(classifier: Classifier, path: Path = CLASSIFIER_FILE) -> None:
    """Writes it with three or four digits: more would be noise, and a larger file.

    What belongs to the terms is written in thousandths, which take the least room.
    """
    stored = {
        "encoder": classifier.encoder,
        "threshold": round(classifier.threshold, 4),
        "themes": classifier.theme_names,
        "emergency": _stored(classifier.emergency),
        "other": _stored(classifier.other),
        "situations": {name: _stored(head) for name, head in classifier.situations.items()},
        "terms": {
            term: [round(value * _THOUSAND) for value in values]
            for term, values in sorted(classifier.terms.items())
        },
    }
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")


def _numbers(values: Sequence[float]) -> tuple[float, ...]:
    weight, emergency, *situations = (float(value) / _THOUSAND for value in values)
    if len(situations) != len(SITUATIONS):
        raise ValueError("situations")
    return (weight, emergency, *situations)


def _head(stored: dict[str, object]) -> Head:
    return Head(
        np.array(stored["embedding"], np.float64),
        np.array(stored["themes"], np.float64),
        float(str(stored["intercept"])),
    )


def _stored(head: Head) -> dict[str, object]:
    return {
        "intercept": round(head.intercept, 4),
        "themes": [round(float(value), 4) for value in head.themes],
        "embedding": [round(float(value), 4) for value in head.embedding],
    }
