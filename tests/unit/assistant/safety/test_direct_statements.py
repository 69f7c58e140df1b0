"""What is said outright is noticed by the patterns alone, in every person and tense."""

from pathlib import Path

import pytest

from assistant.safety.detection import Detector
from assistant.safety.emergency import SITUATIONS

# A situation, a tab, and the statement.
TABLE = Path(__file__).with_name("direct_statements.tsv")
STATEMENTS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_direct_statement_is_noticed_without_a_model(situation: str) -> None:
    detector = Detector()
    said = [text for name, text in STATEMENTS if name == situation]

    assert len(said) >= 25
    assert [text for text in said if detector.detect(text) is None] == []


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("he threatened to kill my family", "violence"),
        ("my son said he's going to kill me", "violence"),
        ("my brother wants to kill our dad", "violence"),
        ("my son said he's going to kill himself", "suicide"),
        ("I wish I wouldn't wake up", "suicide"),
    ],
)
def test_a_threat_to_others_is_none_to_oneself(text: str, situation: str) -> None:
    found = Detector().detect(text)

    assert found is not None
    assert found.situation == situation


@pytest.mark.parametrize(
    "text",
    [
        "what do I do if someone overdoses?",
        "it hit me when my daughter said it",
        "hit me back when you can",
        "he beat me at chess",
        "it hurts me when he drinks",
        "is it bad that I skipped a meeting?",
        "I feel like there's no way out of this insurance mess",
        "why did they bring me back to level one?",
        "does life insurance go up if I've been in rehab?",
        "do we have to come to the sessions with him",
    ],
)
def test_what_sounds_alike_is_none(text: str) -> None:
    assert Detector().detect(text) is None
