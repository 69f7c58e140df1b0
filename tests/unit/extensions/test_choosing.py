from __future__ import annotations

import pytest

from extensions.channels.choosing import picked


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        (" 2. ", 1),
        ("#2", 1),
        ("(2)", 1),
        ("no", 1),
        ("YES, I do!", 0),
        ("0", None),
        ("3", None),
        ("12", None),
        ("1 or 2", None),
        ("1st", None),
        ("no way", None),
        ("", None),
    ],
)
def test_what_a_text_picks(text: str, place: int | None) -> None:
    assert picked(text, ["Yes, I do", "No"], numbered=True) == place


def test_a_title_that_is_offered_twice_picks_nothing() -> None:
    assert picked("no", ["No", "No"], numbered=True) is None


def test_a_number_picks_nothing_where_none_is_shown() -> None:
    assert picked("1", ["Yes", "No"], numbered=False) is None
    assert picked("no.", ["Yes", "No"], numbered=False) == 1
