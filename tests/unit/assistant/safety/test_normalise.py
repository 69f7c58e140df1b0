import pytest

from assistant.safety.normalise import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I WANT to DIE", "i want to die"),
        ("I w\u200ban\u200dt to d\u00adie", "i want to die"),
        ("s\u03c5ic\u0456d\u0435", "suicide"),
        ("\U0001d4f4\U0001d4f2\U0001d4f5\U0001d4f5 \uff4d\uff45", "kill me"),
        ("k1ll mys3lf", "kill myself"),
        ("$uicide", "suicide"),
        ("k i l l", "kill"),
        ("s-u-i-c-i-d-e", "suicide"),
        ("h.e.l.p", "help"),
        ("i want to d i e", "i want to die"),
        ("let me d-i-e please", "let me die please"),
        ("i k m s tonight", "i kms tonight"),
        ("D I E", "die"),
        ("sobredosis, ¿mañana? Tomé", "sobredosis, ?manana? tome"),
        ("I can\u2019t", "i can't"),
    ],
)
def test_disguises_come_off(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize("text", ["30mg at 2am", "call 988", "on the 5th", "k2 and b12"])
def test_numbers_stay_numbers(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("d i e t", "diet"),
        ("s o l d i e r", "soldier"),
        ("u r a star", "u r a star"),
        ("vitamins a b c", "vitamins a b c"),
        ("d i e i mean it", "die i mean it"),
    ],
)
def test_three_letters_apart_are_a_word_only_where_it_tells(written: str, read: str) -> None:
    assert plain(written) == read


def test_an_emoji_is_a_word() -> None:
    assert plain("🔫me").split() == ["gun", "me"] or "pistol" in plain("🔫me")
    assert plain("💊💊").split() == ["pill", "pill"]


def test_lone_surrogates_and_nul_are_dropped() -> None:
    assert plain("di\ud800e\x00") == "die"


def test_the_end_of_a_giant_message_is_kept() -> None:
    assert plain("a b " * 100_000 + "the end").endswith("the end")
