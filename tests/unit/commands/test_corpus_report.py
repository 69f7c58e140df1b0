from __future__ import annotations

from pathlib import Path

import pytest

from commands import corpus_report


@pytest.fixture
def report(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the page is written to, and one question instead of all."""
    path = tmp_path / "results" / "report.html"
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"text": "what is CBT?"}\n', "utf-8")
    bare_environment.setattr(corpus_report, "ROOT", tmp_path)
    bare_environment.setattr(corpus_report, "REPORT", path)
    bare_environment.setattr(corpus_report, "_QUESTION_FILES", (questions,))
    return path


def test_the_report_is_written_with_what_no_question_reached(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert corpus_report.main() == 0
    assert "Written: results/report.html" in capsys.readouterr().out
    page = report.read_text("utf-8")
    assert "<li>psychotherapy-in-rehab#relapse</li>" in page
    assert "<li>psychotherapy-in-rehab#cbt</li>" not in page


def test_a_file_that_holds_no_questions_is_told(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.jsonl").write_text("what is CBT?\n", "utf-8")
    assert corpus_report.main(["--questions", str(tmp_path / "mine.jsonl")]) == 1
    assert "Is not JSON lines with a text each." in capsys.readouterr().err
    assert not report.exists()
