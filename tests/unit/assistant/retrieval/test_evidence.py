from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from assistant.retrieval.evidence import FEATURES, section_evidence
from assistant.retrieval.search import Searcher
from tests.unit.articles import GOOD, changed


def _evidence(
    searcher: Searcher, text: str, aspect: str | None = None
) -> dict[str, npt.NDArray[np.float32]]:
    query = searcher.read(text, aspect)
    vector = searcher.parts.encoder.encode([query.expanded])[0]
    found = section_evidence(query, vector, searcher.parts.index)
    assert found.features.shape == (len(found.sections), len(FEATURES))
    # Those that are no candidates are left at what speaks for nothing.
    rows = np.full((len(searcher.parts.index), len(FEATURES)), -1, np.float32)
    rows[found.sections] = found.features
    return dict(zip(FEATURES, rows.T, strict=True))


def _row(searcher: Searcher, section_id: str) -> int:
    ids = [section.id for _, section in searcher.parts.index.places]
    return ids.index(section_id)


def test_a_sections_own_question_is_nearest_to_it(searcher: Searcher) -> None:
    evidence = _evidence(searcher, "What is CBT?")
    assert np.argmax(evidence["question"]) == _row(searcher, "cbt")
    assert evidence["question"].max() > 0.98
    assert np.all(evidence["second_question"] <= evidence["question"])


def test_topics_speak_for_their_sections_and_against_others(searcher: Searcher) -> None:
    evidence = _evidence(searcher, "CBT and DBT")
    cbt, dbt = (_row(searcher, name) for name in ("cbt", "dbt"))
    assert evidence["topic"][cbt] == evidence["topic"][dbt] == 0.5
    assert evidence["foreign_topic"][cbt] == 0
    assert np.array_equal(evidence["topic"] == 0, evidence["foreign_topic"] == 1)
    assert (_evidence(searcher, "the weather")["foreign_topic"] <= 0).all()


def test_the_aspect_speaks_for_sections_that_cover_it(searcher: Searcher) -> None:
    evidence = _evidence(searcher, "CBT", "benefit")
    assert evidence["aspect"][_row(searcher, "cbt-benefits")] == 1
    assert evidence["aspect"][_row(searcher, "cbt")] == 0
    assert (_evidence(searcher, "CBT")["aspect"] <= 0).all()


def test_only_some_sections_are_weighed_and_the_best_by_words_is_one(searcher: Searcher) -> None:
    query = searcher.read("What is CBT?")
    vector = searcher.parts.encoder.encode([query.expanded])[0]
    index = searcher.parts.index
    sections = section_evidence(query, vector, index).sections
    assert len(sections) < len(index) / 2
    assert int(np.argmax(index.words.section_shares(query))) in sections


def test_a_section_without_questions_has_none_that_is_near(
    searcher_of: Callable[..., Searcher],
) -> None:
    head, _, rest = GOOD.partition("questions:\n")
    bare = head + rest[rest.index("CBT helps") :]
    searcher = searcher_of(bare, changed("id: care", "id: more"))
    evidence = _evidence(searcher, "What is CBT?")
    assert evidence["question"][0] == -1
    assert evidence["question"][1] > 0.9
