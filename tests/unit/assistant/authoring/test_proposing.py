from __future__ import annotations

import pytest

from assistant.authoring.proposing import Proposer


@pytest.mark.parametrize(
    ("sentence", "aspect", "question"),
    [
        ("The duration of CBT may vary.", "duration", "How long does CBT take?"),
        ("Most people stay in detox for 90 days.", "duration", "How long does detox take?"),
        (
            "Insurance often pays for CBT.",
            "cost",
            "How much does CBT cost, and who pays for it?",
        ),
        ("Methadone has side effects.", "risk", "What are the risks of methadone?"),
    ],
)
def test_what_a_sentence_tells_is_asked_for(
    proposer: Proposer, sentence: str, aspect: str, question: str
) -> None:
    proposal = proposer.propose("Keeping on", ["Care goes on.", sentence])
    assert aspect in proposal.aspects
    assert question in proposal.questions


def test_what_the_heading_asks_already_is_not_asked_again(proposer: Proposer) -> None:
    proposal = proposer.propose("How long detox lasts", ["Detox takes 7 days."])
    assert not [each for each in proposal.questions if "take?" in each]
