"""`python -m tests.evaluation.drafts`: what rewriting a draft's questions is worth.

Each article stands alone, as after an import: once with the questions, topics and aspects
that the importer proposes for its sections, once with those that its editors wrote. The
labelled questions are asked of it, and judged in cross-validation by weights that are
fitted for the one and for the other.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from assistant.authoring.proposing import Proposer, as_draft
from assistant.corpus.model import Article
from assistant.errors import AssistantError
from assistant.retrieval.calibration import ONE_DRAFT, choose_limits
from assistant.retrieval.cases import Case, weigh, weigh_alone
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.examples import read_labelled_questions
from assistant.retrieval.fitting import FieldExamples, HeldOut, judge_held_out
from assistant.retrieval.language import build_pipeline
from assistant.settings import load_settings
from commands.steps import fail, step


def main() -> int:
    """Prints both lines of the table; returns 1 when it cannot be measured."""
    try:
        with step("Asking every article alone"):
            settings = load_settings()
            parts = SearchParts.load(settings.corpus, settings.models_dir)
            questions = read_labelled_questions()
            language = build_pipeline(parts.corpus.glossary)
            proposer = Proposer(language)
            whole = weigh(parts, questions)
            odds = FieldExamples.read(parts, whole).log_odds(whole)
            foreign = {case.question.text: each for case, each in zip(whole, odds, strict=True)}

            def ask(articles: Sequence[Article]) -> HeldOut:
                cases: list[Case] = weigh_alone(articles, parts, language, questions)
                return judge_held_out(cases, np.array([foreign[c.question.text] for c in cases]))

            edited = ask(parts.corpus.articles)
            drafted = ask([as_draft(article, proposer) for article in parts.corpus.articles])
    except AssistantError as error:
        return fail(str(error))
    print("\n| questions | asked | first | answered | first and answered | foreign answered |")
    print(f"{'|---' * 6}|")
    print(line("as proposed by the importer", drafted))
    print(line("as written by editors", edited))
    return 0


def line(name: str, fared: HeldOut) -> str:
    """A row of the table."""
    limits = choose_limits(*fared.new(), ONE_DRAFT)
    answered, own = fared.probability >= limits.answer, fared.answerable
    foreign = answered[~own & ~fared.other_subject]
    shares = [fared.first[own], answered[own], (fared.first & answered)[own], foreign]
    shown = " | ".join(f"{100 * share.mean():.0f} %" for share in shares)
    return f"| {name} | {own.sum()} | {shown} |"


if __name__ == "__main__":
    sys.exit(main())
