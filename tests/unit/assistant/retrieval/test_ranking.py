from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.retrieval.encoder import DIMENSIONS, Encoder
from assistant.retrieval.evidence import FEATURES
from assistant.retrieval.ranking import (
    DECISION_FEATURES,
    RANKER_FILE,
    Ranker,
    Weights,
    decision_features,
)
from assistant.retrieval.sentences import SENTENCE_FEATURES

RANKER = Ranker(
    order=Weights((1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0),
    decision=Weights((8.0,) + (0.0,) * (len(DECISION_FEATURES) - 2) + (-2.0,), -4.0),
    field=Weights((1.0,) + (0.0,) * (DIMENSIONS - 1), 0.0),
    threshold=0.5,
    certain=0.75,
    sentences=Weights((1.0,) * len(SENTENCE_FEATURES), 0.0),
)


OF_THE_FIELD = np.zeros(DIMENSIONS, np.float32)


def _evidence(*nearest: float) -> np.ndarray:
    rows = np.zeros((len(nearest), len(FEATURES)), np.float32)
    rows[:, 0] = nearest
    return rows


def test_the_best_section_decides_the_probability() -> None:
    assert np.argmax(RANKER.scores(_evidence(0.2, 0.9, 0.5))) == 1
    near, far = (RANKER.probability(_evidence(0.2, x), 1.0, OF_THE_FIELD) for x in (0.9, 0.5))
    assert near == pytest.approx(1 / (1 + np.exp(-3.2)))
    assert far == pytest.approx(0.5)


def test_another_subject_makes_an_answer_unlikely() -> None:
    foreign = OF_THE_FIELD.copy()
    foreign[0] = 1
    assert RANKER.probability(_evidence(0.2, 0.5), 1.0, foreign) == pytest.approx(
        1 / (1 + np.exp(2))
    )


def test_the_lead_over_the_second_is_seen() -> None:
    evidence = _evidence(0.2, 0.9, 0.5)
    row = decision_features(RANKER.scores(evidence), evidence, 0.75, 0.3)
    seen = dict(zip(DECISION_FEATURES, row, strict=True))
    assert seen["question"] == pytest.approx(0.9)
    assert seen["known_words"] == 0.75
    assert seen["lead"] == pytest.approx(0.4)
    assert seen["foreign"] == 0.3


def test_one_section_has_no_lead() -> None:
    evidence = _evidence(0.9)
    row = decision_features(RANKER.scores(evidence), evidence, 1.0, 0.0)
    assert dict(zip(DECISION_FEATURES, row, strict=True))["lead"] == 0


def test_numbers_come_back_as_they_were_saved(tmp_path: Path) -> None:
    RANKER.save(tmp_path / "ranker.json")
    assert Ranker.load(tmp_path / "ranker.json") == RANKER


def test_a_ranker_of_another_number_of_dimensions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    RANKER.save(path)
    path.write_text(path.read_text("ascii").replace('"field": "1.0000 ', '"field": "'), "ascii")
    with pytest.raises(CorpusError, match="Does not fit this version"):
        Ranker.load(path)


def test_what_is_served_was_fitted_on_todays_encoder() -> None:
    """An embedding of another encoder would be measured along directions that mean nothing."""
    stored = json.loads(RANKER_FILE.read_text("ascii"))["encoder"]
    assert stored.rpartition("-ort")[0] == Encoder.version.rpartition("-ort")[0]
