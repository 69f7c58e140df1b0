from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bench.intent_pipelines import nlu_data, pipelines
from bench.yardsticks import best_cut, read_yardstick, some_of_each
from commands.steps import StepFailedError

LINES = [(f"text {number}", intent) for intent in ("pay", "call") for number in range(9)]


def test_some_of_each_intent_are_the_same_every_time() -> None:
    few = some_of_each(LINES, 3)
    assert few == some_of_each(LINES, 3)
    assert [intent for _, intent in few] == ["pay"] * 3 + ["call"] * 3
    assert set(few) <= set(LINES)


def test_an_intent_with_fewer_lines_keeps_all() -> None:
    assert sorted(some_of_each(LINES, 20)) == sorted(LINES)


def test_the_cut_keeps_the_right_ones_and_refuses_the_strange() -> None:
    strange = [False, False, False, True, True]
    right = [True, True, False, False, False]
    assert best_cut(strange, right, [0.9, 0.6, 0.8, 0.5, 0.2]) == 0.6


def test_lines_become_training_data_without_entities() -> None:
    read = yaml.safe_load(nlu_data([("pay [5](amount)", "pay"), ("call: me", "call")]))
    assert read["nlu"] == [
        {"intent": "pay", "examples": "- pay 5 amount\n"},
        {"intent": "call", "examples": "- call: me\n"},
    ]


def test_all_pipelines_end_in_a_classifier() -> None:
    made = pipelines(20.0, 7)
    assert [steps[-1]["name"].rpartition(".")[2] for steps in made.values()] == [
        *("EmbeddingIntentClassifier", "LogisticRegressionClassifier", "DIETClassifier")
    ]
    assert made["ours"][-1]["C"] == 20.0
    assert "7 epochs" in list(made)[-1]


def test_the_file_is_read_in_three_parts(tmp_path: Path) -> None:
    path = tmp_path / "data_full.json"
    names = ("train", "val", "oos_val", "test", "oos_test", "oos_train")
    path.write_text(json.dumps({name: [[name, "oos"]] for name in names}), "utf-8")
    read = read_yardstick(path)
    assert [text for text, _ in read.train] == ["train"]
    assert [text for text, _ in read.held_out] == ["val", "oos_val"]
    assert [text for text, _ in read.test] == ["test", "oos_test"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"train": [1]}'])
def test_another_file_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, "utf-8")
    with pytest.raises(StepFailedError, match=r"is not data_full\.json"):
        read_yardstick(path)
