"""Builds what is made once from the corpus: encoder, spaCy pipeline, search index."""

from __future__ import annotations

import sys

from assistant.answers.compose import Composer
from assistant.errors import AssistantError
from assistant.settings import load_settings
from commands.steps import fail


def main() -> int:
    """Builds it and asks one question of it; returns the exit status."""
    try:
        settings = load_settings()
        composer = Composer.load(settings.corpus_dir, settings.models_dir)
    except AssistantError as error:
        return fail(str(error))
    if not composer.answers_own_question():
        return fail("The first question of the first article finds no answer; see `make ask`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
