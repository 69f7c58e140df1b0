from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.retrieval import editions
from assistant.retrieval.editions import SearchParts, make_edition
from assistant.settings import Settings
from tests.unit.articles import GOOD, changed


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "care.md").write_text(GOOD, "utf-8")
    return folder


def test_an_edition_holds_the_articles_as_they_were(articles: Path, models: Path) -> None:
    edition = make_edition(articles, models)
    (articles / "care.md").write_text("no article any more", "utf-8")
    parts = SearchParts.open(edition, models)
    (article,) = parts.corpus.articles
    assert article.title == "A guide to care"
    assert article.body in GOOD
    assert parts.edition == edition
    assert len(parts.index.vectors.questions) == 4


def test_what_is_loaded_equals_what_was_parsed(corpus: object, deployment: Settings) -> None:
    parts = SearchParts.load(deployment.corpus, deployment.models_dir)
    assert parts.corpus == corpus


def test_the_same_articles_are_the_same_edition(articles: Path, models: Path) -> None:
    first = make_edition(articles, models)
    assert make_edition(articles, models) == first
    (articles / "care.md").write_text(changed("habits", "thoughts"), "utf-8")
    second = make_edition(articles, models)
    assert second != first
    before, after = SearchParts.open(first, models), SearchParts.open(second, models)
    assert np.array_equal(before.index.vectors.questions, after.index.vectors.questions)
    assert not np.array_equal(before.index.vectors.sentences, after.index.vectors.sentences)


@pytest.mark.parametrize("name", ["corpus.json", "vectors.npz", "words/sections/params.index.json"])
@pytest.mark.parametrize("content", [None, b"", b"\x00\xff"])
def test_an_edition_that_is_not_whole_is_refused(
    articles: Path, models: Path, name: str, content: bytes | None
) -> None:
    edition = make_edition(articles, models)
    file = models / "editions" / edition / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CorpusError, match="not whole"):
        SearchParts.open(edition, models)


def test_an_edition_that_was_never_made_is_refused(models: Path) -> None:
    with pytest.raises(CorpusError, match="not whole"):
        SearchParts.open("0123456789abcdef", models)


def test_a_broken_last_edition_does_not_stop_the_next(articles: Path, models: Path) -> None:
    first = make_edition(articles, models)
    (models / "editions" / first / "vectors.npz").write_bytes(b"broken")
    (articles / "care.md").write_text(changed("habits", "thoughts"), "utf-8")
    assert len(SearchParts.load(articles, models).index) == 1


def test_old_editions_are_forgotten(
    articles: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "_KEPT", 2)
    names = []
    for word in ("habits", "thoughts", "plans"):
        (articles / "care.md").write_text(changed("habits", word), "utf-8")
        names.append(make_edition(articles, models))
    assert sorted(path.name for path in (models / "editions").iterdir()) == sorted(names[1:])


def test_an_edition_that_is_asked_for_again_outlives_newer_ones(
    articles: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "_KEPT", 2)
    names = []
    for word in ("habits", "thoughts", "habits", "plans"):
        (articles / "care.md").write_text(changed("habits", word), "utf-8")
        names.append(make_edition(articles, models))
    assert {path.name for path in (models / "editions").iterdir()} == {names[0], names[3]}
