"""Everything that an editor is told about the articles, in one list."""

from __future__ import annotations

from datetime import date

from assistant.authoring.findings import Finding
from assistant.authoring.lint import lint
from assistant.authoring.names import missing_names
from assistant.authoring.overlaps import overlaps
from assistant.corpus.load import GLOSSARY, shown
from assistant.corpus.model import Corpus
from assistant.retrieval.index import SearchIndex


def all_findings(index: SearchIndex, corpus: Corpus, today: date) -> list[Finding]:
    """All findings, in the order of files and lines.

    Args:
        index: of the corpus.
        corpus: articles that parse.
        today: the day that dates are compared with.
    """
    findings = {
        *lint(corpus, today),
        *overlaps(index),
        *missing_names(corpus, shown(GLOSSARY)),
    }
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.what))
