"""A message is embedded once in a process, and the gate adds next to nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.errors import EncoderError
from assistant.retrieval.encoder import Encoder
from assistant.settings import Settings
from extensions import emergencies
from extensions.embedding import SharedEncoder
from extensions.nlu.sentence_featurizer import SentenceFeaturizer


class CountingEncoder:
    """Stands for the encoder: notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.full((len(texts), 384), len(self.asked), np.float32)


def test_a_text_is_embedded_once_for_all_who_ask() -> None:
    from rasa.shared.nlu.training_data.message import Message

    counting = CountingEncoder()
    shared = SharedEncoder(counting)  # type: ignore[arg-type]
    seen = shared.embed("hello")
    (message,) = SentenceFeaturizer(shared, "features").process([Message({"text": "hello"})])
    _, sentence = message.get_dense_features("text")
    assert counting.asked == ["hello"]
    assert sentence is not None
    assert np.array_equal(sentence.features[0], seen)


def test_no_text_is_kept_and_few_vectors() -> None:
    counting = CountingEncoder()
    shared = SharedEncoder(counting)  # type: ignore[arg-type]
    for number in range(200):
        shared.embed(f"text {number}")
    assert len(shared._vectors) == 64
    assert all(isinstance(key, bytes) and len(key) == 16 for key in shared._vectors)
    assert shared.encode([]).shape == (0, 384)
    shared.embed("text 0")
    assert counting.asked.count("text 0") == 2


def test_what_is_learnt_from_is_embedded_at_once_and_leaves_nothing() -> None:
    counting = CountingEncoder()
    shared = SharedEncoder(counting)  # type: ignore[arg-type]
    texts = [f"text {number}" for number in range(200)]
    assert shared.encode(texts).shape == (200, 384)
    assert counting.asked == texts
    assert len(shared._vectors) == 0


def test_nobody_changes_what_another_is_given() -> None:
    shared = SharedEncoder(CountingEncoder())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="read-only"):
        shared.embed("hello")[0] = 5
    shared.encode(["hello"])[0, 0] = 5
    assert shared.embed("hello")[0] == 1


def test_it_says_what_the_encoder_says(deployment: Settings) -> None:
    encoder = Encoder.load(deployment.models_dir)
    shared = SharedEncoder.load(deployment.models_dir)
    assert SharedEncoder.load(deployment.models_dir) is shared
    texts = ["What is CBT?", "¿Qué es la terapia?"]
    assert np.array_equal(shared.encode(texts), encoder.encode(texts))


def test_without_an_encoder_there_is_a_watch_all_the_same(
    deployment: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> SharedEncoder:
        raise EncoderError("The weights are not what they were.")

    emergencies._watch.cache_clear()
    monkeypatch.setattr(SharedEncoder, "load", fail)
    try:
        assert emergencies.watch(deployment.models_dir) is not None
    finally:
        emergencies._watch.cache_clear()
    assert "without an encoder" in caplog.text
