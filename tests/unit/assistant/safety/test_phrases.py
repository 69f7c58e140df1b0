import pytest

from assistant.safety.phrases import PhraseError, compile_phrase

LISTS = {"who": ["he", "my (son|wife)"], "very": ["so", "really"]}


def matches(pattern: str, text: str) -> bool:
    return bool(compile_phrase(pattern, LISTS, frozenset()).found.search(text + " "))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("(want|need) to die", "i need to die", True),
        ("want to die", "i want to diet", False),
        ("want to die", "i want too die", True),
        ("tired of living", "tired off living", True),
        ("want to die", "unwant to die", False),
        ("<who> <very>? sad", "my wife really sad", True),
        ("<who> sad", "my dog sad", False),
        ("took .. pills", "took all of my pills", True),
        ("took .. pills", "took a b c d pills", False),
        ("took ... pills", "took a b c d pills", True),
        ("took # pills", "took 30 pills", True),
        ("took # pills", "took some pills", False),
        ("end it !(with)", "end it with him", False),
        ("end it !(with)", "end it now", True),
        ("^ seizure $", "seizure", True),
        ("^ seizure $", "a seizure", False),
    ],
)
def test_the_language(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(a|b", "a)", "a||b", "<nobody>", "a*", "a ? ? b", "!"])
def test_what_is_not_of_the_language_is_refused(pattern: str) -> None:
    with pytest.raises(PhraseError):
        compile_phrase(pattern, LISTS, frozenset())


def test_anchors_are_words_without_which_nothing_matches() -> None:
    phrase = compile_phrase("i <very>? (want|need) to die", LISTS, frozenset({"i", "to"}))

    assert phrase.anchors == {"die"}
    assert compile_phrase("# ...", LISTS, frozenset()).anchors is None
