"""The search index: the corpus's questions, sentences and words as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.corpus.model import Corpus, Section, digest
from assistant.retrieval.discriminant import Discriminant, fit_discriminant
from assistant.retrieval.encoder import DIMENSIONS, Encoder
from assistant.retrieval.query import QueryReader
from assistant.retrieval.runs import Runs
from assistant.retrieval.words import Words

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_KEY_DIGITS = 32


@dataclass(frozen=True)
class Vectors:
    """Embeddings of a corpus, rows in the corpus's order.

    Attributes:
        questions: (questions, 384), of every section's questions.
        sentences: (sentences, 384), each read with its section's heading, to find
            sections by.
        bare_sentences: (sentences, 384), each alone, to choose among one section's.
        headings: (sections, 384).
        keys: a digest of what each row was computed from, in the order above.
    """

    questions: Floats
    sentences: Floats
    bare_sentences: Floats
    headings: Floats
    keys: npt.NDArray[np.str_]

    def by_key(self) -> dict[str, Floats]:
        """Each row by its key."""
        rows = np.concatenate([self.questions, self.sentences, self.bare_sentences, self.headings])
        return dict(zip(map(str, self.keys), rows, strict=True))


class SearchIndex:
    """Everything that a question is compared with, built once a corpus.

    Sections, questions and sentences are counted through the whole corpus;
    `question_runs` and `sentence_runs` tell which are whose.

    Attributes:
        middles: the mean of each section's questions and sentences, (sections, 384).
    """

    def __init__(
        self, corpus: Corpus, vectors: Vectors, discriminant: Discriminant, words: Words
    ) -> None:
        """Joins its parts; `build_index` makes them."""
        self.vectors = vectors
        self.discriminant = discriminant
        self.words = words
        self.places = list(corpus.sections())
        sections = [section for _, section in self.places]
        self.question_runs = Runs([len(section.questions) for section in sections])
        self.sentence_runs = Runs([len(section.sentences) for section in sections])
        self.middles = np.array([self._middle(number) for number in range(len(sections))])
        self._of_topic = _members([section.topics for section in sections])
        self._of_aspect = _members([section.aspects for section in sections])
        self._none = np.zeros(len(sections), bool)

    def __len__(self) -> int:
        """Number of sections."""
        return len(self.places)

    def _middle(self, section: int) -> Floats:
        questions = self.vectors.questions[self.question_runs.of(section)]
        sentences = self.vectors.sentences[self.sentence_runs.of(section)]
        heading = self.vectors.headings[section : section + 1]
        middle = np.concatenate([heading, questions, sentences]).mean(axis=0)
        return np.asarray(middle / np.linalg.norm(middle), np.float32)

    def about(self, topic: str) -> Flags:
        """Which sections have a topic: (sections,)."""
        return self._of_topic.get(topic, self._none)

    def covering(self, aspect: str | None) -> Flags:
        """Which sections cover an aspect: (sections,)."""
        return self._of_aspect.get(aspect or "", self._none)


def build_index(
    corpus: Corpus,
    reader: QueryReader,
    encoder: Encoder,
    known: Mapping[str, Floats] | None = None,
) -> SearchIndex:
    """Computes the index of a corpus.

    Args:
        corpus: the articles.
        reader: reads their texts as it reads questions.
        encoder: embeds them.
        known: rows of an earlier index by their key: what has not changed since
            is not computed again.
    """
    sections = [section for _, section in corpus.sections()]
    vectors = _embedded(sections, reader, encoder, known or {})
    owners = Runs([len(section.questions) for section in sections]).owners
    discriminant = fit_discriminant(vectors.questions, owners, len(sections))
    return SearchIndex(corpus, vectors, discriminant, Words.count(sections, reader))


def _embedded(
    sections: Sequence[Section], reader: QueryReader, encoder: Encoder, known: Mapping[str, Floats]
) -> Vectors:
    kinds = [
        [question for section in sections for question in section.questions],
        [f"{section.heading}: {s.text}" for section in sections for s in section.sentences],
        [s.text for section in sections for s in section.sentences],
        [section.heading for section in sections],
    ]
    texts = [[reader.read(text).expanded for text in kind] for kind in kinds]
    keys = [[digest(f"{encoder.version} {text}")[:_KEY_DIGITS] for text in kind] for kind in texts]
    new = {k: t for ks, ts in zip(keys, texts, strict=True) for k, t in zip(ks, ts, strict=True)}
    new = {key: text for key, text in new.items() if key not in known}
    rows = {**known, **dict(zip(new, encoder.encode(list(new.values())), strict=True))}
    questions, sentences, bare, headings = (
        np.array([rows[key] for key in kind], np.float32).reshape(-1, DIMENSIONS) for kind in keys
    )
    every_key = np.array([key for kind in keys for key in kind])
    return Vectors(questions, sentences, bare, headings, every_key)


def _members(names: Sequence[Sequence[str]]) -> dict[str, Flags]:
    """For each name, which of the sections has it."""
    every = sorted({name for each in names for name in each})
    return {name: np.array([name in each for each in names]) for name in every}
