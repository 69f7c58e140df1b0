"""The encoder in TensorFlow, its matrices with a low-rank product beside each, to learn with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from assistant.retrieval.encoder_build import HEADS, LAYERS, NORM_EPSILON, Tensors

WIDTH = 384
RANK = 16
_AT_ONCE = 64
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


def batch(tokenizer: Tokenizer, texts: Sequence[str]) -> Batch:
    """Token ids and mask, (texts, longest)."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    ids = np.zeros((len(rows), max(map(len, rows))), np.int32)
    mask = np.zeros(ids.shape, np.float32)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask


class AdaptedEncoder:
    """The published encoder and what is learnt beside it.

    Attributes:
        variables: of the products; nothing else is learnt.
    """

    def __init__(self, tf: Any, tensors: Tensors, choose: np.random.Generator) -> None:
        """Takes TensorFlow, the published weights, and what draws the products' beginnings."""
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
        """The products, as they are kept."""
        return {
            f"{name}.{part}": variable.numpy().astype(np.float16)
            for name, pair in self._products.items()
            for part, variable in zip(("down", "up"), pair, strict=True)
        }

    def see(self, tokenizer: Tokenizer, texts: Sequence[str]) -> Floats:
        """Where any number of texts are now, (texts, 384)."""
        parts = [
            np.asarray(self.embed(*batch(tokenizer, texts[at : at + _AT_ONCE])))
            for at in range(0, len(texts), _AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, WIDTH), np.float32)

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
        size = WIDTH // HEADS

        def heads(part: str) -> Any:
            rows = self._linear(hidden, f"{name}.attention.self.{part}")
            return tf.transpose(tf.reshape(rows, (texts, tokens, HEADS, size)), (0, 2, 1, 3))

        likeness = tf.matmul(heads("query"), heads("key"), transpose_b=True) / size**0.5
        # What pads a short text is not looked at.
        attention = tf.nn.softmax(likeness - 1e9 * (1 - mask[:, None, None, :]))
        seen = tf.transpose(tf.matmul(attention, heads("value")), (0, 2, 1, 3))
        seen = tf.reshape(seen, (texts, tokens, WIDTH))
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
