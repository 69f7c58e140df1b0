from __future__ import annotations

from spacy.language import Language

from assistant.authoring.proposing import Proposer
from assistant.retrieval.examples import LabelledQuestion
from assistant.retrieval.search import Searcher
from tests.evaluation.drafts import Asked, as_draft, ask_each, line
from tests.unit.articles import FRONT_MATTER, corpus_of

_BODY = """## Singing together {#singing topics="psychotherapy" aspects="benefit"}

questions:
- Do they sing in rehab?
- Is there a choir in rehab?

People in the choir sing for an hour each week and feel less alone.

## Working in the garden {#garden topics="psychotherapy" aspects="benefit"}

questions:
- Is there a garden?
- Can I grow plants during treatment?

People who like plants can help in the garden on most mornings.
"""
(_ARTICLE,) = corpus_of(FRONT_MATTER + _BODY).articles


def test_a_draft_has_the_importers_questions_and_the_articles_sentences(
    language: Language,
) -> None:
    draft = as_draft(_ARTICLE, Proposer(language))
    assert "Do they sing in rehab?" not in draft.sections[0].questions
    assert "Singing together" in draft.sections[0].questions
    assert draft.sections[0].sentences == _ARTICLE.sections[0].sentences


def test_an_article_is_asked_its_own_questions_and_as_many_others(
    searcher: Searcher, language: Language
) -> None:
    own = LabelledQuestion("do they sing in rehab", frozenset({f"{_ARTICLE.id}#singing"}))
    other = LabelledQuestion("what does a liver do", frozenset({"elsewhere#liver"}))
    fared = ask_each([_ARTICLE], searcher.parts, language, [own, other])
    assert fared == [Asked(True, True, True), Asked(False, False, False)]


def test_the_table_counts_what_belongs_apart_from_what_does_not() -> None:
    fared = [Asked(True, True, True), Asked(True, False, True), Asked(False, True, False)]
    assert line("drafts", fared) == "| drafts | 2 | 100 % | 50 % | 100 % |"
