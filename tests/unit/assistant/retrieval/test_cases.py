from __future__ import annotations

import pytest
from spacy.language import Language

from assistant.authoring.proposing import Proposer, as_draft
from assistant.corpus.model import section_key
from assistant.retrieval.cases import weigh_alone
from assistant.retrieval.examples import LabelledQuestion
from assistant.retrieval.search import Searcher
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
    assert draft.draft
    assert "Do they sing in rehab?" not in draft.sections[0].questions
    assert "Singing together" in draft.sections[0].questions
    assert draft.sections[0].sentences == _ARTICLE.sections[0].sentences


@pytest.mark.usefixtures("tenth_of_nlu")
def test_an_article_is_asked_its_own_questions_and_as_many_others(
    searcher: Searcher, language: Language
) -> None:
    corpus = searcher.corpus
    article = corpus.article_by_id["peer-support-groups"]
    its_topics = {topic for section in article.sections for topic in section.topics}
    others = {
        its_topics.isdisjoint(section.topics): section_key(other, section)
        for other, section in corpus.sections()
        if other != article
    }
    own = section_key(article, article.sections[0])
    cases = weigh_alone(
        [article],
        searcher.parts,
        language,
        [
            LabelledQuestion("what is a support group", frozenset({own})),
            # Nobody has said whether this article answers it, too.
            LabelledQuestion("a question on one of its topics", frozenset({others[False]})),
            LabelledQuestion("a question on none of them", frozenset({others[True]})),
            LabelledQuestion("who won the match", frozenset(), other_subject=True),
        ],
    )
    assert {case.question.text: case.answerable for case in cases} == {
        "what is a support group": True,
        "a question on none of them": False,
        "who won the match": False,
    }
