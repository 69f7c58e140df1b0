from __future__ import annotations

import pytest
from spacy.language import Language

from assistant.authoring.proposing import Proposer

# As somebody would paste it from a web page, in our own words.
PASTED = """\
Why Sleep Matters in Early Recovery

Find out how rest supports healing - learn more now!

March 3, 2024
May 9, 2024

Sleep and Recovery

Sleep is often poor in the first weeks without a drug [1]. It gets better with time [1, 2].
Dr. Lee's clinic saw it in most people, e.g. after alcohol.

A second paragraph of the same section stands here.

Benefits of a Fixed Bedtime

A fixed bedtime trains the body's clock [2]! Nobody is sure why; 7-9 hours help [3].

We use cookies to improve your visit.

References

[1]: https://www.nih.gov/sleep

[2]: National Sleep Office. Rest and recovery. 2021. https://www.example.gov/rest

[4]: A book without an address

Related articles

Ten Facts About Dreams

June 1, 2024
Read what dreams are made of.

Get started today

By clicking Sign Up you agree with our Terms and Conditions.
Thank you! Your submission has been received!
Oops! Something went wrong. Please try again.
"""


def blocks() -> list[str]:
    """The pasted text's blocks, each date one of its own."""
    dated = PASTED.replace("2024\nMay", "2024\n\nMay")
    return [" ".join(block.split()) for block in dated.split("\n\n")]


# What the body says, without its citation marks.
SENTENCES = [
    "Sleep is often poor in the first weeks without a drug.",
    "It gets better with time.",
    "Dr. Lee's clinic saw it in most people, e.g. after alcohol.",
    "A second paragraph of the same section stands here.",
    "A fixed bedtime trains the body's clock!",
]


@pytest.fixture
def proposer(language: Language) -> Proposer:
    return Proposer(language)
