"""Fits the ranker on questions that the project's authors wrote (`make fit`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.corpus.model import section_key
from assistant.errors import CorpusError
from assistant.folds import UNSEEN, fold_of
from assistant.retrieval.calibration import ONE_DRAFT, WHOLE_FIELD, Mix, choose_limits
from assistant.retrieval.cases import FOLDS, Case, folds, weigh
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.examples import (
    OUT_OF_SCOPE,
    RANKING_QUESTIONS,
    LabelledQuestion,
    questions_of_the_field,
)
from assistant.retrieval.index import Flags, Floats
from assistant.retrieval.logit import fit_conditional_logit
from assistant.retrieval.ranking import (
    Judgement,
    Ranker,
    Weights,
    decision_features,
    probability_of,
)
from assistant.retrieval.sentences import SENTENCE_FEATURES

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """How questions fared under weights that were fitted without them; one row a question.

    Attributes:
        probability: that the articles answer it.
        answerable: whether they do.
        other_subject: it is not of the field.
        unseen: the encoder's adapter has not learnt from it either.
        first, first_three: whether a right section came first, or among the first three.
    """

    probability: Rows
    answerable: Flags
    other_subject: Flags
    unseen: Flags
    first: Flags
    first_three: Flags

    def new(self) -> tuple[Rows, Flags, Flags]:
        """Probability, answerable and other subject, of those that nothing has seen."""
        flags = self.probability, self.answerable, self.other_subject
        return tuple(each[self.unseen] for each in flags)


def fit_ranker(
    parts: SearchParts, questions: Sequence[LabelledQuestion], drafts: Sequence[Case]
) -> tuple[Ranker, HeldOut, HeldOut]:
    """Fits the order of sections, the decision to answer, and its thresholds.

    The weights of sentences are left at zero: `sentence_fitting` fits them next.

    Args:
        parts: the corpus that the questions' sections are of.
        questions: from `read_labelled_questions`.
        drafts: the same questions asked of drafts, from `weigh_alone`.

    Returns:
        The ranker, and how the questions fared in cross-validation: asked of the corpus,
        and of drafts.

    Raises:
        CorpusError: no question names a section of this corpus, or every one does; or
            no threshold keeps what is promised.
    """
    keys = {section_key(article, section) for article, section in parts.index.places}
    if len({question.sections.isdisjoint(keys) for question in questions}) < 2:
        raise _one_sided()
    cases = weigh(parts, questions)
    field = FieldExamples.read(parts, cases)
    foreign = field.log_odds(cases)
    by_text = {case.question.text: odds for case, odds in zip(cases, foreign, strict=True)}
    edited, held_out = _fit_judgement(cases, foreign, WHOLE_FIELD)
    drafted, of_drafts = _fit_judgement(
        drafts, np.array([by_text[case.question.text] for case in drafts]), ONE_DRAFT
    )
    sentences = Weights((0.0,) * len(SENTENCE_FEATURES), 0.0)
    return Ranker(edited, drafted, field.fit(), sentences), held_out, of_drafts


def _fit_judgement(cases: Sequence[Case], foreign: Rows, mix: Mix) -> tuple[Judgement, HeldOut]:
    held_out = judge_held_out(cases, foreign)
    limits = choose_limits(*held_out.new(), mix)
    order = fit_order(cases)
    decision = _fit_decision(order, cases, foreign)
    return Judgement(order, decision, limits.answer, limits.certain), held_out


def judge_held_out(cases: Sequence[Case], foreign: Rows) -> HeldOut:
    """Judges each question by weights that are fitted on the other folds.

    Args:
        cases: from `weigh`.
        foreign: what `FieldExamples.log_odds` gives for them, (cases,).
    """
    fold = folds([case.question for case in cases])
    probability = np.zeros(len(cases))
    first, first_three = np.zeros((2, len(cases)), bool)
    for held in (fold == number for number in range(FOLDS)):
        taught = [case for case, out in zip(cases, held, strict=True) if not out]
        order = fit_order(taught)
        decision = _fit_decision(order, taught, foreign[~held])
        for at in np.flatnonzero(held):
            row = _decision_row(order, cases[at], foreign[at])
            probability[at] = probability_of(decision.logits(row))
            first[at], first_three[at] = right_among(order, cases[at], 1, 3)
    return HeldOut(
        probability,
        np.array([case.answerable for case in cases]),
        np.array([case.question.other_subject for case in cases]),
        np.array([_is_unseen(case.question) for case in cases]),
        first,
        first_three,
    )


def _is_unseen(question: LabelledQuestion) -> bool:
    """Labelled questions never teach the adapter; of other subjects, a part does not."""
    return not question.other_subject or fold_of(question.text) == UNSEEN


def right_among(order: Weights, case: Case, *depths: int) -> list[bool]:
    """Whether a right section is among the first ones, for each depth."""
    best = np.argsort(-order.logits(case.evidence.features), kind="stable")
    return [bool(case.right[best[:depth]].any()) for depth in depths]


@dataclass(frozen=True)
class FieldExamples:
    """What teaches to tell this field from other subjects.

    Attributes:
        own: embeddings of the NLU's questions, (questions, 384).
        other: embeddings of the labelled questions of other subjects, (others, 384).
        fold: of each of these.
    """

    own: Floats
    other: Floats
    fold: npt.NDArray[np.int64]

    @classmethod
    def read(cls, parts: SearchParts, cases: Sequence[Case]) -> FieldExamples:
        """Reads and embeds them; what is among the labelled questions does not teach here.

        Raises:
            CorpusError: there are too few questions of other subjects.
        """
        labelled = {case.question.text for case in cases}
        texts = [text for text in questions_of_the_field() if text not in labelled]
        other = np.array([case.question.other_subject for case in cases], bool)
        fold = folds([case.question for case in cases])[other]
        if len(set(fold)) < FOLDS:
            raise CorpusError("More examples of other subjects are needed.", str(OUT_OF_SCOPE))
        return cls(
            own=parts.encoder.encode([parts.reader.read(text).expanded for text in texts]),
            other=np.array([case.vector for case in cases])[other],
            fold=fold,
        )

    def fit(self, without: int | None = None) -> Weights:
        """Log-odds of being of another subject, by an embedding; without one of the folds."""
        other = self.other if without is None else self.other[self.fold != without]
        rows = np.concatenate([self.own, other])
        # Embeddings have length 1 and similar spread: nothing is to be scaled.
        return fit_regression(rows, np.arange(len(rows)) >= len(self.own), scaled=False)

    def log_odds(self, cases: Sequence[Case]) -> Rows:
        """For each case, by weights that have not seen it: (cases,)."""
        vectors = np.array([case.vector for case in cases])
        values = self.fit().logits(vectors)
        other = np.flatnonzero([case.question.other_subject for case in cases])
        for number in range(FOLDS):
            held = other[self.fold == number]
            values[held] = self.fit(without=number).logits(vectors[held])
        return values


def fit_order(cases: Sequence[Case]) -> Weights:
    """Sections compete within each question, as they do when they are ranked."""
    # A question whose right sections are no candidates has nothing to teach here.
    choices = [(case.evidence.features, case.right) for case in cases if case.right.any()]
    if not choices:
        raise _one_sided()
    return Weights(tuple(map(float, fit_conditional_logit(choices))), 0.0)


def _fit_decision(order: Weights, cases: Sequence[Case], foreign: Rows) -> Weights:
    """Learns which questions the articles answer at all.

    Not whether the first section is one of those labelled: labels name the best
    sections, and a neighbour that comes first is seldom wrong. Every question counts
    the same: to weigh both kinds alike would shift the probability.
    """
    rows = [_decision_row(order, case, odds) for case, odds in zip(cases, foreign, strict=True)]
    answerable = np.array([case.answerable for case in cases])
    if answerable.all() or not answerable.any():
        raise _one_sided()
    return fit_regression(np.array(rows), answerable, scaled=True)


def _decision_row(order: Weights, case: Case, foreign: float) -> Rows:
    features = case.evidence.features
    return decision_features(order.logits(features), features, case.known_words, foreign)


def _one_sided() -> CorpusError:
    return CorpusError("Questions with and without an answer are needed.", str(RANKING_QUESTIONS))


def fit_regression(rows: Rows | Floats, right: Flags, *, scaled: bool) -> Weights:
    """A logistic regression.

    Args:
        rows: (rows, features).
        right: what is learnt, (rows,).
        scaled: whether the features have scales of their own.
    """
    # Imported here: scikit-learn takes a second to load and is needed only here.
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler(with_mean=scaled, with_std=scaled).fit(rows)
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(rows), right)
    # Folded back into the raw features, so that nothing has to be scaled later.
    weights, intercept = fitted.coef_[0], float(fitted.intercept_[0])
    if scaled:
        weights = weights / scaler.scale_
        intercept -= float(weights @ scaler.mean_)
    return Weights(tuple(map(float, weights)), intercept)
