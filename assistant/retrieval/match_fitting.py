"""Learns which sentences answer which questions (`make fit`).

`data/section_answers.jsonl` says of the questions that a section carries which of its
sentences readers would quote, the best first. What is learnt from them holds best for
the sentences that it has seen, and does no harm to others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.corpus.model import Section, digest, section_key
from assistant.errors import CorpusError
from assistant.retrieval.encoder import DIMENSIONS
from assistant.retrieval.index import SearchIndex
from assistant.retrieval.matching import Matching
from assistant.settings import ROOT

SECTION_ANSWERS = ROOT / "data" / "section_answers.jsonl"

RANK = 32
# Holds the matrices down. Half of it, and what is learnt no longer helps with articles that
# were held back; twice, and it helps less with their neighbours.
_PENALTY = 2e-4
_ITERATIONS = 100
# How much a reader's first, second and third choice count.
_SHARES = (1.0, 0.6, 0.4)
_SEED = 0
# Every so manieth question judges what the others teach.
_HELD_OUT = 5
# What the likeness of two embeddings counts beside what is learnt.
_LIKENESS = 6.0

_DIGITS = 8

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question of a section, and what of it a reader would quote.

    Attributes:
        section: the section's number in the index.
        question: the question's row in the index.
        best: numbers of the section's sentences, best first; one to three.
    """

    section: int
    question: int
    best: tuple[int, ...]


def read_section_answers(
    index: SearchIndex, path: Path = SECTION_ANSWERS
) -> list[AnsweredQuestion]:
    """What readers chose, as far as the articles still hold it.

    A question or a sentence that has been reworded since teaches nothing.

    Raises:
        CorpusError: the file cannot be used.
    """
    try:
        stored = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        answers = {each["section"]: each for each in stored}
        return [
            answered
            for row, (article, section) in enumerate(index.places)
            if (known := answers.get(section_key(article, section)))
            for answered in _of_section(index, row, section, known)
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise CorpusError("Is not JSON lines of sections with answers.", str(path)) from None


def sentence_mark(text: str) -> str:
    """What a sentence is known by in the file."""
    return digest(text)[:_DIGITS]


def _of_section(
    index: SearchIndex, row: int, section: Section, known: dict[str, Any]
) -> list[AnsweredQuestion]:
    now = {sentence_mark(sentence.text): at for at, sentence in enumerate(section.sentences)}
    first = index.question_runs.of(row).start
    found = []
    for at, question in enumerate(section.questions):
        marks = [known["sentences"][number] for number in known["answers"].get(question, ())]
        best = tuple(now[mark] for mark in marks if mark in now)
        if best:
            found.append(AnsweredQuestion(row, first + at, best))
    return found


def fit_matching(index: SearchIndex, answered: Sequence[AnsweredQuestion]) -> Matching:
    """The matrices under which readers' choices are likeliest; the same for the same input.

    Args:
        index: of the corpus whose sections answer.
        answered: from `read_section_answers`.

    Raises:
        CorpusError: there is nothing to learn from.
    """
    if not answered:
        raise CorpusError("No question of the articles has an answer.", str(SECTION_ANSWERS))
    from scipy.optimize import minimize

    lessons = _Lessons(index, answered)
    # Not at zero, where the slope is zero, too.
    begin = np.random.default_rng(_SEED).normal(0, 0.05, 2 * DIMENSIONS * RANK)
    options = {"maxiter": _ITERATIONS}
    fitted = minimize(lessons.loss, begin, jac=True, method="L-BFGS-B", options=options).x
    questions, sentences = _matrices(fitted)
    return Matching(questions.astype(np.float32), sentences.astype(np.float32))


def _matrices(numbers: Rows) -> Rows:
    """The one for questions and the one for sentences: (2, 384, rank)."""
    return numbers.reshape(2, DIMENSIONS, RANK)


def right_first(index: SearchIndex, answered: Sequence[AnsweredQuestion]) -> tuple[float, float]:
    """How often the best sentence is one that readers chose, for every fifth question.

    Returns:
        By likeness alone, and with matrices that are fitted on the other questions; 0 to 1.
    """
    held = answered[::_HELD_OUT]
    others = [each for at, each in enumerate(answered) if at % _HELD_OUT]
    matching = fit_matching(index, others)
    plain, learnt = [], []
    for each in held:
        question = index.vectors.questions[each.question]
        sentences = index.vectors.bare_sentences[index.sentence_runs.of(each.section)]
        likeness = sentences @ question
        plain.append(int(np.argmax(likeness)) in each.best)
        scores = _LIKENESS * likeness + matching.scores(question, sentences)
        learnt.append(int(np.argmax(scores)) in each.best)
    return float(np.mean(plain)), float(np.mean(learnt))


class _Lessons:
    """The loss: cross entropy of the sentences within each question's section."""

    def __init__(self, index: SearchIndex, answered: Sequence[AnsweredQuestion]) -> None:
        runs = [index.sentence_runs.of(each.section) for each in answered]
        most = max(run.stop - run.start for run in runs)
        self._questions = index.vectors.questions[[each.question for each in answered]]
        self._sentences = index.vectors.bare_sentences
        self._rows = np.zeros((len(answered), most), np.int64)
        self._there = np.zeros(self._rows.shape, bool)
        self._wanted = np.zeros(self._rows.shape)
        for at, (run, each) in enumerate(zip(runs, answered, strict=True)):
            count = run.stop - run.start
            self._rows[at, :count] = np.arange(run.start, run.stop)
            self._there[at, :count] = True
            self._wanted[at, list(each.best)] = _SHARES[: len(each.best)]
        self._wanted /= self._wanted.sum(axis=1, keepdims=True)
        likeness = np.einsum("nd,nmd->nm", self._questions, self._sentences[self._rows])
        self._likeness = np.where(self._there, _LIKENESS * likeness, -np.inf)

    def loss(self, numbers: Rows) -> tuple[float, Rows]:
        """The loss and its slope, for the numbers that `_matrices` takes apart."""
        from scipy.sparse import csr_matrix

        for_questions, for_sentences = _matrices(numbers)
        questions = self._questions @ for_questions
        sentences = self._sentences @ for_sentences
        scores = self._likeness + np.einsum("nr,nmr->nm", questions, sentences[self._rows])
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        sums = chances.sum(axis=1, keepdims=True)
        chances /= sums
        logs = np.where(self._there, scores - np.log(sums), 0)
        count = len(self._rows)
        value = -(self._wanted * logs).sum() / count + _PENALTY * float(numbers @ numbers)
        slopes = (chances - self._wanted) / count
        # Which question pulls at which sentence: (questions, sentences of the corpus).
        places = np.nonzero(self._there)[0], self._rows[self._there]
        pull = csr_matrix((slopes[self._there], places), (count, len(self._sentences)))
        slope = [
            self._questions.T @ (pull @ sentences) + 2 * _PENALTY * for_questions,
            self._sentences.T @ (pull.T @ questions) + 2 * _PENALTY * for_sentences,
        ]
        return value, np.concatenate([each.ravel() for each in slope])
