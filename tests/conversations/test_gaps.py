"""What the articles do not answer reaches an editor, and nobody's name with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.gaps.store import GapStore
from tests.client import Visitor
from tests.conversations.test_questions import only
from tests.serving import Live

pytestmark = pytest.mark.live

NAME, NUMBER = "Zephyrine", "202-555-0147"
ASKED = f"where can my son {NAME} Mark keep his parrot {NUMBER} during rehab?"
KEPT = "where can my son … keep his parrot … during rehab?"


@pytest.fixture
def gaps(live: Live) -> Callable[[], list[str]]:
    """The texts that are kept, as an editor's command reads them."""
    store = GapStore(live.settings)
    return lambda: [gap.text for gap in store.gaps()]


def eventually(true: Callable[[], bool]) -> bool:
    """Whether something becomes true: recording goes on beside the messages."""
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
    return true()


def found(folder: Path, canary: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if canary.encode() in path.read_bytes()]


def test_user_asks_what_nobody_knows_and_only_the_question_is_kept(
    live: Live, visitor: Visitor, gaps: Callable[[], list[str]]
) -> None:
    assert only(visitor.say(ASKED))["kind"] == "no_answer"
    assert eventually(lambda: KEPT in gaps())
    for canary in (NAME, NAME.lower(), NUMBER):
        assert not any(canary in text for text in gaps())
        assert found(live.settings.state_dir, canary) == []
    assert visitor.erase() == 204
    assert KEPT not in gaps()


def test_user_in_danger_is_not_recorded(
    live: Live, visitor: Visitor, gaps: Callable[[], list[str]]
) -> None:
    assert only(visitor.say("I want to kill myself"))["kind"] == "crisis"
    # Right after it nothing but where to get help comes where there is no answer.
    assert only(visitor.say("what is CBT?"))["kind"] == "answer"
    assert only(visitor.say("can I bring my purple parrot to rehab?"))["kind"] == "no_answer"
    with Visitor(live.address) as other:
        assert only(other.say("can I bring my green parrot to rehab?"))["kind"] == "no_answer"
        # The later one is there, so the earlier one would be.
        assert eventually(lambda: any("green" in text for text in gaps())), gaps()
        other.erase()
    assert not any("purple" in text for text in gaps())


def test_user_says_that_it_was_not_what_they_asked(
    visitor: Visitor, gaps: Callable[[], list[str]]
) -> None:
    assert only(visitor.say("what is CBT?"))["kind"] == "answer"
    visitor.say("that's not what I asked")
    assert eventually(lambda: "what is cbt?" in gaps())
    visitor.erase()


def test_user_says_whether_an_answer_helped(live: Live, visitor: Visitor) -> None:
    answer = only(visitor.say("what is CBT?"))
    source = answer["blocks"][0]["sentences"][0]["source"]
    section = f"{source['article']}#{source['section']}"
    assert visitor.rate(answer["answer_id"], helpful=True) == 204
    assert visitor.rate(answer["answer_id"], helpful=False) == 204
    assert visitor.rate("0" * 64, helpful=True) == 404
    votes = {each.section: each for each in GapStore(live.settings).votes()}
    assert (votes[section].helpful, votes[section].unhelpful) == (0, 1)
