from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.retrieval.encoder import DIMENSIONS
from assistant.retrieval.matching import Matching

# Turns the first direction of questions to the second one of sentences.
QUESTIONS, SENTENCES = np.zeros((2, DIMENSIONS, 1), np.float32)
QUESTIONS[0], SENTENCES[1] = 2, 3
MATCHING = Matching(QUESTIONS, SENTENCES)


def test_a_sentence_unlike_the_question_can_be_its_answer() -> None:
    directions = np.eye(DIMENSIONS, dtype=np.float32)
    assert MATCHING.scores(directions[0], directions[:3]).tolist() == [0, 6, 0]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    MATCHING.save(tmp_path / "matching")
    read = Matching.load(tmp_path / "matching")
    assert (read.questions == QUESTIONS).all()
    assert (read.sentences == SENTENCES).all()


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = tmp_path / "matching"
    with pytest.raises(CorpusError, match="make fit"):
        Matching.load(path)
    path.write_bytes(b"not numbers")
    with pytest.raises(CorpusError, match="make fit"):
        Matching.load(path)
    Matching(QUESTIONS[:3], SENTENCES[:3]).save(path)
    with pytest.raises(CorpusError, match="another encoder"):
        Matching.load(path)
