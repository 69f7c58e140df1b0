"""Fits the choice of sentences on what readers chose (`make fit`).

`data/sentence_choices.jsonl` holds questions of the project's own and, for each,
the sentences that a reader would quote, out of all that the search brought near.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.corpus.model import section_key
from assistant.errors import CorpusError
from assistant.retrieval.examples import predicted_aspects
from assistant.retrieval.logit import fit_conditional_logit
from assistant.retrieval.ranking import Weights
from assistant.retrieval.search import Searcher
from assistant.retrieval.sentences import CANDIDATES
from assistant.settings import ROOT

SENTENCE_CHOICES = ROOT / "data" / "sentence_choices.jsonl"


@dataclass(frozen=True)
class SentenceChoice:
    """A question, and the best sentences for it: (section's key, text)."""

    text: str
    best: frozenset[tuple[str, str]]


def read_sentence_choices(path: Path = SENTENCE_CHOICES) -> list[SentenceChoice]:
    """What readers chose.

    Raises:
        CorpusError: the file cannot be used.
    """
    try:
        stored = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [
            SentenceChoice(
                each["text"], frozenset((b["section"], b["sentence"]) for b in each["best"])
            )
            for each in stored
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError("Is not JSON lines of text and best sentences.", str(path)) from None


def fit_sentences(searcher: Searcher, choices: Sequence[SentenceChoice]) -> Weights:
    """Fits the weights of `SENTENCE_FEATURES`.

    Sentences that the articles no longer have teach nothing.

    Args:
        searcher: with a ranker whose order is fitted already.
        choices: from `read_sentence_choices`.

    Raises:
        CorpusError: none of the chosen sentences is in the articles.
    """
    aspects = predicted_aspects([choice.text for choice in choices], searcher.parts.encoder)
    cases = []
    for choice, aspect in zip(choices, aspects, strict=True):
        result = searcher.search(searcher.read(choice.text, aspect))
        near = result.sections[:CANDIDATES]
        features = np.concatenate([searcher.sentence_features(result, found) for found in near])
        best = np.array(
            [
                (section_key(found.article, found.section), sentence.text) in choice.best
                for found in near
                for sentence in found.section.sentences
            ]
        )
        # Each of the best against all that are not: none competes with its equals.
        for chosen in np.flatnonzero(best):
            there = ~best
            there[chosen] = True
            cases.append((features[there], best[there]))
    if not cases:
        raise CorpusError("No chosen sentence is in the articles.", str(SENTENCE_CHOICES))
    return Weights(tuple(map(float, fit_conditional_logit(cases))), 0.0)
