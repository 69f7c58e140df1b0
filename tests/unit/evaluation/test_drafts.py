from __future__ import annotations

import numpy as np

from assistant.retrieval.fitting import HeldOut
from tests.evaluation.drafts import line


def test_the_table_counts_what_belongs_apart_from_what_does_not() -> None:
    sure, unsure = [0.9] * 150, [0.1] * 50
    fared = HeldOut(
        probability=np.array([*sure, *unsure, *[0.1] * 98, 0.9, 0.9, *[0.1] * 100]),
        answerable=np.array([True] * 200 + [False] * 200),
        other_subject=np.array([False] * 300 + [True] * 100),
        unseen=np.array([True] * 400),
        first=np.array([True] * 100 + [False] * 300),
        first_three=np.array([True] * 100 + [False] * 300),
    )
    assert line("drafts", fared) == "| drafts | 200 | 50 % | 75 % | 50 % | 2 % |"
