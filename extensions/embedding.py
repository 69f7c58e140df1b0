"""The encoder of the Rasa process: a message is embedded once, whoever asks."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.retrieval.encoder import DIMENSIONS, Encoder

# The safety gate and the featurizer ask for the same text one after the other;
# between the two stand at most the messages that others are writing.
_KEPT = 64

Vector = npt.NDArray[np.float32]


class SharedEncoder:
    """An encoder that remembers the vectors of the last texts, under hashes of them."""

    def __init__(self, encoder: Encoder) -> None:
        """Takes the process's encoder."""
        self._encoder = encoder
        self._vectors: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, models_dir: Path) -> SharedEncoder:
        """The one of this process, built when it is not there.

        Raises:
            EncoderError: the weights or the built graph are not what they were.
        """
        return _load(models_dir.resolve())

    def encode(self, texts: Sequence[str]) -> Vector:
        """Embeds texts: array (len(texts), 384), each row of length 1."""
        if len(texts) > _KEPT:
            # Examples that are learnt from: none is asked for again, and each CPU takes some.
            return self._encoder.encode(texts)
        rows = [self.embed(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), np.float32)

    def embed(self, text: str) -> Vector:
        """Embeds a text: array (384,), of length 1."""
        known = self.known(text)
        if known is not None:
            return known
        vector: Vector = self._encoder.encode([text])[0]
        vector.setflags(write=False)
        with self._lock:
            self._vectors[_key(text)] = vector
            if len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)
        return vector

    def known(self, text: str) -> Vector | None:
        """The vector of one of the last texts, (384,); None for any other."""
        with self._lock:
            return self._vectors.get(_key(text))


def _key(text: str) -> bytes:
    # The model reads capitals as small letters.
    return hashlib.blake2b(text.lower().encode("utf-8", "replace"), digest_size=16).digest()


@lru_cache(maxsize=2)
def _load(models_dir: Path) -> SharedEncoder:
    return SharedEncoder(Encoder.load(models_dir))
