from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.retrieval.search import Searcher
from assistant.settings import Settings


def test_a_section_is_found_by_the_questions_that_its_author_wrote(searcher: Searcher) -> None:
    index = searcher.parts.index
    missed = []
    asked = 0
    for number, (article, section) in enumerate(index.places):
        # The index has their vectors already; that they are right is its own tests' matter.
        vectors = index.vectors.questions[index.question_runs.of(number)]
        for question, vector in zip(section.questions[::3], vectors[::3], strict=True):
            asked += 1
            result = searcher.search(searcher.read(question), vector)
            if not result.answerable or result.sections[0].section is not section:
                missed.append(f"{article.id}#{section.id}: {question}")
    # All but a few, whose wording leads to a sister section as well.
    assert len(missed) <= 0.02 * asked, missed


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("what is CBT?", "cbt"),
        ("why do I need therapy in rehab?", "why-psychotherapy"),
        ("does dialectical behavioral therpay help?", "dbt"),
        ("how long do I have to be in therapy", "therapy-length"),
    ],
)
def test_a_question_finds_its_section(searcher: Searcher, question: str, section: str) -> None:
    result = searcher.search(searcher.read(question))
    assert result.answerable
    assert result.probability >= searcher.judgement.threshold
    assert section in result.sections[0].key


@pytest.mark.parametrize(
    "question",
    [
        "what's the best hand in texas hold em",
        "who won the world cup in 1998",
        "write me a python script",
        "how do I get rid of ants in the kitchen",
        "",
    ],
)
def test_what_the_corpus_does_not_cover_is_not_answerable(
    searcher: Searcher, question: str
) -> None:
    assert not searcher.search(searcher.read(question)).answerable


def test_sections_are_ranked_best_first(searcher: Searcher) -> None:
    result = searcher.search(searcher.read("what is CBT?"))
    scores = [found.score for found in result.sections]
    assert scores == sorted(scores, reverse=True)
    assert {found.key for found in result.sections} <= set(searcher.corpus.section_by_key)
    assert 0 <= result.probability <= 1


def test_each_sentence_of_a_section_has_a_score_and_a_vector(searcher: Searcher) -> None:
    result = searcher.search(searcher.read("what is CBT?"))
    for found in result.sections[:2]:
        count = len(found.section.sentences)
        assert searcher.sentence_scores(result, found).shape == (count,)
        assert searcher.sentence_vectors(found).shape == (count, 384)


def test_a_known_vector_gives_the_same_result(searcher: Searcher) -> None:
    query = searcher.read("what is CBT?")
    alone = searcher.search(query)
    given = searcher.search(query, alone.vector)
    assert given.probability == alone.probability
    assert [found.key for found in given.sections] == [found.key for found in alone.sections]


def test_a_folder_without_articles_is_told(deployment: Settings, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There is no article"):
        Searcher.load(tmp_path, deployment.models_dir)
