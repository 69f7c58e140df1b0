"""What a short message asks after an answer."""

from __future__ import annotations

import pytest

from assistant.answers.compose import Composer
from assistant.answers.following import Follower, corrected
from assistant.answers.leaning import Leaning
from assistant.answers.memory import Memory
from assistant.retrieval.search import Searcher


def _talk(composer: Composer, *turns: tuple[str, str | None]) -> tuple[list[str], Memory]:
    """Keys of the sections of the last answer, none for none; and what is remembered."""
    memory, keys = Memory(), []
    for text, aspect in turns:
        reply = composer.answer(text, memory, aspect=aspect)
        memory = reply.memory
        spans = [block.sentences[0].source for block in reply.message.blocks]
        keys = [f"{span.article}#{span.section}" for span in spans]
    return keys, memory


DETOX = ("how long does detox take?", "duration")


@pytest.mark.parametrize(
    ("turns", "keys"),
    [
        ([DETOX, ("and for alcohol?", None)], ["detox-and-withdrawal#detox-length"]),
        (
            [DETOX, ("and for alcohol?", None), ("and heroin?", None)],
            ["detox-and-withdrawal#detox-length"],
        ),
        (
            [("does CBT work", "evidence"), ("what about DBT instead", None)],
            ["psychotherapy-in-rehab#dbt-benefits"],
        ),
        # Two questions: a definition is not asked "of" something else.
        (
            [("what is rehab?", "definition"), ("what about medication", None)],
            ["how-addiction-is-treated#therapy-or-medicine"],
        ),
        (
            [("what is CBT?", "definition"), ("how long", "duration")],
            ["cognitive-behavioral-therapy#length"],
        ),
        # What all is about is no topic of its own.
        (
            [("what is EMDR?", "definition"), ("does it help with addiction?", "evidence")],
            ["trauma-and-emdr#emdr-evidence"],
        ),
        # Known to be asked, and not said of it: no other section is put in its place.
        ([("what is DBT?", "definition"), ("is it safe?", "risk")], []),
        ([("how much does inpatient rehab cost", "cost"), ("and heroin?", None)], []),
    ],
)
def test_a_follow_up_is_answered_from(
    composer: Composer, turns: list[tuple[str, str | None]], keys: list[str]
) -> None:
    quoted, _ = _talk(composer, *turns)
    # Where it is not sure, another section is quoted beside.
    assert bool(quoted) is bool(keys)
    assert set(keys) <= set(quoted)


def test_what_is_asked_of_a_topic_does_not_replace_it(composer: Composer) -> None:
    keys, memory = _talk(composer, DETOX, ("is it covered?", "cost"))
    assert keys == ["paying-for-treatment#insurance-law"]
    assert memory.topics == ("detox",)


def test_what_has_a_subject_of_its_own_does_not_point_back(composer: Composer) -> None:
    keys, memory = _talk(
        composer, ("what is CBT?", "definition"), ("how much does rehab cost", "cost")
    )
    assert keys[0] == "paying-for-treatment#what-rehab-costs"
    assert "cbt" not in memory.topics


def test_no_word_of_the_person_is_remembered(composer: Composer) -> None:
    _, memory = _talk(composer, ("so my zebra friend asks what is methadone?", "definition"))
    assert "zebra" not in str(memory.as_dict())
    assert memory.asked is not None


@pytest.mark.parametrize(
    "text",
    ["CBT", "what is alcohol poisoning", "and is DBT covered", "what about the weather", "and?"],
)
def test_what_says_more_or_names_nothing_is_no_follow_up(searcher: Searcher, text: str) -> None:
    after = Memory(topics=("detox",), asked=("detox-and-withdrawal#detox-length", 0))
    follower = Follower(searcher, Leaning.load())
    assert not follower.asks_the_same(searcher.read(text), after)


def test_a_question_of_an_article_that_is_gone_does_no_harm(searcher: Searcher) -> None:
    after = Memory(topics=("gone",), asked=("gone#gone", 3), aspect="duration")
    follower = Follower(searcher, Leaning.load())
    assert follower.result(searcher.search(searcher.read("and for alcohol?")), after) is None
    assert follower.comparison(searcher.read("which is better?"), after) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no, i meant for teens", "what about for teens"),
        ("I asked about the price, not about the therapy", "what about the price"),
        ("i said alcohol not opioids", "what about alcohol"),
        ("that's not what I asked", None),
        ("wrong", None),
    ],
)
def test_what_was_meant_is_read(text: str, meant: str | None) -> None:
    assert corrected(text) == meant
