"""`make lint-corpus`: says what falls short in the articles, with file and line."""

from __future__ import annotations

import sys
from datetime import date

from assistant.authoring.checks import all_findings
from assistant.errors import AssistantError
from assistant.retrieval.editions import SearchParts
from assistant.settings import load_settings
from commands.steps import fail


def main() -> int:
    """Prints every finding; returns 1 when there is one."""
    try:
        settings = load_settings()
        parts = SearchParts.load(settings.corpus, settings.models_dir)
    except AssistantError as error:
        return fail(str(error))
    corpus = parts.corpus
    findings = all_findings(parts.index, corpus, date.today())
    for finding in findings:
        print(finding)
    sections = sum(1 for _ in corpus.sections())
    print(f"{len(corpus.articles)} articles, {sections} sections, {len(findings)} findings.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
