from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest

from assistant.retrieval.runs import Runs
from assistant.retrieval.search import Searcher
from assistant.retrieval.words import Words, _scores


def test_words_lead_to_the_section_that_uses_them(searcher: Searcher) -> None:
    query = searcher.read("methadone buprenorphine naltrexone")
    shares = searcher.parts.index.words.section_shares(query)
    assert shares.max() == 1
    _, section = searcher.parts.index.places[int(np.argmax(shares))]
    assert "methadone" in " ".join(s.text for s in section.sentences).lower()


def test_small_words_tell_questions_apart(searcher: Searcher) -> None:
    index = searcher.parts.index
    what, how_long = (
        index.words.question_shares(searcher.read(text), index.question_runs)
        for text in ("what is CBT?", "how long does CBT take?")
    )
    ids = [section.id for _, section in index.places]
    assert what.max() == how_long.max() == 1
    assert what[ids.index("cbt")] > how_long[ids.index("cbt")]


def test_words_that_no_section_uses_count_for_nothing(searcher: Searcher) -> None:
    index = searcher.parts.index
    query = searcher.read("xylophone saxophone")
    for shares in (
        index.words.section_shares(query),
        index.words.question_shares(query, index.question_runs),
    ):
        assert shares.shape == (len(index),)
        assert not shares.any()


def test_covered_is_the_share_of_words_that_any_question_of_a_section_has(
    searcher: Searcher,
) -> None:
    model = bm25s.BM25()
    asked = [["what", "be", "detox"], ["how", "long", "last"], ["how", "safe", "be", "detox"]]
    model.index(asked, show_progress=False)
    words, runs = Words(model, model), Runs([2, 0, 1])
    covered = words.covered(searcher.read("how long is detox"), runs)
    # The first section has all four words, in two questions; the last has no "long".
    assert covered.tolist() == [1, 0, 0.75]
    assert words.covered(searcher.read("how xylophone how"), runs).tolist() == [0.5, 0, 0.5]
    assert not words.covered(searcher.read("?!"), runs).any()


def test_known_is_the_share_that_the_corpus_uses(searcher: Searcher) -> None:
    assert searcher.known_words(searcher.read("therapy addiction")) == 1
    assert searcher.known_words(searcher.read("therapy xylophone")) == 0.5
    assert searcher.known_words(searcher.read("is it?")) == 1


def test_whose_daughter_and_which_day_is_no_reason_for_doubt(searcher: Searcher) -> None:
    model = bm25s.BM25()
    model.index([["therapy", "thought"], ["craving", "plan"]], show_progress=False)
    words = Words(model, model)
    read = searcher.read
    assert words.known(read("my daughter has therapy on Monday").lemmas) == 1
    assert words.known(read("whats therapy").lemmas) == 1
    assert words.known(read("my daughter has a xylophone on Monday").lemmas) == 2 / 3


def test_what_is_saved_is_read_back_and_what_is_missing_is_an_error(
    searcher: Searcher, tmp_path: Path
) -> None:
    words = searcher.parts.index.words
    words.save(tmp_path)
    query = searcher.read("what is CBT?")
    read_back = Words.load(tmp_path)
    assert np.array_equal(read_back.section_shares(query), words.section_shares(query))
    with pytest.raises(FileNotFoundError):
        Words.load(tmp_path / "nowhere")


def test_scores_are_those_of_bm25() -> None:
    texts = [["what", "is", "detox"], ["is", "detox", "safe", "detox"], ["what", "costs", "it"]]
    model = bm25s.BM25(k1=1.2, b=0.75)
    model.index(texts, show_progress=False)
    asked = ["what", "is", "detox", "detox", "unknown"]
    known = asked[:-1]
    assert np.allclose(_scores(model, asked), model.get_scores(known))
