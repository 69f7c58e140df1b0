from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from assistant.authoring.proposing import Proposer, as_draft
from assistant.errors import CorpusError
from assistant.retrieval import examples
from assistant.retrieval.cases import FOLDS, folds, weigh_alone
from assistant.retrieval.examples import (
    LabelledQuestion,
    questions_of_the_field,
    read_examples,
    read_labelled_questions,
)
from assistant.retrieval.fitting import fit_ranker
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
    monkeypatch.setattr(examples, "NLU", folder)
    return folder


def test_every_question_that_teaches_names_sections_that_are_there(searcher: Searcher) -> None:
    wanted = {key for question in read_labelled_questions() for key in question.sections}
    assert sorted(wanted - set(searcher.corpus.section_by_key)) == []


def test_questions_teach_to_answer_and_to_abstain(searcher: Searcher) -> None:
    questions = read_labelled_questions()
    assert sum(bool(question.sections) for question in questions) > 100
    assert sum(not question.sections for question in questions) > 100


@pytest.mark.usefixtures("tenth_of_nlu")
def test_fitting_learns_to_answer_and_to_abstain(searcher: Searcher, language: Language) -> None:
    questions = read_labelled_questions()[::4]
    proposer = Proposer(language)
    articles = [as_draft(article, proposer) for article in searcher.corpus.articles[::12]]
    drafts = weigh_alone(articles, searcher.parts, language, questions)
    ranker, held_out, of_drafts = fit_ranker(searcher.parts, questions, drafts)
    fitted = Searcher(searcher.parts, ranker, searcher.matching)
    assert fitted.search(fitted.read("What is CBT?")).answerable
    assert not fitted.search(fitted.read("best hand in texas hold em")).answerable
    for judgement in (ranker.edited, ranker.drafted):
        assert 0 < judgement.threshold <= judgement.certain < 1
    assert len(of_drafts.probability) == len(drafts)
    # Told by weights that have not seen them: most are told apart, some are not.
    sides = [held_out.probability[held_out.answerable == known].mean() for known in (True, False)]
    assert sides[0] > 0.7 > 0.3 > sides[1]
    assert held_out.first[held_out.answerable].mean() > 0.5
    assert np.all(held_out.first <= held_out.first_three)
    assert not held_out.first_three[~held_out.answerable].any()


def test_other_wordings_about_an_article_are_in_one_fold() -> None:
    questions = [
        *(LabelledQuestion(f"q{n}", frozenset({"detox#what", f"detox#{n}"})) for n in range(5)),
        *(LabelledQuestion(f"none {n}", frozenset()) for n in range(50)),
    ]
    fold = folds(questions)
    assert len(set(fold[:5])) == 1
    assert set(fold) == set(range(FOLDS))
    assert list(fold) == list(folds(questions))


@pytest.mark.usefixtures("small_nlu")
def test_only_questions_are_of_the_field() -> None:
    assert questions_of_the_field() == [
        *("what is CBT", "define detox", "how much is it", "what does rehab cost")
    ]


@pytest.mark.usefixtures("small_nlu")
def test_too_few_other_subjects_to_set_a_threshold_by_are_told(searcher: Searcher) -> None:
    questions = [q for q in read_labelled_questions() if not q.other_subject][::20]
    with pytest.raises(CorpusError, match="More examples of other subjects are needed"):
        fit_ranker(searcher.parts, questions, [])


def test_fitting_on_a_corpus_that_no_question_names_is_refused_in_plain_words(
    searcher_of: Callable[..., Searcher],
) -> None:
    other = searcher_of(GOOD, changed("id: care", "id: more"))
    with pytest.raises(CorpusError, match="Questions with and without an answer are needed"):
        fit_ranker(other.parts, read_labelled_questions(), [])


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
    monkeypatch.setattr(examples, "RANKING_QUESTIONS", path)
    with pytest.raises(CorpusError, match=r"ranking\.jsonl: Is not JSON lines"):
        read_labelled_questions()
