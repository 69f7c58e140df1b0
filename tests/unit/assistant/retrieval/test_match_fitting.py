from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.retrieval.index import SearchIndex
from assistant.retrieval.match_fitting import (
    fit_matching,
    read_section_answers,
    right_first,
    sentence_mark,
)
from assistant.retrieval.search import Searcher
from tests.unit.articles import GOOD

FIRST, SECOND = "CBT helps a person change habits.", "CBT can help with cravings."


@pytest.fixture
def small(searcher_of: Callable[..., Searcher]) -> SearchIndex:
    """Of one section with four questions and two sentences."""
    return searcher_of(GOOD).parts.index


def _written(tmp_path: Path, answers: dict[str, list[int]], *sentences: str) -> Path:
    marks = [sentence_mark(each) for each in sentences]
    line = {"section": "care#cbt", "sentences": marks, "answers": answers}
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    return path


def test_choices_are_found_in_the_articles(small: SearchIndex, tmp_path: Path) -> None:
    path = _written(tmp_path, {"What is CBT?": [0], "How does CBT work?": [1, 0]}, FIRST, SECOND)
    found = [(each.question, each.best) for each in read_section_answers(small, path)]
    assert found == [(0, (0,)), (2, (1, 0))]


def test_what_was_reworded_since_teaches_nothing(small: SearchIndex, tmp_path: Path) -> None:
    answers = {"What is CBT?": [0, 1], "What was CBT?": [1], "How does CBT work?": [0]}
    path = _written(tmp_path, answers, "CBT was another thing.", SECOND)
    found = [(each.question, each.best) for each in read_section_answers(small, path)]
    assert found == [(0, (1,))]


def test_a_sentence_that_moved_is_still_known(small: SearchIndex, tmp_path: Path) -> None:
    path = _written(tmp_path, {"What is CBT?": [0]}, SECOND, FIRST)
    (found,) = read_section_answers(small, path)
    assert found.best == (1,)


@pytest.mark.parametrize("text", ["not json", '{"section": "care#cbt"}', '["care#cbt"]'])
def test_a_file_that_cannot_be_used_is_named(small: SearchIndex, tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(CorpusError, match="JSON lines"):
        read_section_answers(small, path)


def test_what_readers_chose_comes_first_where_likeness_says_otherwise(
    small: SearchIndex, tmp_path: Path
) -> None:
    question, sentences = small.vectors.questions[0], small.vectors.bare_sentences
    least_like = int(np.argmin(sentences @ question))
    path = _written(tmp_path, {"What is CBT?": [least_like]}, FIRST, SECOND)
    matching = fit_matching(small, read_section_answers(small, path))
    assert int(np.argmax(matching.scores(question, sentences))) == least_like


def test_without_choices_nothing_can_be_learnt(small: SearchIndex) -> None:
    with pytest.raises(CorpusError, match="No question"):
        fit_matching(small, [])


@pytest.mark.slow
def test_what_is_learnt_helps_with_questions_that_were_held_back(searcher: Searcher) -> None:
    index = searcher.parts.index
    plain, learnt = right_first(index, read_section_answers(index))
    assert learnt > plain + 0.03
