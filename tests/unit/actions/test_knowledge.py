from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from actions.knowledge import Knowledge
from assistant.answers.live import live_edition, set_live
from assistant.answers.memory import Memory
from assistant.answers.publishing import publish
from assistant.errors import CorpusError
from assistant.settings import Settings
from tests.unit.articles import GOOD, changed


@pytest.fixture
def settings(tmp_path: Path, deployment: Settings) -> Settings:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "care.md").write_text(GOOD, "utf-8")
    return deployment.copy(update={"corpus": folder, "state_dir": tmp_path / "state"})


def _answer(knowledge: Knowledge) -> str:
    return knowledge.composer.answer("What is CBT?", Memory()).message.text


def _write(settings: Settings, text: str) -> None:
    (settings.corpus / "care.md").write_text(text, "utf-8")


def test_a_changed_article_is_answered_from_once_it_is_published(settings: Settings) -> None:
    knowledge = Knowledge(settings)
    _write(settings, changed("change habits", "change thoughts"))
    knowledge.refresh()
    assert "change habits" in _answer(knowledge)
    publish(settings)
    knowledge.refresh()
    assert "change thoughts" in _answer(knowledge)
    assert knowledge.problem == ""


def test_a_broken_article_changes_no_answer_and_is_told(settings: Settings) -> None:
    knowledge = Knowledge(settings)
    _write(settings, "nothing that is an article")
    with pytest.raises(CorpusError):
        publish(settings)
    knowledge.refresh()
    assert "change habits" in _answer(knowledge)
    assert "care.md" in knowledge.problem


def test_a_broken_edition_is_refused_and_the_next_one_taken(settings: Settings) -> None:
    knowledge = Knowledge(settings)
    live = live_edition(settings)
    assert live is not None
    set_live(settings, replace(live, edition="0123456789abcdef"))
    knowledge.refresh()
    assert "change habits" in _answer(knowledge)
    assert "0123456789abcdef cannot be loaded" in knowledge.problem
    _write(settings, changed("change habits", "change thoughts"))
    publish(settings)
    knowledge.refresh()
    assert "change thoughts" in _answer(knowledge)
    assert knowledge.problem == ""


def test_a_start_with_a_broken_article_answers_from_what_was_live(settings: Settings) -> None:
    publish(settings)
    _write(settings, "nothing that is an article")
    knowledge = Knowledge(settings)
    assert "change habits" in _answer(knowledge)
    assert "care.md" in knowledge.problem


def test_a_first_start_with_a_broken_article_fails(settings: Settings) -> None:
    _write(settings, "nothing that is an article")
    with pytest.raises(CorpusError):
        Knowledge(settings)


def test_what_was_said_before_a_change_is_not_mixed_with_it(settings: Settings) -> None:
    knowledge = Knowledge(settings)
    memory = knowledge.composer.answer("What is CBT?", Memory()).memory
    _write(settings, changed("change habits", "change thoughts"))
    publish(settings)
    knowledge.refresh()
    for reply in (knowledge.composer.sources(memory), knowledge.composer.more(memory)):
        assert "brought up to date" in reply.message.text
        assert not reply.message.sources
