"""What several people asked is one group; what one person asked is not shown."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from assistant.corpus.model import Corpus
from assistant.gaps.grouping import Grouped, distinct_texts, group_gaps
from assistant.gaps.model import Gap
from assistant.gaps.report import Nearest, gaps_report, proposal, rows
from assistant.gaps.votes import SectionVotes
from assistant.retrieval.encoder import Encoder

TODAY = date(2026, 11, 25)
HORSES = ["do you have horse therapy", "equine therapy", "is there therapy with horses?"]
NURSES = ["are there rehabs for nurses?", "rehab program for nurses", "special rehab for nurses"]


def gap(text: str, conversation: str, age: int = 0, kind: str = "unknown") -> Gap:
    day = TODAY - timedelta(days=age)
    return Gap(kind, day, "web", conversation, text, ("anxiety",), ("a#b", "c#d"))


def grouped(encoder: Encoder, gaps: list[Gap]) -> Grouped:
    texts = distinct_texts(gaps)
    return group_gaps(gaps, texts, encoder.encode(texts), TODAY)


def test_different_words_for_one_thing_are_a_group(encoder: Encoder) -> None:
    gaps = [gap(text, str(number)) for number, text in enumerate([*HORSES, *NURSES])]
    found = grouped(encoder, gaps)
    assert [group.conversations for group in found.groups] == [3, 3]
    assert {frozenset(group.examples) for group in found.groups} == {
        frozenset(HORSES),
        frozenset(NURSES),
    }
    assert found.groups[0].sections == ("a#b",)


def test_what_fewer_than_three_conversations_asked_is_only_counted(encoder: Encoder) -> None:
    # Three times, and yet two people.
    found = grouped(encoder, [gap(text, str(at // 2)) for at, text in enumerate(HORSES)])
    assert found.groups == ()
    assert found.small == 1


def test_recent_wishes_come_first(encoder: Encoder) -> None:
    old = [gap(text, f"old {at} {n}", 80) for at in range(2) for n, text in enumerate(HORSES)]
    new = [gap(text, f"new {at}", 0) for at, text in enumerate(NURSES)]
    first, second = grouped(encoder, [*old, *new]).groups
    assert first.conversations < second.conversations
    assert set(first.examples) == set(NURSES)
    assert first.latest == TODAY


def test_no_more_than_three_examples(encoder: Encoder) -> None:
    texts = [*HORSES, "horse therapy please", "riding horses as therapy"]
    (group,) = grouped(encoder, [gap(text, text) for text in texts]).groups
    assert group.conversations == 5
    assert len(group.examples) == 3


def test_gaps_without_a_text_are_counted() -> None:
    found = group_gaps([gap("", "one"), gap("", "two")], [], np.empty((0, 384), np.float32), TODAY)
    assert (found.groups, found.small, found.textless) == ((), 0, 2)


def test_the_proposal_says_what_is_missing(encoder: Encoder, corpus: Corpus) -> None:
    (group,) = grouped(encoder, [gap(text, text) for text in HORSES]).groups
    key = next(iter(corpus.section_by_key))
    heading = corpus.section_by_key[key][1].heading
    assert "answered by now" in proposal(corpus, group, Nearest(key, 0.9, True))
    likely = proposal(corpus, group, Nearest(key, 0.6, False))
    assert heading in likely
    assert "add the question to it" in likely
    assert "lacks a section" in proposal(corpus, group, Nearest(key, 0.2, False, ("cbt",)))


def test_the_page_shows_groups_and_nothing_of_single_people(
    encoder: Encoder, corpus: Corpus
) -> None:
    gaps = [gap(text, text) for text in HORSES] + [gap("rehab with a pool <b>", "rich")]
    found = grouped(encoder, gaps)
    key = next(iter(corpus.section_by_key))
    shown = rows(corpus, found, [Nearest(key, 0.2, False) for _ in found.groups])
    page = gaps_report(found, shown, [SectionVotes("a#b", 4, 7)], 12)
    assert "do you have horse therapy" in page
    assert "pool" not in page
    assert "1 small groups" in page
    assert "12 messages about other things" in page
    assert "a#b" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
