from __future__ import annotations

from typing import Any

import pytest

from tests.evaluation.measure import Outcome, share, table


def _answer(*texts: str, section: str = "cbt") -> dict[str, Any]:
    source = {"article": "care", "section": section}
    return {
        "kind": "answer",
        "blocks": [{"sentences": [{"text": t, "source": source} for t in texts]}],
        "choices": [],
    }


NO_ANSWER: dict[str, Any] = {"kind": "no_answer", "blocks": [], "choices": []}


def _outcome(
    question: dict[str, Any], *messages: dict[str, Any], intent: str = "", seconds: float = 0.1
) -> Outcome:
    return Outcome(question, messages, intent, seconds, ())


IN_SCOPE = {
    "kind": "in_scope",
    "expect": [["thought", "habit"], ["drug"]],
    "sections": ["care#cbt"],
}


def test_an_answer_that_meets_every_group_is_right() -> None:
    outcome = _outcome(IN_SCOPE, _answer("It changes HABITS.", "It is about drugs."))
    assert outcome.answered
    assert outcome.expected_met is True
    assert outcome.right_section is True
    assert outcome.wrongly_answered is False


def test_an_answer_that_misses_a_group_is_wrong() -> None:
    outcome = _outcome(IN_SCOPE, _answer("It changes habits.", section="dbt"))
    assert outcome.expected_met is False
    assert outcome.right_section is False
    assert outcome.wrongly_answered is True


def test_to_abstain_is_neither_right_nor_wrong() -> None:
    outcome = _outcome(IN_SCOPE, NO_ANSWER)
    assert not outcome.answered
    assert outcome.expected_met is False
    assert outcome.wrongly_answered is False
    assert outcome.right_section is False


def test_whatever_is_answered_out_of_scope_is_wrong() -> None:
    question = {"kind": "out_of_scope", "expect": [["."]]}
    assert _outcome(question, _answer("Anything.")).wrongly_answered
    assert not _outcome(question, NO_ANSWER).wrongly_answered
    assert _outcome(question, NO_ANSWER).expected_met is None
    assert _outcome(question, NO_ANSWER).right_section is None


def test_declined_advice_is_right_by_all_that_is_said() -> None:
    question = {"kind": "medical_advice", "expect": [["pharmacist"]]}
    declined = {**NO_ANSWER, "kind": "medical_advice", "text": "Please ask a pharmacist."}
    general = {**_answer("It is a medicine."), "text": "It is a medicine."}
    assert _outcome(question, declined, general).expected_met is True
    assert not _outcome(question, declined, general).wrongly_answered
    assert _outcome(question, general).expected_met is False
    assert _outcome(question, general).wrongly_answered


@pytest.mark.parametrize(
    ("kind", "intent", "right"),
    [
        ("in_scope", "ask_cost", True),
        ("in_scope", "ask_medical_advice", False),
        ("in_scope", "greet", False),
        ("out_of_scope", "nlu_fallback", True),
        ("near_miss", "ask_cost", False),
        ("smalltalk", "greet", True),
        ("smalltalk", "ask_identity", True),
        ("signup", "start_signup", True),
        ("medical_advice", "ask_medical_advice", True),
        ("medical_advice", "ask_risk", False),
    ],
)
def test_an_intent_fits_the_kind_of_message(kind: str, intent: str, right: bool) -> None:
    assert _outcome({"kind": kind}, NO_ANSWER, intent=intent).right_intent is right


def test_a_sign_up_may_be_begun_or_offered_beside_an_answer() -> None:
    offered = {**NO_ANSWER, "choices": [{"id": "x", "title": "Sign up"}]}
    assert _outcome({"kind": "signup"}, offered, intent="ask_how_to").offered_sign_up
    assert _outcome({"kind": "signup"}, NO_ANSWER, intent="start_signup").offered_sign_up
    assert not _outcome({"kind": "signup"}, NO_ANSWER, intent="ask_how_to").offered_sign_up


@pytest.mark.parametrize(
    ("values", "shown"),
    [([True, False, True, True], "75.0"), ([True, None], "100.0"), ([None], "-"), ([], "-")],
)
def test_a_share_is_of_what_is_known(values: list[bool | None], shown: str) -> None:
    assert share(values) == shown


def test_the_table_has_a_line_for_each_group() -> None:
    seed = {**IN_SCOPE, "in_seed": True}
    outcomes = [
        _outcome(seed, _answer("habits", "drugs"), intent="ask_cost", seconds=0.010),
        _outcome(seed, NO_ANSWER, intent="greet", seconds=0.030),
        _outcome({"kind": "out_of_scope"}, NO_ANSWER, intent="out_of_scope", seconds=0.005),
    ]
    _, first, second = table(outcomes, lambda outcome: outcome.kind).splitlines()
    assert first.split() == [
        *("in_scope,", "in_seed", "2"),
        *("50.0", "50.0", "50.0", "0.0", "50.0", "0.0", "20.0"),
    ]
    assert second.split() == ["out_of_scope", "1", "-", "-", "100.0", "0.0", "100.0", "0.0", "5.0"]
