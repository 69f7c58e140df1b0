from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.retrieval.encoder import Encoder
from assistant.retrieval.index import build_index
from assistant.retrieval.search import Searcher
from tests.unit.articles import GOOD, changed, corpus_of


def test_what_has_not_changed_is_not_embedded_again(
    searcher_of: Callable[..., Searcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = searcher_of(GOOD).parts
    changed_corpus = corpus_of(changed("change habits", "change thoughts"))
    embedded: list[str] = []
    encode = Encoder.encode

    def count(self: Encoder, texts: list[str]) -> object:
        embedded.extend(texts)
        return encode(self, texts)

    monkeypatch.setattr(Encoder, "encode", count)
    known = parts.index.vectors.by_key()
    index = build_index(changed_corpus, parts.reader, parts.encoder, known)
    assert [text for text in embedded if "thoughts" not in text] == []
    assert np.array_equal(index.vectors.questions, parts.index.vectors.questions)
    assert not np.array_equal(index.vectors.sentences, parts.index.vectors.sentences)


def test_rows_are_the_vectors_of_the_questions_as_they_are_read(searcher: Searcher) -> None:
    index = searcher.parts.index
    questions = [question for _, section in index.places for question in section.questions]
    read = [searcher.read(question).expanded for question in questions[::50]]
    assert np.array_equal(searcher.parts.encoder.encode(read), index.vectors.questions[::50])


def test_rows_belong_to_their_sections(searcher: Searcher) -> None:
    index = searcher.parts.index
    assert len(index) == len(index.places) == len(index.vectors.headings)
    rows = [row for n in range(len(index)) for row in range(9999)[index.sentence_runs.of(n)]]
    assert rows == list(range(len(index.vectors.sentences)))
    for number, (_, section) in enumerate(index.places):
        at = index.sentence_runs.of(number)
        assert at.stop - at.start == len(section.sentences)
        assert np.sum(index.question_runs.owners == number) == len(section.questions)
