from __future__ import annotations

from collections import Counter

from assistant.folds import FOLDS, fold_of


def test_texts_are_spread_over_all_parts_and_stay_where_they_are() -> None:
    texts = [f"number {number}" for number in range(1000)]
    parts = Counter(map(fold_of, texts))
    assert set(parts) == set(range(FOLDS))
    assert min(parts.values()) > 150
    assert list(map(fold_of, texts[:5])) == [4, 0, 1, 2, 4]
