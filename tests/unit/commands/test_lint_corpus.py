from __future__ import annotations

from pathlib import Path

import pytest

from commands import lint_corpus
from tests.unit.articles import changed


@pytest.fixture
def article(bare_environment: pytest.MonkeyPatch, tmp_path: Path, models: Path) -> Path:
    """The one article of a folder, to be written."""
    (tmp_path / "articles").mkdir()
    bare_environment.setenv("CORPUS", str(tmp_path / "articles"))
    bare_environment.setenv("MODELS_DIR", str(models))
    return tmp_path / "articles" / "care.md"


def test_each_finding_has_a_line_and_the_count_comes_last(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = changed('"cbt"', '"knitting"').replace("updated: 2024", "updated: 2999")
    article.write_text(text, "utf-8")
    assert lint_corpus.main() == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{article}:1: `updated` (2999-01-02) is")
    assert second.startswith(f"{article}:8: `knitting` is not in the glossary.")
    assert last == "1 articles, 1 sections, 2 findings."


def test_an_article_that_cannot_be_read_is_told_with_its_line(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article.write_text(changed("## Cog", "### Cog"), "utf-8")
    assert lint_corpus.main() == 1
    assert capsys.readouterr().err.startswith(f"{article}:8: Only second-level headings")


@pytest.mark.usefixtures("bare_environment")
def test_the_real_corpus_has_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    # All but the articles' age, which grows by itself.
    lint_corpus.main()
    *findings, last = capsys.readouterr().out.splitlines()
    assert last.endswith(f"{len(findings)} findings.")
    assert [finding for finding in findings if "was last updated on" not in finding] == []
