"""`make fit`: fits the ranker anew, after the labelled questions or the features changed."""

from __future__ import annotations

import sys

from assistant.errors import AssistantError
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.fitting import fit_ranker, read_labelled_questions
from assistant.retrieval.ranking import RANKER_FILE
from assistant.settings import ROOT, load_settings
from commands.steps import fail, step


def main() -> int:
    """Writes `data/ranker.json`; returns the exit status."""
    try:
        settings = load_settings()
        with step("Fitting the ranker"):
            parts = SearchParts.load(settings.corpus, settings.models_dir)
            questions = read_labelled_questions()
            fit_ranker(parts, questions).save()
    except AssistantError as error:
        return fail(str(error))
    print(f"{len(questions)} questions, written to {RANKER_FILE.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
