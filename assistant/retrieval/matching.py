"""Which sentence of a section answers a question: a likeness learnt from readers' choices.

An embedding puts what speaks of the same thing close together, question or not. What
answers a question is often not the sentence that repeats its words, so two small
matrices turn questions and sentences towards each other before they are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load_file, save_file

from assistant.errors import CorpusError
from assistant.retrieval.encoder import DIMENSIONS
from assistant.retrieval.index import Floats
from assistant.settings import ROOT

MATCHING_FILE = ROOT / "data" / "matching.safetensors"


@dataclass(frozen=True)
class Matching:
    """The two matrices.

    Attributes:
        questions: (384, rank).
        sentences: (384, rank).
    """

    questions: Floats
    sentences: Floats

    def scores(self, question: Floats, sentences: Floats) -> Floats:
        """How well each sentence answers, beyond what their likeness says.

        Args:
            question: its embedding, (384,).
            sentences: their embeddings, (sentences, 384).

        Returns:
            Log-odds against one another, (sentences,).
        """
        return np.asarray(sentences @ (self.sentences @ (question @ self.questions)), np.float32)

    def save(self, path: Path = MATCHING_FILE) -> None:
        """Writes both as float16."""
        halves = {name: matrix.astype(np.float16) for name, matrix in vars(self).items()}
        save_file(halves, path)

    @classmethod
    def load(cls, path: Path = MATCHING_FILE) -> Matching:
        """Reads what `save` wrote.

        Raises:
            CorpusError: the file is missing or broken.
        """
        try:
            stored = {name: half.astype(np.float32) for name, half in load_file(path).items()}
            matching = cls(**stored)
        except (OSError, TypeError, SafetensorError):
            raise CorpusError("Cannot be read; run `make fit`.", str(path)) from None
        if {len(matching.questions), len(matching.sentences)} != {DIMENSIONS}:
            raise CorpusError("Is of another encoder; run `make fit`.", str(path))
        return matching
