from __future__ import annotations

import pytest

from assistant.answers.telling import Told, tells_of_somebody, told
from assistant.retrieval.search import Searcher


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("he was 22. his name was Ben.", True),
        ("she signed nothing", True),
        ("is he safe there", False),
        ("he is 22. what now?", False),
        ("sober coach certification", False),
    ],
)
def test_who_tells_of_somebody_asks_nothing(text: str, tells: bool) -> None:
    assert tells_of_somebody(text) is tells


@pytest.mark.parametrize(
    ("text", "much"),
    [
        ("what is naloxone", "all"),
        ("how do i get a restraining order", "some"),
        ("how do I give it?", "little"),
        ("do we still need to go?", "little"),
    ],
)
def test_how_much_a_message_says_itself(searcher: Searcher, text: str, much: Told) -> None:
    assert told(searcher.read(text)) == much
