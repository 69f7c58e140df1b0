"""One question back: names that are nearly known."""

from __future__ import annotations

import pytest

from assistant.answers.clarifying import Clarifier
from assistant.provider import Provider
from assistant.retrieval.search import Searcher


@pytest.fixture(scope="module")
def clarifier(searcher: Searcher) -> Clarifier:
    return Clarifier(searcher, Provider())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what is CBD therapy", "CBT (cognitive behavioral therapy)"),
        ("dbd skills", "DBT (dialectical behavior therapy)"),
        ("EMRD therapy", "EMDR"),
    ],
)
def test_nearly_known_letters_are_asked_about(clarifier: Clarifier, text: str, title: str) -> None:
    message = clarifier.meant(text)
    assert message is not None
    assert message.kind == "prompt"
    assert message.choices[0].title == title
    assert f"- {title}" in message.text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "CBT therapy",
            "DBT skills",
            "ACT therapy",
            "art therapy",
            "get treatment",
            "pet therapy",
        ),
        *("drug treatment", "what is therapy", "CBD", "CBD oil for pain", "group therapy", ""),
    ],
)
def test_known_names_and_plain_words_are_not(clarifier: Clarifier, text: str) -> None:
    assert clarifier.meant(text) is None


def test_what_has_no_chance_is_not_offered_as_near(
    clarifier: Clarifier, searcher: Searcher
) -> None:
    text = "can I bring my parrot to detox"
    message = clarifier.unknown(text, searcher.search(searcher.read(text)), True, False)
    assert message.kind == "no_answer"
    assert [choice.title for choice in message.choices] == [
        "Pets in recovery and while you are in rehab"
    ]
