from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.retrieval.cases import Case
from assistant.retrieval.evidence import FEATURES, Evidence
from assistant.retrieval.examples import LabelledQuestion
from tests.evaluation.ablation import judge, with_only
from tests.evaluation.probabilities import own_questions


def _cases(number: int) -> Sequence[Case]:
    """Words tell the right one of three sections; likeness points to a wrong one."""
    cases = []
    for at in range(number):
        features = np.zeros((3, len(FEATURES)), np.float32)
        answerable = at % 2 == 0
        features[at % 3, FEATURES.index("words")] = 1 if answerable else 0.2
        features[(at + 1) % 3, FEATURES.index("question")] = 1
        right = np.zeros(3, bool)
        right[at % 3] = answerable
        keys = frozenset({f"a{at}#s"}) if answerable else frozenset()
        question = LabelledQuestion(f"q{at}", keys)
        evidence = Evidence(np.arange(3), features)
        cases.append(Case(question, np.zeros(384, np.float32), evidence, right, answerable, 1.0))
    return cases


def test_evidence_that_is_left_out_is_zero_and_the_rest_is_kept() -> None:
    (case,) = _cases(1)
    seen = with_only(("words",), case).evidence.features
    assert seen[0, FEATURES.index("words")] == 1
    assert not seen[:, FEATURES.index("question")].any()


def test_what_tells_the_right_section_is_missed_when_it_is_left_out() -> None:
    cases = _cases(60)
    foreign = np.zeros(len(cases))
    with_words = judge("words", ("words",), cases, foreign, cases)
    without = judge("likeness", ("question",), cases, foreign, cases)
    assert with_words.held_out[0] == with_words.own[0] == 1
    assert without.own[0] < 0.5
    assert with_words.held_out[1] == 1


def test_only_what_the_articles_are_asked_is_judged() -> None:
    lines = [
        {"text": "what is CBT", "kind": "in_scope", "sections": ["care#cbt"]},
        {"text": "hello", "kind": "smalltalk"},
        {"text": "flu symptoms", "kind": "near_miss"},
        {"text": "is kratom legal", "kind": "unanswered"},
    ]
    judged = own_questions(lines)
    assert [(q.text, q.other_subject, bool(q.sections)) for q in judged] == [
        ("what is CBT", False, True),
        ("flu symptoms", True, False),
        ("is kratom legal", False, False),
    ]
