"""Turns the published encoder towards the field, with the articles' own questions.

The published model has never met most of the field's words, and takes any two
questions on drugs for much alike. A low-rank adapter (Hu et al., "LoRA", 2021,
https://arxiv.org/abs/2106.09685) is learnt so that questions of one section come
near each other and its sentences, and away from those of other sections
(van den Oord et al., "Representation Learning with Contrastive Predictive Coding",
2018, https://arxiv.org/abs/1807.03748): at first sections at random, then, as in Robinson
et al., "Contrastive Learning with Hard Negative Samples", 2021,
https://arxiv.org/abs/2010.04592, those that are taken for each other. Small talk and
other subjects are held where they were, or abstaining would suffer; and in the last phase
what kind of message a text is stays easy to tell (`kinds.py`), or an intent and an
emergency would fade beside the subject.

Runs on the TensorFlow that Rasa brings; nothing of it is needed to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from tokenizers import Tokenizer

from assistant.retrieval.adapted_encoder import WIDTH, AdaptedEncoder, Batch, batch
from assistant.retrieval.encoder_build import Tensors
from assistant.retrieval.kinds import Head, Kinds
from assistant.retrieval.lessons import Lessons

_KEPT = 16  # texts in one step that are held where they were
_TOLD = 32  # texts of each sort of kinds in one step
_WARM_UP = 30
_SCALE = 20.0  # of the cosine, as the published model was trained
_SENTENCES_WEIGH = 0.5
_KEPT_WEIGH = 15.0
_HEAD_RATE = 1e-2
_SEED = 7


class Phase(NamedTuple):
    """A part of the learning.

    Attributes:
        rate: at its height.
        close: sections come with their neighbours, not at random.
        told: the kinds of texts are kept apart, too.
    """

    steps: int
    rate: float
    close: bool
    told: bool


PHASES = (
    Phase(400, 3e-4, close=False, told=False),
    Phase(640, 2e-4, close=True, told=False),
    Phase(480, 3e-4, close=True, told=False),
    Phase(760, 3e-4, close=True, told=True),
)


def learn_adapter(
    tensors: Tensors,
    tokenizer: Tokenizer,
    lessons: Lessons,
    phases: Sequence[Phase] = PHASES,
    report: Callable[[int, float], None] = lambda step, loss: None,
) -> Tensors:
    """Learns an adapter; an hour and a half on two cores.

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
    encoder = AdaptedEncoder(tf, tensors, choose)
    held = encoder.see(tokenizer, lessons.kept)
    done = 0
    for phase in phases:
        kinds = lessons.kinds if phase.told and phase.steps else ()
        heads = [Head(tf, each, encoder.see(tokenizer, each.texts)) for each in kinds]
        learn = _LearningStep(tf, encoder, heads)
        for step in range(phase.steps):
            share = min(1.0, (step + 1) / _WARM_UP) * (1 - step / phase.steps)
            texts, same = lessons.draw(choose, phase.close)
            kept = choose.choice(len(lessons.kept), _KEPT)
            texts.append([lessons.kept[each] for each in kept])
            told = _drawn(kinds, choose, texts)
            batches = [batch(tokenizer, each) for each in texts]
            done += 1
            report(done, learn(phase.rate * share, batches, held[kept], same, told))
    return encoder.adapter()


def _drawn(
    kinds: Sequence[Kinds], choose: np.random.Generator, texts: list[list[str]]
) -> list[Any]:
    """Adds texts of each sort of kinds; returns the numbers of their labels."""
    numbers = []
    for each in kinds:
        drawn, labels = each.draw(choose, _TOLD)
        texts.append(drawn)
        numbers.append(labels)
    return numbers


class _LearningStep:
    """One step of a phase."""

    def __init__(self, tf: Any, encoder: AdaptedEncoder, heads: Sequence[Head]) -> None:
        self._tf, self._encoder, self._heads = tf, encoder, heads
        self._optimizer = tf.keras.optimizers.Adam()
        self._of_heads = tf.keras.optimizers.Adam()
        ids, mask = tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None), tf.float32)
        # One graph for all sorts of texts: to draw it up takes longer than a hundred steps.
        self._embed = tf.function(encoder.embed, input_signature=[ids, mask], autograph=False)
        vectors, pairs = tf.TensorSpec((None, WIDTH), tf.float32), mask
        signature = [ids, mask] * (4 + len(heads)) + [vectors, pairs]
        signature += [tf.TensorSpec((None,), tf.int32)] * len(heads)
        self._step = tf.function(
            self._learn, input_signature=signature, reduce_retracing=True, autograph=False
        )

    def __call__(
        self, rate: float, batches: Sequence[Batch], held: Any, same: Any, told: Sequence[Any]
    ) -> float:
        """Learns at a rate; returns the loss of the sections.

        Args:
            rate: of the encoder.
            batches: questions, others of the same sections, sentences, held texts, and those
                of each head.
            held: where the held texts were, (texts, 384).
            same: which sections may answer each other's questions, (sections, sections).
            told: for each head the numbers of its texts' labels.
        """
        self._optimizer.learning_rate = rate
        self._of_heads.learning_rate = min(_HEAD_RATE, 30 * rate)
        return float(self._step(*(part for each in batches for part in each), held, same, *told))

    def _learn(self, *inputs: Any) -> Any:
        tf, count = self._tf, 2 * (4 + len(self._heads))
        held, same, *told = inputs[count:]
        with tf.GradientTape() as tape:
            first, second, sentences, kept, *texts = (
                self._embed(*inputs[at : at + 2]) for at in range(0, count, 2)
            )
            loss = self._apart(first, second, same)
            loss += _SENTENCES_WEIGH * self._apart(first, sentences, same)
            whole = loss + _KEPT_WEIGH * tf.reduce_mean(1 - tf.reduce_sum(kept * held, -1))
            for head, vectors, numbers in zip(self._heads, texts, told, strict=True):
                whole += head.loss(vectors, numbers, first)
        of_heads = [variable for head in self._heads for variable in head.variables]
        learnt = self._encoder.variables
        gradients = tape.gradient(whole, [*learnt, *of_heads])
        clipped, _ = tf.clip_by_global_norm(gradients[: len(learnt)], 1.0)
        self._optimizer.apply_gradients(zip(clipped, learnt, strict=True))
        if of_heads:
            self._of_heads.apply_gradients(zip(gradients[len(learnt) :], of_heads, strict=True))
        return loss

    def _apart(self, left: Any, right: Any, same: Any) -> Any:
        """How badly each row of one side finds its own among the rows of the other."""
        tf = self._tf
        likeness = tf.matmul(left, right, transpose_b=True) * _SCALE - 1e9 * same
        own = tf.range(tf.shape(left)[0])
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(own, likeness)
            + tf.nn.sparse_softmax_cross_entropy_with_logits(own, tf.transpose(likeness))
        )
