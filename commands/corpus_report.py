"""`make corpus-report`: writes what the articles cover and lack as an HTML page."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from assistant.authoring.checks import all_findings
from assistant.authoring.report import corpus_report
from assistant.errors import AssistantError, CorpusError
from assistant.retrieval.examples import RANKING_QUESTIONS
from assistant.retrieval.search import Searcher
from assistant.settings import ROOT, load_settings
from commands.steps import fail, step

REPORT = ROOT / "results" / "corpus-report.html"
_QUESTION_FILES = (RANKING_QUESTIONS, ROOT / "tests" / "evaluation" / "questions.jsonl")


def main(arguments: Sequence[str] = ()) -> int:
    """Writes the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", default="", help="a further file of JSON lines with `text`")
    options = parser.parse_args(arguments)
    further = [Path(options.questions)] if options.questions else []
    try:
        settings = load_settings()
        with step("Asking the articles every question"):
            searcher = Searcher.load(settings.corpus, settings.models_dir)
            asked = [text for path in (*_QUESTION_FILES, *further) for text in _texts(path)]
            reached = set(_reached(searcher, asked))
        unreached = [key for key in searcher.corpus.section_by_key if key not in reached]
        findings = all_findings(searcher.parts.index, searcher.corpus, date.today())
        page = corpus_report(searcher.corpus, findings, unreached, len(asked))
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(page, "utf-8")
    except AssistantError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{REPORT} cannot be written: {error.strerror}.")
    print(f"Written: {REPORT.relative_to(ROOT)}")
    return 0


def _reached(searcher: Searcher, texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        result = searcher.search(searcher.read(text))
        if result.answerable:
            yield result.sections[0].key


def _texts(path: Path) -> list[str]:
    try:
        return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError("Is not JSON lines with a text each.", str(path)) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
