"""The search index: the corpus's questions, sentences and words as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import numpy.typing as npt

from assistant.corpus.model import Corpus, Section, digest
from assistant.retrieval.discriminant import Discriminant, fit_discriminant
from assistant.retrieval.encoder import DIMENSIONS, Encoder
from assistant.retrieval.query import Query, QueryReader
from assistant.retrieval.runs import Runs

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_KEY_DIGITS = 32
_TINY = 1e-9


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
    """

    def __init__(
        self, corpus: Corpus, vectors: Vectors, discriminant: Discriminant, words: bm25s.BM25
    ) -> None:
        """Joins its parts; `build_index` makes them."""
        self.vectors = vectors
        self.discriminant = discriminant
        self.words = words
        self.places = list(corpus.sections())
        sections = [section for _, section in self.places]
        self.question_runs = Runs([len(section.questions) for section in sections])
        self.sentence_runs = Runs([len(section.sentences) for section in sections])
        self._of_topic = _members([section.topics for section in sections])
        self._of_aspect = _members([section.aspects for section in sections])
        self._none = np.zeros(len(sections), bool)

    def __len__(self) -> int:
        """Number of sections."""
        return len(self.places)

    def word_scores(self, query: Query) -> Floats:
        """BM25 of each section, as a share of the best section's: (sections,), 0 to 1."""
        known = [lemma for lemma in query.lemmas if lemma in self.words.vocab_dict]
        if not known:
            return np.zeros(len(self), np.float32)
        # A rare word alone would otherwise count for more than a whole sentence of others.
        scores: Floats = self.words.get_scores(known)
        return np.asarray(scores / max(float(scores.max()), _TINY), np.float32)

    def about(self, topic: str) -> Flags:
        """Which sections have a topic: (sections,)."""
        return self._of_topic.get(topic, self._none)

    def covering(self, aspect: str | None) -> Flags:
        """Which sections cover an aspect: (sections,)."""
        return self._of_aspect.get(aspect or "", self._none)

    def known_words(self, query: Query) -> float:
        """Share of a question's content words that the corpus uses; 1 when it has none."""
        known = [lemma in self.words.vocab_dict for lemma in query.lemmas]
        return sum(known) / len(known) if known else 1.0


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
    words = bm25s.BM25(k1=1.2, b=0.75)
    words.index(
        [
            [lemma for text in _section_texts(section) for lemma in reader.read(text).lemmas]
            for section in sections
        ],
        show_progress=False,
    )
    vectors = _embedded(sections, reader, encoder, known or {})
    owners = Runs([len(section.questions) for section in sections]).owners
    discriminant = fit_discriminant(vectors.questions, owners, len(sections))
    return SearchIndex(corpus, vectors, discriminant, words)


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


def _section_texts(section: Section) -> list[str]:
    return [section.heading, *section.questions, *(s.text for s in section.sentences)]
