"""Finds the sections that answer a question, or says that none does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.corpus.model import Article, Section, section_key
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.evidence import section_evidence
from assistant.retrieval.index import Floats
from assistant.retrieval.matching import Matching
from assistant.retrieval.query import Query
from assistant.retrieval.ranking import Ranker
from assistant.retrieval.sentences import sentence_features

# From this likeness on a message is a question that a section carries. Of 1,062 messages on
# other subjects the likest reaches 0.82.
_SAME_QUESTION = 0.9
# More than anything that builds on a search looks at.
_KEPT = 20


@dataclass(frozen=True)
class Found:
    """A section, and how it fared.

    Attributes:
        row: its number in the index.
        score: log-odds of being the right one among the sections.
    """

    article: Article
    section: Section
    row: int
    score: float

    @property
    def key(self) -> str:
        """The section's name in the whole corpus."""
        return section_key(self.article, self.section)


@dataclass(frozen=True)
class Result:
    """What a search found.

    Attributes:
        vector: the question's embedding, (384,).
        sections: the best ones, best first.
        probability: that the articles answer the question, 0 to 1.
        answerable: the probability reaches the threshold, or the best section carries this
            very question: so an author can teach what the probability doubts.
        certain: it reaches what outweighs a reason for doubt, or the same.
    """

    query: Query
    vector: Floats
    sections: tuple[Found, ...]
    probability: float
    answerable: bool
    certain: bool

    @property
    def chances(self) -> Floats:
        """Of each section to be the right one, if one of them is: (sections,), best first."""
        scores = np.array([found.score for found in self.sections], np.float32)
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), np.float32)


class Searcher:
    """The corpus, ready to be searched."""

    def __init__(self, parts: SearchParts, ranker: Ranker, matching: Matching) -> None:
        """Takes the parts; `Searcher.load` makes them."""
        self.corpus = parts.corpus
        self.ranker = ranker
        self.judgement = ranker.judgement(parts.corpus)
        self.parts = parts
        self.matching = matching

    @classmethod
    def open(cls, edition: str, models_dir: Path) -> Searcher:
        """Makes a searcher of an edition; raises what `SearchParts.open` raises."""
        return cls(SearchParts.open(edition, models_dir), Ranker.load(), Matching.load())

    @classmethod
    def load(cls, corpus_dir: Path, models_dir: Path) -> Searcher:
        """Makes a searcher of a folder of articles; raises what `SearchParts.load` raises."""
        return cls(SearchParts.load(corpus_dir, models_dir), Ranker.load(), Matching.load())

    def read(self, question: str, aspect: str | None = None) -> Query:
        """Reads a question: spelling, topics, words."""
        return self.parts.reader.read(question, aspect)

    def search(self, query: Query, vector: Floats | None = None) -> Result:
        """Ranks the sections for a question.

        Args:
            query: from `read`.
            vector: the embedding of its expanded text, (384,), where it is known.
        """
        if vector is None:
            vector = self.parts.encoder.encode([query.expanded])[0]
        evidence = section_evidence(query, vector, self.parts.index)
        scores = self.judgement.scores(evidence.features)
        known, foreign = self.known_words(query), self.ranker.foreign(vector)
        probability = self.judgement.probability(evidence.features, known, foreign)
        found = tuple(
            self._found(int(evidence.sections[at]), float(scores[at]))
            for at in np.argsort(-scores, kind="stable")[:_KEPT]
        )
        _, likeness = self.likest_question(found[0].row, vector) or (0, 0.0)
        carried = likeness >= _SAME_QUESTION
        return Result(
            query,
            vector,
            found,
            probability,
            answerable=carried or probability >= self.judgement.threshold,
            certain=carried or probability >= self.judgement.certain,
        )

    def _found(self, row: int, score: float) -> Found:
        article, section = self.parts.index.places[row]
        return Found(article, section, row, score)

    def known_words(self, query: Query) -> float:
        """Share of a question's content words that the corpus uses; 1 when it has none."""
        return self.parts.index.words.known(query.lemmas)

    def sentence_scores(self, result: Result, found: Found) -> Floats:
        """How well each sentence of a section answers, as log-odds: (sentences,)."""
        logits = self.ranker.sentences.logits(self.sentence_features(result, found))
        return np.asarray(logits, np.float32)

    def sentence_features(self, result: Result, found: Found) -> Floats:
        """What speaks for each sentence of a section: (sentences, features)."""
        return sentence_features(
            result.query,
            result.vector,
            self.parts.index,
            self.matching,
            found.row,
            behind=result.sections[0].score - found.score,
        )

    def nearest_question(self, result: Result) -> tuple[int, float] | None:
        """The best section's own question that is likest to what was asked."""
        return self.likest_question(result.sections[0].row, result.vector)

    def likest_question(self, row: int, vector: Floats) -> tuple[int, float] | None:
        """The question of a section that is likest to an embedding.

        Args:
            row: the section's number in the index.
            vector: the embedding, (384,).

        Returns:
            Its number in the section, and its likeness, -1 to 1; None where it has none.
        """
        index = self.parts.index
        rows = index.vectors.questions[index.question_runs.of(row)]
        if not len(rows):
            return None
        likeness = rows @ vector
        return int(np.argmax(likeness)), float(likeness.max())

    def sentence_vectors(self, found: Found) -> Floats:
        """Embeddings of a section's sentences: (sentences, 384)."""
        index = self.parts.index
        return index.vectors.bare_sentences[index.sentence_runs.of(found.row)]
