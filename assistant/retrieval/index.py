"""The search index: the corpus's questions, sentences and words as numbers."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from assistant.corpus.model import Corpus, Section, digest
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.query import Query, QueryReader

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

# Raise it when the arrays below are computed in another way.
_LAYOUT = 1


@dataclass(frozen=True)
class Vectors:
    """Embeddings of a corpus, rows in the corpus's order.

    Attributes:
        questions: (questions, 384), of every section's questions.
        sentences: (sentences, 384), each read with its section's heading.
        headings: (sections, 384).
    """

    questions: Floats
    sentences: Floats
    headings: Floats


class SearchIndex:
    """Everything that a question is compared with, built once a corpus.

    Sections, questions and sentences are counted through the whole corpus;
    `question_owner[i]` is the section of question i, and likewise sentences.

    Attributes:
        version: changes with anything that the index is made from.
    """

    def __init__(self, corpus: Corpus, reader: QueryReader, vectors: Vectors, version: str) -> None:
        """Joins embeddings with the words; see `load_index` for the cached way."""
        self.version = version
        self.vectors = vectors
        self.places = list(corpus.sections())
        sections = [section for _, section in self.places]
        self.question_owner = _owners([len(section.questions) for section in sections])
        self.sentence_owner = _owners([len(section.sentences) for section in sections])
        self.topics = [frozenset(section.topics) for section in sections]
        self.aspects = [frozenset(section.aspects) for section in sections]
        words = [
            [lemma for text in _section_texts(section) for lemma in reader.read(text).lemmas]
            for section in sections
        ]
        self.known_lemmas = {lemma for lemmas in words for lemma in lemmas}
        self._bm25 = bm25s.BM25(k1=1.2, b=0.75)
        self._bm25.index(words, show_progress=False)

    def __len__(self) -> int:
        """Number of sections."""
        return len(self.places)

    def word_scores(self, query: Query) -> Floats:
        """BM25 of each section for the query's lemmas, a lemma's mean share: (sections,)."""
        known = [lemma for lemma in query.lemmas if lemma in self.known_lemmas]
        if not known:
            return np.zeros(len(self), np.float32)
        scores = self._bm25.get_scores(known)
        return np.asarray(scores / len(query.lemmas), np.float32)

    def known_words(self, query: Query) -> float:
        """Share of a question's content words that the corpus uses; 1 when it has none."""
        known = [lemma in self.known_lemmas for lemma in query.lemmas]
        return sum(known) / len(known) if known else 1.0

    def sentences_of(self, section: int) -> slice:
        """Rows of `vectors.sentences` that belong to a section."""
        start, stop = np.searchsorted(self.sentence_owner, [section, section + 1])
        return slice(int(start), int(stop))


def load_index(
    corpus: Corpus, reader: QueryReader, encoder: Encoder, models_dir: Path
) -> SearchIndex:
    """The index of a corpus; its embeddings are kept under `models_dir`.

    The file's name is a hash of all that it was made from, so that a changed
    article never meets old numbers.
    """
    version = digest(f"{_LAYOUT} {corpus.version} {encoder.version}")[:16]
    path = models_dir / "index" / f"{version}.npz"
    if not path.is_file():
        _save(path, _embed(corpus, reader, encoder))
    with np.load(path, allow_pickle=False) as arrays:
        return SearchIndex(corpus, reader, Vectors(**arrays), version)


def _embed(corpus: Corpus, reader: QueryReader, encoder: Encoder) -> Vectors:
    def embed(texts: list[str]) -> Floats:
        return encoder.encode([reader.read(text).expanded for text in texts])

    sections = [section for _, section in corpus.sections()]
    return Vectors(
        questions=embed([question for section in sections for question in section.questions]),
        sentences=embed(
            [
                f"{section.heading}: {sentence.text}"
                for section in sections
                for sentence in section.sentences
            ]
        ),
        headings=embed([section.heading for section in sections]),
    )


def _save(path: Path, vectors: Vectors) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(file, **vars(vectors))
    # Whole or not at all: two processes may build it at the same moment.
    os.replace(file.name, path)


def _owners(counts: list[int]) -> Ints:
    return np.repeat(np.arange(len(counts)), counts)


def _section_texts(section: Section) -> list[str]:
    return [section.heading, *section.questions, *(s.text for s in section.sentences)]
