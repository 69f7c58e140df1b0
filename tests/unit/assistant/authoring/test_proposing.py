from __future__ import annotations

import pytest

from assistant.authoring.proposing import Proposer


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        (
            "The duration of outpatient treatment may vary from week to week.",
            {
                "How long does outpatient treatment take?",
                "How long does outpatient treatment last?",
            },
        ),
        ("Grants cover the cost of sober homes.", {"How much do sober homes cost?"}),
        (
            "Side effects of Naltrexone are mostly mild.",
            {"What are the side effects of naltrexone?"},
        ),
        (
            "The length of CBT depends on you.",
            {"How long does CBT take?", "How long does CBT last?"},
        ),
    ],
)
def test_a_statement_in_the_text_is_asked_for(
    proposer: Proposer, sentence: str, asked: set[str]
) -> None:
    proposed = proposer.propose("A quiet start", ["Mornings are calm here.", sentence])

    assert asked <= set(proposed.questions)
    assert not asked & set(proposer.propose("A quiet start", []).questions)


def test_what_has_no_name_is_not_asked_for(proposer: Proposer) -> None:
    proposed = proposer.propose(
        "A quiet start", ["Nobody knows the cost of it, or the length of this."]
    )

    assert proposed.questions == proposer.propose("A quiet start", []).questions
