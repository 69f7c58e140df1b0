from __future__ import annotations

import pytest

from assistant.answers.ordinals import with_names

TWO = ["methadone", "buprenorphine"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("do i have to go every day for the first one", "do i have to go every day for methadone"),
        ("how often is the second?", "how often is buprenorphine?"),
        ("and the other one, is it safe", "and buprenorphine, is it safe"),
        ("The former", "methadone"),
        # What is counted is something else, or there are not so many.
        ("how is the first week", "how is the first week"),
        ("the other people there", "the other people there"),
        ("the third one", "the third one"),
    ],
)
def test_what_is_called_by_its_place_gets_its_name(text: str, named: str) -> None:
    assert with_names(text, TWO) == named


def test_without_two_things_nothing_is_named() -> None:
    assert with_names("the first one", ["methadone"]) == "the first one"
