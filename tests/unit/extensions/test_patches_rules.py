"""Which rules apply is what Rasa finds, found once."""

from __future__ import annotations

import json
import random

import pytest
from rasa.core.policies.rule_policy import RulePolicy

from extensions.patches import apply_patches, rules

RULES = {
    json.dumps(rule): action
    for action, rule in {
        "first": [
            {},
            {"user": {"intent": "greet"}, "prev_action": {"action_name": "action_listen"}},
        ],
        "second": [{"prev_action": {"action_name": "utter_hello"}}],
        "third": [
            {"user": {"intent": "ask"}, "prev_action": {"action_name": "action_listen"}},
            {"user": {"intent": "ask"}, "prev_action": {"action_name": "utter_hello"}},
        ],
    }.items()
}


@pytest.mark.parametrize("length", range(6))
@pytest.mark.parametrize("seed", range(5))
def test_the_same_rules_apply_as_rasa_finds(length: int, seed: int) -> None:
    assert apply_patches()
    policy = object.__new__(RulePolicy)
    choose = random.Random(seed)
    states = [
        {
            **({"user": {"intent": choose.choice(["greet", "ask"])}} if turn else {}),
            **(
                {"prev_action": {"action_name": choose.choice(["action_listen", "utter_hello"])}}
                if turn
                else {}
            ),
        }
        for turn in range(length)
    ]
    found = rules._possible_keys(policy, RULES, states)
    assert found == rules._get_possible_keys(policy, RULES, states)
    # The second time it is remembered, and nobody's copy is another's.
    found.clear()
    again = rules._possible_keys(policy, RULES, states)
    assert again == rules._get_possible_keys(policy, RULES, states)
