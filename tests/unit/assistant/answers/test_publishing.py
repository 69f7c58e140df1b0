from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.compose import Composer
from assistant.answers.live import Live, live_edition, set_live
from assistant.answers.publishing import publish
from assistant.errors import CorpusError, SettingsError
from assistant.settings import Settings
from tests.unit.articles import FRONT_MATTER, changed


def test_nothing_is_live_before_anything_is_published(one_article: Settings) -> None:
    assert live_edition(one_article) is None


def test_what_is_published_is_live(one_article: Settings) -> None:
    live = publish(one_article)
    assert live_edition(one_article) == live
    assert live.question == "What is CBT?"
    assert live.problem == ""


def test_a_broken_article_leaves_what_is_live_and_says_why(one_article: Settings) -> None:
    before = publish(one_article)
    file = one_article.corpus / "care.md"
    file.write_text(FRONT_MATTER + "No heading here.\n", "utf-8")
    with pytest.raises(CorpusError, match="before the first section heading"):
        publish(one_article)
    live = live_edition(one_article)
    assert live is not None
    assert live.edition == before.edition
    assert "care.md:8: There is text before the first section heading." in live.problem
    file.write_text(changed("habits", "thoughts"), "utf-8")
    assert publish(one_article).problem == ""


def test_the_first_article_of_all_must_be_right(one_article: Settings) -> None:
    (one_article.corpus / "care.md").write_text("", "utf-8")
    with pytest.raises(CorpusError):
        publish(one_article)
    assert live_edition(one_article) is None


def test_articles_that_answer_nothing_do_not_go_live(
    one_article: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(one_article)
    (one_article.corpus / "care.md").write_text(changed("habits", "thoughts"), "utf-8")
    monkeypatch.setattr(Composer, "own_question", lambda _: "who won the cup in 1998")
    with pytest.raises(CorpusError, match="finds no answer"):
        publish(one_article)
    live = live_edition(one_article)
    assert live is not None
    assert live.edition == before.edition


def test_another_folder_of_articles_is_another_matter(
    one_article: Settings, tmp_path: Path
) -> None:
    publish(one_article)
    elsewhere = one_article.copy(update={"corpus": tmp_path / "elsewhere"})
    assert live_edition(elsewhere) is None


@pytest.mark.parametrize("content", ["", "[]", '{"edition": 1}', "\x00"])
def test_a_spoilt_note_of_what_is_live_counts_as_none(one_article: Settings, content: str) -> None:
    publish(one_article)
    (one_article.state_dir / "live.json").write_text(content, "utf-8")
    assert live_edition(one_article) is None


def test_a_state_folder_that_cannot_be_written_is_told(
    one_article: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    blocked = one_article.copy(update={"state_dir": tmp_path / "file" / "state"})
    with pytest.raises(SettingsError, match="Cannot write to"):
        set_live(blocked, Live("a", "b", "c"))
