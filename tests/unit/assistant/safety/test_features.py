"""What a fit sees of windows."""

import numpy as np

from assistant.safety.classifier import WORDS, Window
from assistant.safety.features import beside, document_weights, term_vectors
from assistant.safety.words import Sentence


def window(text: str) -> Window:
    return Window((Sentence(text, asked=False),), (), text)


def test_a_term_seen_once_is_left_out_and_a_rare_one_weighs_more() -> None:
    found = [window("red house"), window("red garden"), window("red garden gate")]
    weights = document_weights(found)

    assert "house" not in weights
    assert weights["garden"] > weights["red"]


def test_a_windows_terms_are_a_row_of_fixed_length() -> None:
    weights = document_weights([window("red house"), window("red house")])
    rows = term_vectors([window("red house"), window("red"), window("gate")], weights).toarray()

    assert np.allclose(np.linalg.norm(rows[:2], axis=1), WORDS)
    # Of the last, only the full stop is known.
    assert (rows[2] > 0).sum() == 1
    assert beside(np.ones((3, 2)), rows).shape == (3, 2 + len(weights))
