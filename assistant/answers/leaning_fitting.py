"""Fits how messages lean on the answer before them (`make fit`)."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answers.compose import Composer
from assistant.answers.leaning import Candidates, Leaning, Readings, decision_features
from assistant.answers.memory import Memory
from assistant.errors import CorpusError
from assistant.retrieval.examples import LabelledQuestion, predicted_aspects
from assistant.retrieval.fitting import fit_regression
from assistant.retrieval.index import Flags
from assistant.retrieval.logit import fit_conditional_logit
from assistant.retrieval.ranking import Weights
from assistant.settings import ROOT

FOLLOW_UPS = ROOT / "data" / "follow_ups.jsonl"
# So many sections are quoted where it is not sure which is meant.
_QUOTED = 2
# Beside each conversation's own follow-ups: what people also write after an answer.
_OTHER_SUBJECTS, _UNANSWERED, _ANSWERED = 2, 1, 1


@dataclass(frozen=True)
class Turn:
    """A message and the keys of all sections that answer it; none for no answer."""

    text: str
    sections: frozenset[str]


@dataclass(frozen=True)
class Conversation:
    """A first question, and what was written next, each after an answer to the one before."""

    first: str
    then: tuple[Turn, ...]


@dataclass(frozen=True)
class _Case:
    readings: Readings
    memory: Memory
    candidates: Candidates
    right: Flags


def read_conversations(path: Path = FOLLOW_UPS) -> list[Conversation]:
    """The conversations of a file of JSON lines.

    Raises:
        CorpusError: the file cannot be used.
    """
    try:
        stored = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [
            Conversation(
                each["first"],
                tuple(Turn(turn["text"], frozenset(turn["sections"])) for turn in each["then"]),
            )
            for each in stored
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError("Is not JSON lines of conversations.", str(path)) from None


def fit_leaning(
    composer: Composer,
    conversations: Sequence[Conversation],
    questions: Sequence[LabelledQuestion],
) -> Leaning:
    """Fits the order of sections, and how likely the first ones are right.

    Args:
        composer: answers from the corpus that the conversations' sections are of.
        conversations: from `read_conversations`.
        questions: the ranker's; some are asked after each conversation's first answer, on
            another subject, without an answer, and with one.
    """
    others = _others(conversations, questions)
    texts = [each.first for each in conversations]
    texts += [
        turn.text
        for each, more in zip(conversations, others, strict=True)
        for turn in (*each.then, *more)
    ]
    aspects = dict(zip(texts, predicted_aspects(texts, composer.encoder), strict=True))
    cases: list[_Case] = []

    def ask(turn: Turn, memory: Memory) -> None:
        readings = composer.readings(turn.text, memory, aspects[turn.text])
        candidates = Candidates.of(readings, memory)
        right = np.array([found.key in turn.sections for found in candidates.sections])
        cases.append(_Case(readings, memory, candidates, right))

    for conversation, more in zip(conversations, others, strict=True):
        aspect = aspects[conversation.first]
        first = composer.answer(conversation.first, Memory(), aspect=aspect).memory
        if not first.latest:
            continue
        memory = first
        for turn in conversation.then:
            ask(turn, memory)
            if turn.sections:
                # The next one is written after the right answer to this one.
                memory = composer.section(min(turn.sections), memory).memory
        for turn in more:
            ask(turn, first)
    return _fitted(cases)


def _fitted(cases: Sequence[_Case]) -> Leaning:
    choices = [(case.candidates.features, case.right) for case in cases if case.right.any()]
    if not choices:
        raise CorpusError("No follow-up names a section of this corpus.", str(FOLLOW_UPS))
    order = Weights(tuple(map(float, fit_conditional_logit(choices))), 0.0)
    rows, hits = [], []
    for case in cases:
        ranked = np.argsort(-order.logits(case.candidates.features), kind="stable")
        best = case.candidates.sections[ranked[0]]
        rows.append(decision_features(case.readings, case.memory, best))
        hits.append(bool(case.right[ranked[:_QUOTED]].any()))
    return Leaning(order, fit_regression(np.array(rows), np.array(hits), scaled=True))


def _others(
    conversations: Sequence[Conversation], questions: Sequence[LabelledQuestion]
) -> list[list[Turn]]:
    """What else is asked after each conversation's first answer."""
    chance = random.Random(0)  # noqa: S311 - which questions are asked is no secret
    kinds = (
        (_OTHER_SUBJECTS, [each for each in questions if each.other_subject]),
        (_UNANSWERED, [each for each in questions if not (each.other_subject or each.sections)]),
        (_ANSWERED, [each for each in questions if each.sections]),
    )
    return [
        [
            Turn(each.text, each.sections)
            for number, kind in kinds
            for each in chance.sample(kind, number)
        ]
        for _ in conversations
    ]
