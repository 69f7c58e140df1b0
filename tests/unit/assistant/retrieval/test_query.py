from __future__ import annotations

import pytest

from assistant.retrieval.search import Searcher


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("what is CBT?", ("cbt",)),
        ("cognitive behavioral therapy", ("cbt",)),
        ("CBT vs DBT or cbt", ("cbt", "dbt")),
        ("does dialectical behavioral therpay help?", ("dbt",)),
        ("\uff23\uff22\uff34", ("cbt",)),  # full-width letters
        ("what's the best hand in texas hold em", ()),
        ("", ()),
    ],
)
def test_topics_are_found_in_order_and_once(
    searcher: Searcher, text: str, topics: tuple[str, ...]
) -> None:
    assert searcher.read(text).topics == topics


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("what is CBT?", "what is CBT cognitive behavioral therapy?"),
        ("CBT is cognitive behavioral therapy", "CBT is cognitive behavioral therapy"),
        ("CBT vs DBT", "CBT cognitive behavioral therapy vs DBT dialectical behavior therapy"),
        ("does Suboxone help?", "does Suboxone buprenorphine help?"),
        # Words that the encoder knows speak for themselves.
        ("how does talk therapy help my family?", "how does talk therapy help my family?"),
        ("what is addiction?", "what is addiction?"),
    ],
)
def test_the_plain_name_stands_beside_each_strange_name(
    searcher: Searcher, text: str, expanded: str
) -> None:
    assert searcher.read(text).expanded == expanded


def test_lemmas_are_the_content_words(searcher: Searcher) -> None:
    assert searcher.read("Are the habits of 2 people changing?").lemmas == (
        "habit",
        "people",
        "change",
    )


def test_the_aspect_is_kept(searcher: Searcher) -> None:
    assert searcher.read("what is CBT?", "definition").aspect == "definition"
    assert searcher.read("what is CBT?").aspect is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("what about CBT", ()),
        ("and for alcohol?", ()),
        ("is CBT covered", ("cover",)),
        ("cognitive behavioral therapy and sleep", ("sleep",)),
    ],
)
def test_the_rest_is_what_the_topics_names_leave(
    searcher: Searcher, text: str, rest: tuple[str, ...]
) -> None:
    assert searcher.read(text).rest == rest
