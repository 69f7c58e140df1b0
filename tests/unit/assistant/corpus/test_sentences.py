from __future__ import annotations

import pytest

from assistant.corpus.sentences import split_sentences


def _texts(paragraph: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(paragraph, 0, 1)]


@pytest.mark.parametrize(
    "first",
    [
        "Dr. Smith helps.",
        "Mr. Lee and Mrs. Lee came.",
        "Ask about meals, e.g. Lunch.",
        "Stay at home, i.e. Rest.",
        "It opens at 5 p.m. Smith said.",
        "The U.S. Department says so.",
        "CBT vs. DBT is a fair question.",
        "A Ph.D. Student may help.",
        "J. Smith helps.",
        "Take 2.5 mg of it.",
        "Is it so?",
        "Wow, it is!",
        'He said "stop."',
        "Really?!",
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(first: str) -> None:
    assert _texts(f"{first} Then they left.") == [first, "Then they left."]


@pytest.mark.parametrize(
    "whole", ["See Fig. 2 there.", "Room No. 5 is it.", "Smith et al. say so."]
)
def test_other_abbreviations_do_not_end_a_sentence(whole: str) -> None:

    assert _texts(f"{whole} Then they left.") == [whole, "Then they left."]


def test_offsets_count_from_the_body_and_lines_from_the_file() -> None:
    first, second = split_sentences("One two.\nThree.", 100, 7)
    assert (first.start, first.end, first.line) == (100, 108, 7)
    assert (second.start, second.end, second.line) == (109, 115, 8)


def test_references_belong_to_the_sentence_that_they_follow() -> None:
    sentences = split_sentences("One. [^a] [^b] Two.[^c] Three. [^a][^a]", 0, 1)
    assert [s.text for s in sentences] == ["One.", "Two.", "Three."]
    assert [s.references for s in sentences] == [("a", "b"), ("c",), ("a",)]


def test_a_reference_inside_a_sentence_is_not_shown() -> None:
    paragraph = "CBT helps [^a] a person. DBT too. [^b]"
    first, second = split_sentences(paragraph, 0, 1)
    assert first.text == "CBT helps a person."
    assert first.references == ("a",)
    assert paragraph[first.start : first.end] == "CBT helps [^a] a person."
    assert second.references == ("b",)


def test_a_reference_before_the_first_sentence_is_not_lost() -> None:

    (sentence,) = split_sentences("[^a] CBT helps.", 0, 1)
    assert sentence.references == ("a",)


def test_nothing_but_white_space_has_no_sentence() -> None:
    assert split_sentences("  \n ", 0, 1) == []
