from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from assistant.settings import ROOT

# In a process of its own: Rasa's tests put a stand-in in TensorFlow's place.
LEARNING = """
import json, sys
import numpy as np
from safetensors.numpy import load_file
from assistant.retrieval.adapting import Phase, learn_adapter
from assistant.retrieval.encoder import published_tokenizer, published_weights
from assistant.retrieval.encoder_build import adapted
from assistant.retrieval.kinds import Kinds
from assistant.retrieval.lessons import Lessons

lessons = Lessons(
    questions=[["What is CBT?", "cbt meaning"], ["How long is rehab?", "rehab days"]],
    sentences=[["CBT: CBT is a talk therapy."], ["Length: Rehab lasts 90 days."]],
    kept=["hello", "good morning", "bye"],
    answers=[[0, None], [0, 0]],
    near=[[1], [0]],
    vectors=[np.eye(384, dtype=np.float32)[:2], np.eye(384, dtype=np.float32)[2:4]],
    kinds=[
        Kinds(
            ["what is DBT", "how long is detox", "sign me up", "good evening"],
            ["define", "long", "sign-up", "greet"],
            frozenset({"define", "long"}),
        ),
        Kinds(["I want to die", "I love pizza"], ["emergency", "none"]),
    ],
)
steps = int(sys.argv[1])
phases = [
    Phase(steps, 3e-4, close=False, told=False), Phase(steps, 3e-4, close=True, told=True)
]
tensors = load_file(str(published_weights()))
losses = []
adapter = learn_adapter(
    tensors, published_tokenizer(), lessons, phases, lambda _, loss: losses.append(loss)
)
changed = adapted(tensors, adapter)
same = [np.array_equal(changed[name], tensors[name]) for name in tensors]
print(json.dumps({"losses": losses, "same": sum(same), "of": len(same), "parts": len(adapter)}))
"""


def _learnt(steps: int) -> dict[str, Any]:
    import json

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LEARNING, str(steps)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    learnt: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return learnt


@pytest.mark.slow
def test_before_it_learns_the_encoder_is_the_published_one() -> None:
    untaught = _learnt(0)
    assert untaught["same"] == untaught["of"]
    assert untaught["parts"] == 72


@pytest.mark.slow
def test_it_learns_what_belongs_together() -> None:
    taught = _learnt(6)
    assert min(taught["losses"][-3:]) < taught["losses"][0]
    # Of six layers the six matrices each, and nothing else.
    assert taught["of"] - taught["same"] == 36
