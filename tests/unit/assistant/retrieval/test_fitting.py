from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.retrieval import fitting
from assistant.retrieval.fitting import (
    fit_ranker,
    read_examples,
    read_labelled_questions,
)
from assistant.retrieval.search import Searcher
from tests.unit.articles import GOOD, changed

NLU = """\
version: "3.1"
nlu:
- intent: ask_definition
  examples: |
    - what is CBT
    - define detox
- intent: ask_cost
  examples: |
    - how much is it
    - what does rehab cost
- intent: greet
  examples: |
    - hello
    - good morning
"""


@pytest.fixture
def small_nlu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The NLU data of three intents, because the real ones take ten seconds."""
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "all.yml").write_text(NLU, "utf-8")
    monkeypatch.setattr(fitting, "NLU", folder)
    return folder


def test_every_question_that_teaches_names_sections_that_are_there(searcher: Searcher) -> None:
    wanted = {key for question in read_labelled_questions() for key in question.sections}
    assert sorted(wanted - set(searcher.corpus.section_by_key)) == []


def test_questions_teach_to_answer_and_to_abstain(searcher: Searcher) -> None:
    questions = read_labelled_questions()
    assert sum(bool(question.sections) for question in questions) > 100
    assert sum(not question.sections for question in questions) > 100


@pytest.mark.usefixtures("small_nlu")
def test_fitting_learns_to_answer_and_to_abstain(searcher: Searcher) -> None:
    ranker = fit_ranker(searcher.parts, read_labelled_questions()[::10])
    fitted = Searcher(searcher.parts, ranker)
    assert fitted.search(fitted.read("What is CBT?")).answerable
    assert not fitted.search(fitted.read("best hand in texas hold em")).answerable


def test_fitting_on_a_corpus_that_no_question_names_is_refused_in_plain_words(
    searcher_of: Callable[..., Searcher],
) -> None:
    other = searcher_of(GOOD, changed("id: care", "id: more"))
    with pytest.raises(CorpusError, match="Questions with and without an answer are needed"):
        fit_ranker(other.parts, read_labelled_questions())


@pytest.mark.parametrize("text", ["", "nlu: 1", "nlu:\n- intent: a", "[", "- a"])
def test_what_is_not_nlu_data_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(CorpusError, match=r"nlu\.yml: Is not Rasa NLU data"):
        read_examples(path)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "a"}', '{"text": "a", "sections": 1}'])
def test_labelled_questions_that_are_malformed_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    path = tmp_path / "ranking.jsonl"
    path.write_text(line + "\n", "utf-8")
    monkeypatch.setattr(fitting, "RANKING_QUESTIONS", path)
    with pytest.raises(CorpusError, match=r"ranking\.jsonl: Is not JSON lines"):
        read_labelled_questions()
