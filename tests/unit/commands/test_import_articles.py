from __future__ import annotations

from pathlib import Path

import pytest

from commands import import_articles
from tests.unit.assistant.authoring.conftest import PASTED

ID = "why-sleep-matters-in-early-recovery"


@pytest.fixture
def corpus(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of articles of its own, not there yet."""
    bare_environment.setenv("CORPUS", str(tmp_path / "articles"))
    return tmp_path / "articles"


def test_a_file_becomes_a_draft_and_a_report(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sleep.txt").write_text(PASTED, "utf-8")
    assert import_articles.main([str(tmp_path / "sleep.txt")]) == 0
    out = capsys.readouterr().out
    assert f"Written: {corpus / ID}.md" in out
    assert "Left out (" in out
    assert "  - Rewrite the questions" in out
    assert (corpus / f"{ID}.md").is_file()


def test_nothing_is_ever_overwritten(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus.mkdir()
    (corpus / f"{ID}.md").write_text("an editor's work")
    (tmp_path / "sleep.txt").write_text(PASTED, "utf-8")
    assert import_articles.main([str(tmp_path / "sleep.txt")]) == 1
    assert "is there already; rename or remove it first." in capsys.readouterr().err
    assert (corpus / f"{ID}.md").read_text() == "an editor's work"


def test_a_folder_is_imported_and_what_is_bad_in_it_told(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("", "utf-8")
    (folder / "b.txt").write_text(PASTED, "utf-8")
    (folder / "c.md").write_text("# Rest\n\n## How it helps\n\nRest heals.\n", "utf-8")
    (folder / "d.docx").write_bytes(b"not asked for")
    assert import_articles.main([str(folder)]) == 1
    assert capsys.readouterr().err == "a.txt is empty.\n"
    assert sorted(path.name for path in corpus.iterdir()) == ["rest.md", f"{ID}.md"]


@pytest.mark.usefixtures("corpus")
def test_a_refused_file_leaves_nothing_behind(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.html").write_text("<h1>T</h1><h2>A</h2><p>B.</p><script>x()</script>")
    assert import_articles.main([str(tmp_path / "a.html")]) == 1
    assert not corpus.exists()
    assert import_articles.main([str(tmp_path / "a.html"), "--scripts", "drop"]) == 0
    assert "x()" not in (corpus / "t.md").read_text()


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("missing", ["", "no-such-folder/a.txt"])
def test_without_a_file_there_is_one_sentence(
    missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_articles.main([missing]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_empty_folder_is_told(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert import_articles.main([str(tmp_path / "empty")]) == 1
    assert "has no file that is one of .txt" in capsys.readouterr().err
