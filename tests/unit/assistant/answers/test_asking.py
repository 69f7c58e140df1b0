from __future__ import annotations

import pytest

from assistant.answers.asking import MAX_BLOCKS, Asker
from assistant.answers.leaning import Leaning
from assistant.answers.memory import Memory
from assistant.retrieval.search import Searcher

AFTER_CBT = Memory(topics=("cbt",))


def _sections(searcher: Searcher, text: str, memory: Memory | None = None) -> list[str]:
    results = Asker(searcher, Leaning.load()).results(text, None, memory or Memory())
    assert 1 <= len(results) <= MAX_BLOCKS
    return [result.sections[0].section.id for result in results if result.answerable]


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("CBT vs DBT", ["dbt-or-cbt", "cbt", "dbt"]),
        ("what is the difference between DBT and CBT", ["dbt-or-cbt", "dbt", "cbt"]),
        # "Therapy" is what both are, and no third thing.
        ("CBT vs. DBT therapy for me", ["dbt-or-cbt", "cbt", "dbt"]),
        ("What is CBT? How long does rehab last?", ["cbt", "by-kind"]),
        ("Hello there, my friend. I have been reading a lot. What is CBT?", ["cbt"]),
        ("What is CBT? What is cognitive behavioral therapy?", ["cbt"]),
        ("Is motivational interviewing better than integrative therapy?",
         ["motivation-or-integrative", "motivation", "integrative-therapy"]),
        # A topic's name, and nothing more.
        ("methadone i guess", ["methadone"]),
        ("what's the best hand in texas hold em", []),
        ("The lift in our block stops every night. What might be the reason?", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_message_asks_for_its_sections(
    searcher: Searcher, text: str, sections: list[str]
) -> None:
    assert _sections(searcher, text) == sections


def test_what_points_back_is_about_the_last_topic(searcher: Searcher) -> None:
    topics = searcher.corpus.section_by_key
    (section,) = _sections(searcher, "does it really work?", AFTER_CBT)
    key = f"psychotherapy-in-rehab#{section}"
    assert "cbt" in topics[key][1].topics


@pytest.mark.parametrize(
    "text",
    ["what's the weather tomorrow", "is it going to rain tomorrow", "who won it in Texas?"],
)
def test_what_is_foreign_is_not_about_the_last_topic(searcher: Searcher, text: str) -> None:
    assert _sections(searcher, text, AFTER_CBT) == []


def test_a_named_topic_outweighs_the_last_one(searcher: Searcher) -> None:
    assert _sections(searcher, "and what is DBT?", AFTER_CBT) == ["dbt"]


def test_a_topic_that_is_no_longer_known_does_no_harm(searcher: Searcher) -> None:
    Asker(searcher, Leaning.load()).results("does it work?", None, Memory(topics=("gone",)))
