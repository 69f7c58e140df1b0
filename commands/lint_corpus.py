"""`make lint-corpus`: says what falls short in the articles, with file and line."""

from __future__ import annotations

import sys
from datetime import date

from assistant.corpus.lint import lint
from assistant.corpus.load import load_corpus
from assistant.errors import AssistantError
from assistant.settings import load_settings
from commands.steps import fail


def main() -> int:
    """Prints every finding; returns 1 when there is one."""
    try:
        corpus = load_corpus(load_settings().corpus)
    except AssistantError as error:
        return fail(str(error))
    findings = lint(corpus, date.today())
    for finding in findings:
        print(finding)
    sections = sum(1 for _ in corpus.sections())
    print(f"{len(corpus.articles)} articles, {sections} sections, {len(findings)} findings.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
