"""Turns the published encoder towards the field, with the articles' own questions.

The published model has never met most of the field's words, and takes any two
questions on drugs for much alike. A low-rank adapter (Hu et al., "LoRA", 2021,
https://arxiv.org/abs/2106.09685) is learnt so that questions of one section come
near each other and its sentences, and away from those of other sections
(van den Oord et al., "Representation Learning with Contrastive Predictive Coding",
2018, https://arxiv.org/abs/1807.03748): at first sections at random, then, as in Robinson
et al., "Contrastive Learning with Hard Negative Samples", 2021,
https://arxiv.org/abs/2010.04592, those that are taken for each other. What has nothing to
do with sections, such as small talk and other subjects, is held where it was, or
abstaining would suffer.

Runs on the TensorFlow that Rasa brings; nothing of it is needed to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from assistant.retrieval.encoder_build import HEADS, LAYERS, NORM_EPSILON, Tensors
from assistant.retrieval.lessons import Lessons

RANK = 16
_AT_ONCE = 48  # of the texts that are held, to see where they are
_KEPT = 16  # texts in one step that are held where they were
_WARM_UP = 30
_SCALE = 20.0  # of the cosine, as the published model was trained
_SENTENCES_WEIGH = 0.5
_KEPT_WEIGH = 20.0
_SEED = 7
_WIDTH = 384
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


Floats = npt.NDArray[np.float32]
Batch = tuple[npt.NDArray[np.int32], Floats]


class Phase(NamedTuple):
    """A part of the learning.

    Attributes:
        rate: at its height.
        close: sections come with their neighbours, not at random.
    """

    steps: int
    rate: float
    close: bool


PHASES = (
    Phase(400, 3e-4, close=False),
    Phase(640, 2e-4, close=True),
    Phase(480, 3e-4, close=True),
)


def learn_adapter(
    tensors: Tensors,
    tokenizer: Tokenizer,
    lessons: Lessons,
    phases: Sequence[Phase] = PHASES,
    report: Callable[[int, float], None] = lambda step, loss: None,
) -> Tensors:
    """Learns an adapter; an hour on two cores.

    Args:
        tensors: the published weights.
        tokenizer: theirs, without padding.
        lessons: what to learn from.
        phases: one after the other.
        report: is told each step's number and loss.

    Returns:
        For each matrix `<name>.down` (inputs, rank) and `<name>.up` (rank,
        outputs), float16: what `encoder_build.adapted` adds to the weights.
    """
    import tensorflow as tf

    choose = np.random.default_rng(_SEED)
    model = _Model(tf, tensors, choose)
    held = np.concatenate(
        [
            np.asarray(model.embed(*_batch(tokenizer, lessons.kept[at : at + _AT_ONCE])))
            for at in range(0, len(lessons.kept), _AT_ONCE)
        ]
    )
    done = 0
    for phase in phases:
        optimizer = tf.keras.optimizers.Adam(phase.rate)
        learn = _learning_step(tf, model, optimizer)
        for step in range(phase.steps):
            optimizer.learning_rate = (
                phase.rate * min(1.0, (step + 1) / _WARM_UP) * (1 - step / phase.steps)
            )
            texts, same = lessons.draw(choose, phase.close)
            kept = choose.choice(len(lessons.kept), _KEPT)
            texts.append([lessons.kept[each] for each in kept])
            inputs = [tensor for each in texts for tensor in _batch(tokenizer, each)]
            done += 1
            report(done, float(learn(*inputs, held[kept], same)))
    return model.adapter()


def _batch(tokenizer: Tokenizer, texts: Sequence[str]) -> Batch:
    """Token ids and mask, (texts, longest)."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    ids = np.zeros((len(rows), max(map(len, rows))), np.int32)
    mask = np.zeros(ids.shape, np.float32)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask


def _learning_step(tf: Any, model: _Model, optimizer: Any) -> Callable[..., Any]:
    ids = tf.TensorSpec((None, None), tf.int32)
    mask = tf.TensorSpec((None, None), tf.float32)
    vectors = tf.TensorSpec((None, _WIDTH), tf.float32)
    pairs = tf.TensorSpec((None, None), tf.float32)

    def apart(left: Any, right: Any, same: Any) -> Any:
        """How badly each row of one side finds its own among the rows of the other."""
        likeness = tf.matmul(left, right, transpose_b=True) * _SCALE - 1e9 * same
        own = tf.range(tf.shape(left)[0])
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(own, likeness)
            + tf.nn.sparse_softmax_cross_entropy_with_logits(own, tf.transpose(likeness))
        )

    # One graph for the four kinds of texts: to draw it up takes longer than a hundred steps.
    embed = tf.function(model.embed, input_signature=[ids, mask], autograph=False)

    @tf.function(  # type: ignore[untyped-decorator, unused-ignore]
        input_signature=[ids, mask] * 4 + [vectors, pairs], reduce_retracing=True, autograph=False
    )
    def step(*inputs: Any) -> Any:
        *texts, held, same = inputs
        with tf.GradientTape() as tape:
            first, second, sentences, kept = (
                embed(*texts[at : at + 2]) for at in range(0, len(texts), 2)
            )
            loss = apart(first, second, same) + _SENTENCES_WEIGH * apart(first, sentences, same)
            moved = tf.reduce_mean(1 - tf.reduce_sum(kept * held, -1))
            whole = loss + _KEPT_WEIGH * moved
        gradients, _ = tf.clip_by_global_norm(tape.gradient(whole, model.variables), 1.0)
        optimizer.apply_gradients(zip(gradients, model.variables, strict=True))
        return loss

    return step  # type: ignore[no-any-return]


class _Model:
    """The encoder in TensorFlow, its matrices with a low-rank product beside each."""

    def __init__(self, tf: Any, tensors: Tensors, choose: np.random.Generator) -> None:
        self._tf = tf
        self._weights = {
            name: tf.constant(value) for name, value in tensors.items() if value.dtype == np.float32
        }
        self._products = {}
        for layer in range(LAYERS):
            for matrix in _MATRICES:
                name = f"encoder.layer.{layer}.{matrix}"
                outputs, inputs = tensors[f"{name}.weight"].shape
                down = choose.normal(0, inputs**-0.5, (inputs, RANK)).astype(np.float32)
                # One side begins at zero: at first the encoder is the published one.
                up = np.zeros((RANK, outputs), np.float32)
                self._products[name] = (tf.Variable(down), tf.Variable(up))
        self.variables = [each for pair in self._products.values() for each in pair]

    def adapter(self) -> Tensors:
        return {
            f"{name}.{part}": variable.numpy().astype(np.float16)
            for name, pair in self._products.items()
            for part, variable in zip(("down", "up"), pair, strict=True)
        }

    def embed(self, ids: Any, mask: Any) -> Any:
        """Unit vectors, (texts, 384)."""
        tf, weights = self._tf, self._weights
        hidden = (
            tf.gather(weights["embeddings.word_embeddings.weight"], ids)
            + weights["embeddings.position_embeddings.weight"][: tf.shape(ids)[1]]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}")
        lengths = tf.reduce_sum(mask, 1)[:, None]
        return tf.math.l2_normalize(tf.reduce_sum(hidden * mask[:, :, None], 1) / lengths, -1)

    def _layer(self, hidden: Any, mask: Any, name: str) -> Any:
        tf = self._tf
        texts, tokens = tf.shape(hidden)[0], tf.shape(hidden)[1]
        size = _WIDTH // HEADS

        def heads(part: str) -> Any:
            rows = self._linear(hidden, f"{name}.attention.self.{part}")
            return tf.transpose(tf.reshape(rows, (texts, tokens, HEADS, size)), (0, 2, 1, 3))

        likeness = tf.matmul(heads("query"), heads("key"), transpose_b=True) / size**0.5
        # What pads a short text is not looked at.
        attention = tf.nn.softmax(likeness - 1e9 * (1 - mask[:, None, None, :]))
        seen = tf.transpose(tf.matmul(attention, heads("value")), (0, 2, 1, 3))
        seen = tf.reshape(seen, (texts, tokens, _WIDTH))
        mixed = self._linear(seen, f"{name}.attention.output.dense")
        normed = self._norm(mixed + hidden, f"{name}.attention.output.LayerNorm")
        wide = tf.nn.gelu(self._linear(normed, f"{name}.intermediate.dense"))
        narrow = self._linear(wide, f"{name}.output.dense")
        return self._norm(narrow + normed, f"{name}.output.LayerNorm")

    def _linear(self, rows: Any, name: str) -> Any:
        tf = self._tf
        down, up = self._products[name]
        plain = tf.matmul(rows, self._weights[f"{name}.weight"], transpose_b=True)
        return plain + self._weights[f"{name}.bias"] + tf.matmul(tf.matmul(rows, down), up)

    def _norm(self, rows: Any, name: str) -> Any:
        tf = self._tf
        mean, variance = tf.nn.moments(rows, [-1], keepdims=True)
        unit = (rows - mean) * tf.math.rsqrt(variance + NORM_EPSILON)
        return unit * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
