"""How much a message says itself: whether it asks, and whether it names what it is about."""

from __future__ import annotations

import re
from typing import Literal

from assistant.answers.asking import asks_something
from assistant.retrieval.query import Query

# All: it names what the articles are on. Some: "a protective order". Little: "how do I give it?".
Told = Literal["all", "some", "little"]

# So many content words say what is asked where no topic is named.
_WORDS_OF_A_SUBJECT = 2
_OF_SOMEBODY = re.compile(
    r"\b(?:i|me|my|he|him|his|she|her|they|them|their|we|us|our|hers|mine|it'?s)\b", re.IGNORECASE
)


def told(query: Query) -> Told:
    """How much a message says itself of what it is about."""
    if query.topics:
        return "all"
    return "some" if len(query.lemmas) >= _WORDS_OF_A_SUBJECT else "little"


def tells_of_somebody(text: str) -> bool:
    """Whether a message tells something of somebody and asks nothing: "he was 22"."""
    return not asks_something(text) and _OF_SOMEBODY.search(text) is not None
