from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval.evidence import FEATURES
from assistant.retrieval.ranking import DECISION_FEATURES, Ranker, Weights, decision_features
from assistant.retrieval.sentences import SENTENCE_FEATURES

RANKER = Ranker(
    order=Weights((1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0),
    decision=Weights((8.0,) + (0.0,) * (len(DECISION_FEATURES) - 1), -4.0),
    threshold=0.5,
    sentences=Weights((1.0,) * len(SENTENCE_FEATURES), 0.0),
)


def _evidence(*nearest: float) -> np.ndarray:
    rows = np.zeros((len(nearest), len(FEATURES)), np.float32)
    rows[:, 0] = nearest
    return rows


def test_the_best_section_decides_the_probability() -> None:
    assert np.argmax(RANKER.scores(_evidence(0.2, 0.9, 0.5))) == 1
    assert RANKER.probability(_evidence(0.2, 0.9), 1.0) == pytest.approx(1 / (1 + np.exp(-3.2)))
    assert RANKER.probability(_evidence(0.2, 0.5), 1.0) == pytest.approx(0.5)


def test_the_lead_over_the_second_is_seen() -> None:
    evidence = _evidence(0.2, 0.9, 0.5)
    row = decision_features(RANKER.scores(evidence), evidence, 0.75)
    seen = dict(zip(DECISION_FEATURES, row, strict=True))
    assert seen["question"] == pytest.approx(0.9)
    assert seen["known_words"] == 0.75
    assert seen["lead"] == pytest.approx(0.4)


def test_one_section_has_no_lead() -> None:
    evidence = _evidence(0.9)
    assert decision_features(RANKER.scores(evidence), evidence, 1.0)[-1] == 0


def test_numbers_come_back_as_they_were_saved(tmp_path: Path) -> None:
    RANKER.save(tmp_path / "ranker.json")
    assert Ranker.load(tmp_path / "ranker.json") == RANKER
