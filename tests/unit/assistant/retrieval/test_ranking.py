from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.corpus.model import Corpus
from assistant.errors import CorpusError
from assistant.retrieval.encoder import DIMENSIONS, Encoder
from assistant.retrieval.evidence import FEATURES
from assistant.retrieval.ranking import (
    DECISION_FEATURES,
    RANKER_FILE,
    Judgement,
    Ranker,
    Weights,
    decision_features,
)
from assistant.retrieval.sentences import SENTENCE_FEATURES
from tests.unit.articles import GOOD, changed, corpus_of

JUDGEMENT = Judgement(
    order=Weights((1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0),
    decision=Weights((8.0,) + (0.0,) * (len(DECISION_FEATURES) - 2) + (-2.0,), -4.0),
    threshold=0.5,
    certain=0.75,
)
RANKER = Ranker(
    edited=JUDGEMENT,
    drafted=replace(JUDGEMENT, threshold=0.6),
    field=Weights((1.0,) + (0.0,) * (DIMENSIONS - 1), 0.0),
    sentences=Weights((1.0,) * len(SENTENCE_FEATURES), 0.0),
)
DRAFT = changed("related: []", "related: []\ndraft: true")


def _evidence(*nearest: float) -> np.ndarray:
    rows = np.zeros((len(nearest), len(FEATURES)), np.float32)
    rows[:, 0] = nearest
    return rows


def test_the_best_section_decides_the_probability() -> None:
    assert np.argmax(JUDGEMENT.scores(_evidence(0.2, 0.9, 0.5))) == 1
    near, far = (JUDGEMENT.probability(_evidence(0.2, x), 1.0, 0.0) for x in (0.9, 0.5))
    assert near == pytest.approx(1 / (1 + np.exp(-3.2)))
    assert far == pytest.approx(0.5)


def test_another_subject_makes_an_answer_unlikely() -> None:
    question = np.zeros(DIMENSIONS, np.float32)
    question[0] = 1
    foreign = RANKER.foreign(question)
    assert foreign == 1
    probability = JUDGEMENT.probability(_evidence(0.2, 0.5), 1.0, foreign)
    assert probability == pytest.approx(1 / (1 + np.exp(2)))


@pytest.mark.parametrize(
    ("corpus", "drafted"),
    [
        (corpus_of(GOOD), False),
        (corpus_of(DRAFT), True),
        (corpus_of(GOOD, DRAFT), False),
    ],
)
def test_drafts_alone_are_judged_as_drafts(corpus: Corpus, drafted: bool) -> None:
    assert RANKER.judgement(corpus) == (RANKER.drafted if drafted else RANKER.edited)


def test_the_lead_over_the_second_is_seen() -> None:
    evidence = _evidence(0.2, 0.9, 0.5)
    row = decision_features(JUDGEMENT.scores(evidence), evidence, 0.75, 0.3)
    seen = dict(zip(DECISION_FEATURES, row, strict=True))
    assert seen["question"] == pytest.approx(0.9)
    assert seen["known_words"] == 0.75
    assert seen["lead"] == pytest.approx(0.4)
    assert seen["foreign"] == 0.3


def test_one_section_has_no_lead() -> None:
    evidence = _evidence(0.9)
    row = decision_features(JUDGEMENT.scores(evidence), evidence, 1.0, 0.0)
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
