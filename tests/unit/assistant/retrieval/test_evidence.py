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
    rows = section_evidence(query, vector, searcher.parts.index)
    assert rows.shape == (len(searcher.parts.index), len(FEATURES))
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
    cbt, dbt, addiction = (_row(searcher, name) for name in ("cbt", "dbt", "addiction"))
    assert evidence["topic"][cbt] == evidence["topic"][dbt] == 0.5
    assert evidence["foreign_topic"][cbt] == 0
    assert evidence["topic"][addiction] == 0
    assert evidence["foreign_topic"][addiction] == 1
    assert not _evidence(searcher, "the weather")["foreign_topic"].any()


def test_the_aspect_speaks_for_sections_that_cover_it(searcher: Searcher) -> None:
    evidence = _evidence(searcher, "CBT", "benefit")
    assert evidence["aspect"][_row(searcher, "cbt-benefits")] == 1
    assert evidence["aspect"][_row(searcher, "cbt")] == 0
    assert not _evidence(searcher, "CBT")["aspect"].any()


def test_a_section_without_questions_has_none_that_is_near(
    searcher_of: Callable[..., Searcher],
) -> None:
    head, _, rest = GOOD.partition("questions:\n")
    bare = head + rest[rest.index("CBT helps") :]
    searcher = searcher_of(bare, changed("id: care", "id: more"))
    evidence = _evidence(searcher, "What is CBT?")
    assert evidence["question"][0] == -1
    assert evidence["question"][1] > 0.9
