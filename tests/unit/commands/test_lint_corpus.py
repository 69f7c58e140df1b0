from __future__ import annotations

from pathlib import Path

import pytest

from commands import lint_corpus
from tests.unit.articles import changed


def _main(environment: pytest.MonkeyPatch, folder: Path) -> int:
    environment.setenv("CORPUS", str(folder))
    return lint_corpus.main()


def test_each_finding_has_a_line_and_the_count_comes_last(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = changed('"cbt"', '"knitting"').replace("updated: 2024", "updated: 2999")
    (tmp_path / "care.md").write_text(text, "utf-8")
    assert _main(bare_environment, tmp_path) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{tmp_path}/care.md:1: `updated` (2999-01-02) is")
    assert second.startswith(f"{tmp_path}/care.md:8: `knitting` is not in the glossary.")
    assert last == "1 articles, 1 sections, 2 findings."


def test_an_article_that_cannot_be_read_is_told_with_its_line(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "care.md").write_text(changed("## Cog", "### Cog"), "utf-8")
    assert _main(bare_environment, tmp_path) == 1
    assert capsys.readouterr().err.startswith(f"{tmp_path}/care.md:8: Only second-level headings")


@pytest.mark.usefixtures("bare_environment")
def test_the_real_corpus_has_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    # All but the articles' age, which grows by itself.
    lint_corpus.main()
    *findings, last = capsys.readouterr().out.splitlines()
    assert last.endswith(f"{len(findings)} findings.")
    assert [finding for finding in findings if "was last updated on" not in finding] == []
