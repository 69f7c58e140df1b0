from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.retrieval.index import load_index
from assistant.retrieval.search import Searcher
from tests.unit.articles import GOOD, changed


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "models" / "index").iterdir())


def test_embeddings_are_kept_and_never_meet_another_text(
    searcher_of: Callable[..., Searcher], tmp_path: Path
) -> None:
    first = searcher_of(GOOD)
    (kept,) = _files(tmp_path)
    stamp = (tmp_path / "models" / "index" / kept).stat().st_mtime_ns
    again = load_index(first.corpus, first.parts.reader, first.parts.encoder, tmp_path / "models")
    assert np.array_equal(again.vectors.sentences, first.parts.index.vectors.sentences)
    assert (tmp_path / "models" / "index" / kept).stat().st_mtime_ns == stamp
    other = searcher_of(changed("habits", "thoughts"))
    assert other.parts.index.version != first.parts.index.version
    assert len(_files(tmp_path)) == 2


def test_rows_belong_to_their_sections(searcher: Searcher) -> None:
    index = searcher.parts.index
    assert len(index) == len(index.places) == len(index.vectors.headings)
    rows = [row for n in range(len(index)) for row in range(9999)[index.sentences_of(n)]]
    assert rows == list(range(len(index.vectors.sentences)))
    for number, (_, section) in enumerate(index.places):
        at = index.sentences_of(number)
        assert at.stop - at.start == len(section.sentences)
        assert np.sum(index.question_owner == number) == len(section.questions)


def test_words_lead_to_the_section_that_uses_them(searcher: Searcher) -> None:
    scores = searcher.parts.index.word_scores(searcher.read("methadone buprenorphine naltrexone"))
    _, section = searcher.parts.index.places[int(np.argmax(scores))]
    assert "methadone" in " ".join(s.text for s in section.sentences).lower()


def test_words_that_no_section_uses_count_for_nothing(searcher: Searcher) -> None:
    scores = searcher.parts.index.word_scores(searcher.read("texas poker"))
    assert scores.shape == (len(searcher.parts.index),)
    assert not scores.any()


def test_known_words_is_the_share_that_the_corpus_uses(searcher: Searcher) -> None:
    assert searcher.known_words(searcher.read("therapy addiction")) == 1
    assert searcher.known_words(searcher.read("therapy xylophone")) == 0.5
    assert searcher.known_words(searcher.read("is it?")) == 1
