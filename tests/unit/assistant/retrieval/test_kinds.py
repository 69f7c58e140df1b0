from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from assistant.retrieval.kinds import Kinds

KINDS = Kinds(
    [f"text {number}" for number in range(105)], ["common"] * 100 + ["rare"] * 5, frozenset()
)


def test_labels_are_numbered_in_their_order() -> None:
    assert KINDS.names == ["common", "rare"]
    assert KINDS.numbers().tolist() == [0] * 100 + [1] * 5


def test_rare_kinds_are_drawn_more_often_than_they_are() -> None:
    texts, numbers = KINDS.draw(np.random.default_rng(0), 2000)
    drawn = Counter(numbers.tolist())
    # Twenty times as many, drawn by the root of that.
    assert drawn[0] / drawn[1] == pytest.approx(20**0.5, rel=0.2)
    place = {text: at for at, text in enumerate(KINDS.texts)}
    assert [int(place[text] >= 100) for text in texts] == numbers.tolist()
