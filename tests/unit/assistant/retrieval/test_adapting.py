from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load_file

from assistant.retrieval.adapting import Lessons, learn_adapter
from assistant.retrieval.encoder import published_tokenizer, published_weights
from assistant.retrieval.encoder_build import Tensors, adapted

LESSONS = Lessons(
    questions=[["What is CBT?", "cbt meaning"], ["How long is rehab?", "rehab days"]],
    sentences=[["CBT: CBT is a talk therapy."], ["Length: Rehab lasts 90 days."]],
    kept=["hello", "good morning", "bye"],
)


@pytest.fixture(scope="module")
def tensors() -> Tensors:
    return load_file(str(published_weights()))


def test_before_it_learns_the_encoder_is_the_published_one(tensors: Tensors) -> None:
    untaught = adapted(tensors, learn_adapter(tensors, published_tokenizer(), LESSONS, steps=0))
    assert untaught.keys() == tensors.keys()
    assert all(np.array_equal(untaught[name], tensors[name]) for name in tensors)


@pytest.mark.slow
def test_it_learns_what_belongs_together(tensors: Tensors) -> None:
    losses: list[float] = []
    adapter = learn_adapter(
        tensors,
        published_tokenizer(),
        LESSONS,
        steps=12,
        report=lambda step, loss: losses.append(loss),
    )
    assert min(losses[-3:]) < losses[0]
    changed = adapted(tensors, adapter)
    name = "encoder.layer.5.output.dense.weight"
    assert changed[name].shape == tensors[name].shape
    assert not np.array_equal(changed[name], tensors[name])
