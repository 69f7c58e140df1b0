from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.live import live_edition
from assistant.settings import load_settings
from commands import index
from tests.unit.articles import GOOD, changed


@pytest.fixture
def article(bare_environment: pytest.MonkeyPatch, tmp_path: Path, models: Path) -> Path:
    """A folder with one article, and folders of its own for all that is made of it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    bare_environment.setenv("CORPUS", str(folder))
    bare_environment.setenv("MODELS_DIR", str(models))
    bare_environment.setenv("STATE_DIR", str(tmp_path / "state"))
    path = folder / "care.md"
    path.write_text(GOOD, "utf-8")
    return path


def test_index_says_what_is_live(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert index.main() == 0
    live = live_edition(load_settings())
    assert live is not None
    assert capsys.readouterr().out == f"Live: {article.parent}, edition {live.edition}.\n"


@pytest.mark.parametrize(("arguments", "status"), [((), 1), (("--or-keep",), 0)])
def test_a_broken_article_is_told_and_what_was_live_stays(
    article: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    status: int,
) -> None:
    index.main()
    before = live_edition(load_settings())
    article.write_text(changed("{#cbt ", "{ "), "utf-8")
    capsys.readouterr()
    assert index.main(arguments) == status
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("care.md:8: A heading needs an id, as in {#cbt}.")
    assert second == "Visitors get answers from the articles as they were before."
    after = live_edition(load_settings())
    assert before is not None
    assert after is not None
    assert after.edition == before.edition
