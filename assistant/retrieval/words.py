"""How well the words of a question match sections: BM25, twice, and how many are met.

Once over the whole of each section, content words alone; once over each of its
questions, with all words, because "how long", "what is" and "my son" say what is
asked. Either is a share of the best section's: a rare word alone would otherwise
count for more than a whole sentence of others. Beside them stands how many of the
question's words a section's questions have at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from assistant.corpus.model import Section
from assistant.retrieval.query import Query, QueryReader
from assistant.retrieval.runs import Runs

Floats = npt.NDArray[np.float32]

_TINY = 1e-9
# Who it is about, and when: a page need not name a daughter to answer her mother. And
# letters: "whats" leaves an "s".
_WHO_OR_WHEN = re.compile(
    "son|daughter|brother|sister|mom|mother|dad|father|husband|wife|boyfriend|girlfriend|partner"
    "|cousin|uncle|aunt|nephew|niece|grand(?:son|daughter|mother|father)"
    "|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|yesterday|[a-z]"
)
_SECTIONS, _QUESTIONS = "sections", "questions"


class Words:
    """The word statistics of a corpus."""

    def __init__(self, sections: bm25s.BM25, questions: bm25s.BM25) -> None:
        """Takes both models; `count` makes them of texts."""
        self._sections = sections
        self._questions = questions

    @classmethod
    def count(cls, sections: Sequence[Section], reader: QueryReader) -> Words:
        """Counts the words of a corpus's sections and of their questions."""
        texts = [[s.heading, *s.questions, *(each.text for each in s.sentences)] for s in sections]
        questions = [question for section in sections for question in section.questions]
        return cls(
            _model([[lemma for t in each for lemma in reader.read(t).lemmas] for each in texts]),
            _model([list(reader.read(question).words) for question in questions]),
        )

    def section_shares(self, query: Query) -> Floats:
        """For each section, how its words match those of a question: (sections,), 0 to 1."""
        return _shares(_scores(self._sections, query.lemmas))

    def question_shares(self, query: Query, runs: Runs) -> Floats:
        """For each section, how its best matching question does: (sections,), 0 to 1.

        Args:
            query: the question, read.
            runs: which questions are whose.
        """
        return _shares(np.maximum(runs.best(_scores(self._questions, query.words)), 0))

    def covered(self, query: Query, runs: Runs) -> Floats:
        """For each section, the share of a question's words that some question of it has.

        Of all words, the plain ones too, each counted alike: what BM25 says is a share of
        the best section's, this is not; and it adds up what several questions have.

        Args:
            query: the question, read.
            runs: which questions are whose.

        Returns:
            Array (sections,), 0 to 1; zeros for a question without words.
        """
        asked = dict.fromkeys(query.words)
        rows = _postings(self._questions, asked)
        found = np.zeros((max(len(rows), 1), runs.sections), bool)
        for number, row in enumerate(rows):
            found[number, runs.owners[self._questions.scores["indices"][row]]] = True
        return np.asarray(found.sum(axis=0) / max(len(asked), 1), np.float32)

    def known(self, lemmas: Sequence[str]) -> float:
        """Share of content words that the corpus uses; 1 when there are none.

        What says who or when counts as used.
        """
        used = [
            lemma in self._sections.vocab_dict or _WHO_OR_WHEN.fullmatch(lemma) is not None
            for lemma in lemmas
        ]
        return sum(used) / len(used) if used else 1.0

    def save(self, folder: Path) -> None:
        """Writes both; raises OSError when the folder cannot be written."""
        self._sections.save(folder / _SECTIONS, show_progress=False)
        self._questions.save(folder / _QUESTIONS, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Reads what `save` wrote; raises OSError or ValueError when it is not whole."""
        return cls(
            *(
                bm25s.BM25.load(folder / name, show_progress=False)
                for name in (_SECTIONS, _QUESTIONS)
            )
        )


def _model(documents: list[list[str]]) -> bm25s.BM25:
    model = bm25s.BM25(k1=1.2, b=0.75)
    model.index(documents, show_progress=False)
    return model


def _scores(model: bm25s.BM25, words: Sequence[str]) -> Floats:
    rows = _postings(model, words)
    if not rows:
        return np.zeros(model.scores["num_docs"], np.float32)
    # What bm25s's `get_scores` gives; its loop over the words takes ten times as long,
    # and "what" and "is" stand in thousands of questions.
    scores = model.scores
    places = np.concatenate([scores["indices"][each] for each in rows])
    weights = np.concatenate([scores["data"][each] for each in rows])
    return np.bincount(places, weights, minlength=scores["num_docs"]).astype(np.float32)


def _postings(model: bm25s.BM25, words: Iterable[str]) -> list[slice]:
    """For each word that the model knows, which of its entries are that word's."""
    ends = model.scores["indptr"]
    ids = [model.vocab_dict[word] for word in words if word in model.vocab_dict]
    return [slice(ends[each], ends[each + 1]) for each in ids]


def _shares(scores: Floats) -> Floats:
    return np.asarray(scores / max(float(scores.max(initial=0.0)), _TINY), np.float32)
