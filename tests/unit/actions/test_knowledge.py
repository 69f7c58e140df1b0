from __future__ import annotations

from dataclasses import replace

import pytest

from actions.knowledge import Knowledge
from assistant.answers.live import live_edition, set_live
from assistant.answers.memory import Memory
from assistant.answers.publishing import publish
from assistant.errors import CorpusError
from assistant.settings import Settings
from tests.unit.articles import changed


def _answer(knowledge: Knowledge) -> str:
    return knowledge.composer.answer("What is CBT?", Memory()).message.text


def _write(one_article: Settings, text: str) -> None:
    (one_article.corpus / "care.md").write_text(text, "utf-8")


def test_a_changed_article_is_answered_from_once_it_is_published(one_article: Settings) -> None:
    knowledge = Knowledge(one_article)
    _write(one_article, changed("change habits", "change thoughts"))
    knowledge.refresh()
    assert "change habits" in _answer(knowledge)
    publish(one_article)
    knowledge.refresh()
    assert "change thoughts" in _answer(knowledge)
    assert knowledge.problem == ""


def test_a_broken_article_changes_no_answer_and_is_told(one_article: Settings) -> None:
    knowledge = Knowledge(one_article)
    _write(one_article, "nothing that is an article")
    with pytest.raises(CorpusError):
        publish(one_article)
    knowledge.refresh()
    assert "change habits" in _answer(knowledge)
    assert "care.md" in knowledge.problem


def test_a_broken_edition_is_refused_and_the_next_one_taken(one_article: Settings) -> None:
    knowledge = Knowledge(one_article)
    live = live_edition(one_article)
    assert live is not None
    set_live(one_article, replace(live, edition="0123456789abcdef"))
    knowledge.refresh()
    assert "change habits" in _answer(knowledge)
    assert "0123456789abcdef cannot be loaded" in knowledge.problem
    _write(one_article, changed("change habits", "change thoughts"))
    publish(one_article)
    knowledge.refresh()
    assert "change thoughts" in _answer(knowledge)
    assert knowledge.problem == ""


def test_a_start_with_a_broken_article_answers_from_what_was_live(one_article: Settings) -> None:
    publish(one_article)
    _write(one_article, "nothing that is an article")
    knowledge = Knowledge(one_article)
    assert "change habits" in _answer(knowledge)
    assert "care.md" in knowledge.problem


def test_a_first_start_with_a_broken_article_fails(one_article: Settings) -> None:
    _write(one_article, "nothing that is an article")
    with pytest.raises(CorpusError):
        Knowledge(one_article)


def test_what_was_said_before_a_change_is_not_mixed_with_it(one_article: Settings) -> None:
    knowledge = Knowledge(one_article)
    memory = knowledge.composer.answer("What is CBT?", Memory()).memory
    _write(one_article, changed("change habits", "change thoughts"))
    publish(one_article)
    knowledge.refresh()
    for reply in (knowledge.composer.sources(memory), knowledge.composer.more(memory)):
        assert "brought up to date" in reply.message.text
        assert not reply.message.sources
