"""Notices an emergency in a message."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError
from assistant.safety.classifier import Classifier, load_classifier, theme_names, themes, windows
from assistant.safety.emergency import Concerned, Emergency, Language
from assistant.safety.patterns import PatternBook, Seen, load_patterns

Embed = Callable[[str], npt.NDArray[np.float32]]

_logger = logging.getLogger(__name__)

# Of several situations in one message, the reply is to the one with least time.
_MOST_URGENT = (
    "overdose", "withdrawal_emergency", "suicide", "violence", "abuse", "self_harm",
)  # fmt: skip


class Detector:
    """Notices emergencies; deterministic, and sure of direct statements without a model."""

    def __init__(self, embed: Embed | None = None) -> None:
        """Takes what embeds a text, (384,); without it only the patterns look.

        Raises:
            CorpusError: the patterns or the fitted classifier cannot be used.
        """
        self._embed = embed
        self._book: PatternBook = load_patterns()
        self._classifier: Classifier | None = load_classifier() if embed else None
        if self._classifier and list(self._classifier.theme_names) != theme_names(self._book):
            raise CorpusError("The patterns' themes have changed; `make fit` is needed.")

    def detect(self, text: str) -> Emergency | None:
        """The emergency in a message of any length, or none. Never raises."""
        try:
            return self._detect(text)
        except Exception as error:
            # Without the error's text, which may quote the message.
            _logger.error("The detector failed: %s", type(error).__name__)
            return None

    def _detect(self, text: str) -> Emergency | None:
        reader = self._book.reader
        undisguised = reader.undisguised(text)
        sentences = reader.sentences(undisguised)
        seen = self._book.see(sentences)
        language = reader.language(sentences)
        direct = _direct(seen, language)
        if direct:
            return direct
        if self._classifier is None or self._embed is None:
            return None
        best: tuple[float, Emergency] | None = None
        for window in windows(undisguised, sentences, seen):
            try:
                vector = np.asarray(self._embed(window.text), np.float64)
            except Exception as error:
                _logger.error("Cannot embed for the detector: %s", type(error).__name__)
                return None
            hints = themes(self._book, window)
            score = self._classifier.logit(window, vector, hints)
            if score >= self._classifier.asks_for(window) and (best is None or score > best[0]):
                situation = self._classifier.situation(window, vector, hints)
                other = self._classifier.other.logit(vector, hints) > 0
                who: Concerned = "other" if other else "self"
                best = score, Emergency(situation, who, "likely", language)
        return best[1] if best else None


def _direct(seen: Sequence[Seen], language: Language) -> Emergency | None:
    """What the patterns alone are sure of."""
    found = [(group, each) for each in seen for group in each.groups]
    if not found:
        return None
    # A seizure is in both: after stopping it is of withdrawal, else of what was taken.
    stopping = any("stopping" in each.hints for each in seen)
    urgent = _MOST_URGENT if not stopping else ("withdrawal_emergency", *_MOST_URGENT)
    situation = min((group.situation for group, _ in found), key=urgent.index)
    told = [(group.concerned, each) for group, each in found if group.situation == situation]
    return Emergency(situation, _concerned(told), "direct", language)


def _concerned(told: Sequence[tuple[Concerned | None, Seen]]) -> Concerned:
    """Who is in danger; where groups differ or do not say, whom the sentence is about."""
    said = {concerned for concerned, _ in told if concerned}
    if len(said) == 1 and None not in {concerned for concerned, _ in told}:
        return said.pop()
    about_other = any(
        "third_person" in each.hints and "subject_self" not in each.hints for _, each in told
    )
    return "other" if about_other else "self"
