from __future__ import annotations

from pathlib import Path

import numpy as np
from lxml import etree

from assistant.retrieval.calibration import reliability, risk_coverage
from tests.evaluation.plots import (
    draw_bars,
    draw_confusions,
    draw_reliability,
    draw_risk_coverage,
)

PROBABILITY = np.linspace(0, 1, 100)
ANSWERABLE = PROBABILITY > 0.4


def _texts(path: Path) -> str:
    """What a reader of the drawing reads."""
    assert path.stat().st_size < 60_000
    return " ".join(etree.parse(str(path)).getroot().itertext())


def test_reliability_names_each_set_of_questions(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    draw_reliability(path, {"ours": reliability(PROBABILITY, ANSWERABLE)})
    assert "ours" in _texts(path)
    assert "share answerable" in _texts(path)


def test_the_curve_marks_the_threshold(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    draw_risk_coverage(path, risk_coverage(PROBABILITY, ANSWERABLE, ~ANSWERABLE), 0.66)
    assert "threshold 0.66" in _texts(path)


def test_bars_and_confusions_name_what_they_show(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    draw_bars(path, {"everything": 0.8, "words": 0.5}, "right, %")
    assert "everything" in _texts(path)
    draw_confusions(path, ["ask_cost", "greet"], np.array([[3, 1], [0, 4]]))
    assert "ask_cost" in _texts(path)


def test_the_same_figures_give_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    drawn = []
    for _ in range(2):
        draw_bars(path, {"everything": 0.8}, "right, %")
        drawn.append(path.read_bytes())
    assert drawn[0] == drawn[1]
