"""`make fit`: fits the ranker and the classifier of emergencies anew.

After their labelled examples, their features or the encoder changed.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from assistant.answers.compose import Composer
from assistant.answers.leaning import Leaning
from assistant.answers.leaning_fitting import fit_leaning, read_conversations
from assistant.authoring.proposing import Proposer, as_draft
from assistant.errors import AssistantError
from assistant.provider import load_provider
from assistant.retrieval.calibration import (
    ONE_DRAFT,
    WHOLE_FIELD,
    Mix,
    brier_score,
    calibration_error,
    near,
    risk_coverage,
    show_points,
)
from assistant.retrieval.cases import weigh_alone
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.examples import ordinary_messages, read_labelled_questions
from assistant.retrieval.fitting import HeldOut, fit_ranker
from assistant.retrieval.language import build_pipeline
from assistant.retrieval.match_fitting import fit_matching, read_section_answers, right_first
from assistant.retrieval.matching import MATCHING_FILE
from assistant.retrieval.ranking import RANKER_FILE, Judgement, Ranker
from assistant.retrieval.search import Searcher
from assistant.retrieval.sentence_fitting import fit_sentences, read_sentence_choices
from assistant.safety.classifier import CLASSIFIER_FILE, save_classifier
from assistant.safety.examples import read_emergency_examples
from assistant.safety.fitting import Report, fit_classifier
from assistant.settings import ROOT, load_settings
from commands.steps import fail, step


def main() -> int:
    """Writes `data/ranker.json` and `data/safety/classifier.json`; returns the exit status."""
    try:
        settings = load_settings()
        with step("Fitting the ranker"):
            parts = SearchParts.load(settings.corpus, settings.models_dir)
            questions = read_labelled_questions()
            language = build_pipeline(parts.corpus.glossary)
            proposer = Proposer(language)
            drafts = [as_draft(article, proposer) for article in parts.corpus.articles]
            alone = weigh_alone(drafts, parts, language, questions)
            ranker, held_out, of_drafts = fit_ranker(parts, questions, alone)
        with step("Fitting what answers what"):
            answered = read_section_answers(parts.index)
            matching = fit_matching(parts.index, answered)
            matching.save()
            choices = fit_sentences(Searcher(parts, ranker, matching), read_sentence_choices())
            replace(ranker, sentences=choices).save()
            plain, learnt = right_first(parts.index, answered)
        with step("Fitting how messages lean on answers"):
            searcher = Searcher(parts, Ranker.load(), matching)
            composer = Composer(searcher, load_provider(), Leaning.none())
            fit_leaning(composer, read_conversations(), questions).save()
        with step("Fitting the classifier of emergencies"):
            encoder = parts.encoder
            asked = [each.text for each in questions if not each.other_subject]
            classifier, report = fit_classifier(
                read_emergency_examples(),
                ordinary_messages(),
                asked,
                lambda text: encoder.encode([text])[0],
                encoder.version,
            )
            save_classifier(classifier)
    except AssistantError as error:
        return fail(str(error))
    print(f"{len(questions)} questions, written to {RANKER_FILE.relative_to(ROOT)}.")
    _show_held_out("questions held back", ranker.edited, held_out, WHOLE_FIELD)
    _show_held_out("questions held back, asked of drafts", ranker.drafted, of_drafts, ONE_DRAFT)
    print(
        f"{len(answered)} questions with readers' choices, written to "
        f"{MATCHING_FILE.relative_to(ROOT)}. The best sentence is one of theirs, of every fifth "
        f"question held back: by likeness {plain:.1%}, by what is learnt {learnt:.1%}."
    )
    print(f"Emergencies, written to {CLASSIFIER_FILE.relative_to(ROOT)}; on examples left out:")
    _show(report)
    return 0


def _show_held_out(name: str, judgement: Judgement, held_out: HeldOut, mix: Mix) -> None:
    judged = held_out.probability, held_out.answerable
    print(
        f"On {name} (five-fold, by article): calibration error "
        f"{calibration_error(*judged):.3f}, Brier score {brier_score(*judged):.3f}. "
        f"Answers from {judgement.threshold:.2f}, in doubt from {judgement.certain:.2f}:"
    )
    points = risk_coverage(*held_out.new(), mix)
    print(show_points(near(points, judgement.threshold, judgement.certain)))


def _show(report: Report) -> None:
    print(f"{'recall':22}{'patterns':>9}{'classifier':>11}{'both':>7}")
    for name, (patterns, classifier, both) in report.recall.items():
        print(f"{name:22}{patterns:9.1%}{classifier:11.1%}{both:7.1%}")
    patterns_alone, both = report.false_alarms
    print(f"{'false alarms':22}{patterns_alone:9.1%}{'':11}{both:7.1%}")


if __name__ == "__main__":
    sys.exit(main())
