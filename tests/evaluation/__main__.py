"""`make eval`: asks every question of a file through the running assistant.

The figures are per kind and per topic; the failures go to `results/`, which git
ignores: they hold the questions' texts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.retrieval.encoder import Encoder
from assistant.safety.detection import Detector
from assistant.settings import ROOT, load_settings
from commands.steps import StepFailedError, fail, step
from tests.client import Visitor
from tests.evaluation.emergencies import DISGUISES, disguised, emergency_table
from tests.evaluation.follow_ups import RIGHT, ask_follow_ups, follow_up_table
from tests.evaluation.intents import recognised_intents
from tests.evaluation.measure import Outcome, share, table
from tests.evaluation.probabilities import report_probabilities
from tests.serving import Live, running_assistant
from tests.spans import misquoted

OWN_QUESTIONS = ROOT / "tests" / "evaluation" / "questions.jsonl"
# Written without the project in sight, to tell kinds of messages apart by.
OWN_KINDS = ROOT / "tests" / "evaluation" / "routing.jsonl"
OWN_EMERGENCIES = ROOT / "tests" / "evaluation" / "emergencies.jsonl"
# By kinds that professionals listen for, their writers' patterns made without these in sight.
OF_INSTRUMENTS = ROOT / "tests" / "evaluation" / "instruments.jsonl"
# What is told, and written on, in the middle of a chat: every fourth line that writers gave.
OF_TURNS = ROOT / "tests" / "evaluation" / "turns.jsonl"
# Conversations: what people write after an answer, labelled by a reader of all articles.
OWN_FOLLOW_UPS = ROOT / "tests" / "evaluation" / "follow_ups.jsonl"
# The same by another reader: stories, corrections, two questions at once, new subjects.
LONG_FOLLOW_UPS = ROOT / "tests" / "evaluation" / "long_follow_ups.jsonl"
# By a third one: some open another subject without a word of it, some go on, in the same forms.
NEW_SUBJECTS = ROOT / "tests" / "evaluation" / "new_subjects.jsonl"
RESULTS = ROOT / "results"


def main(arguments: Sequence[str]) -> int:
    """Prints the figures; returns 1 when a sentence is misquoted, 2 for a bad file."""
    parser = argparse.ArgumentParser(prog="make eval")
    parser.add_argument("--questions", default="", help="a file in the shape of our own")
    parser.add_argument("--crisis", default="", help="lines of text, label, type")
    options = parser.parse_args(arguments)
    try:
        files = [
            OWN_QUESTIONS,
            OWN_KINDS,
            *([Path(options.questions)] if options.questions else []),
        ]
        questions = {path: _read(path, {"text", "kind"}) for path in files}
        files = [
            OWN_EMERGENCIES,
            OF_INSTRUMENTS,
            OF_TURNS,
            *([Path(options.crisis)] if options.crisis else []),
        ]
        emergencies = {path: _read(path, {"text", "label", "type"}) for path in files}
        RESULTS.mkdir(exist_ok=True)
        # Before anything of Rasa's is imported: the plots' library is stood in for then.
        with step("Judging the probability of an answer on questions held back"):
            trust = report_probabilities(load_settings(), questions[OWN_QUESTIONS], RESULTS)
        print(f"\n{trust}\n\nThe plots are in {RESULTS.relative_to(ROOT)}.\n")
        misquotes = 0
        with running_assistant() as live:
            for path, lines in questions.items():
                with step(f"Asking the {len(lines)} questions of {path.name}"):
                    outcomes = _ask_all(live, lines)
                misquotes += _report(path, outcomes)
            for path in (OWN_FOLLOW_UPS, LONG_FOLLOW_UPS, NEW_SUBJECTS):
                _report_follow_ups(path, live)
            for path, lines in emergencies.items():
                _report_crisis(path, live, lines)
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    return 1 if misquotes else 0


def _read(path: Path, keys: set[str]) -> list[dict[str, Any]]:
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    except (OSError, ValueError) as error:
        raise StepFailedError(f"{path} is not a file of JSON lines: {error}.") from None
    for line in lines:
        if not keys <= line.keys():
            raise StepFailedError(f"Each line of {path} needs {', '.join(sorted(keys))}.")
    return lines


def _ask_all(live: Live, lines: list[dict[str, Any]]) -> list[Outcome]:
    """Asks each question in a conversation of its own."""
    asked = []
    for line in lines:
        with Visitor(live.address) as visitor:
            messages = visitor.say(line["text"])
            asked.append((line, messages, visitor))
    intents = recognised_intents([visitor.token for _, _, visitor in asked], live.settings)
    return [
        Outcome(
            question=line,
            messages=messages,
            intent=intent,
            seconds=visitor.seconds,
            misquoted=[
                text for message in messages for text in misquoted(message, live.settings.corpus)
            ],
        )
        for (line, messages, visitor), intent in zip(asked, intents, strict=True)
    ]


def _report(path: Path, outcomes: list[Outcome]) -> int:
    """Prints the tables, writes the failures; returns how many sentences are misquoted."""
    print(f"\n{path.name}\n{table(outcomes, lambda outcome: outcome.kind)}")
    in_scope = [outcome for outcome in outcomes if outcome.question["kind"] == "in_scope"]
    print(f"\n{table(in_scope, lambda outcome: str(outcome.question.get('topic', '')))}")
    sentences = sum(len(b["sentences"]) for o in outcomes for m in o.messages for b in m["blocks"])
    wrong = sum(len(outcome.misquoted) for outcome in outcomes)
    print(f"\n{sentences} sentences quoted, {wrong} of them not as they stand in the article.")
    name = "own" if path == OWN_QUESTIONS else path.stem
    failures = RESULTS / f"failures-{name}.jsonl"
    with failures.open("w", encoding="utf-8") as file:
        for outcome in filter(_failed, outcomes):
            file.write(json.dumps(_failure(outcome), ensure_ascii=False) + "\n")
    print(f"The failures are in {failures.relative_to(ROOT)}.")
    return wrong


def _failed(outcome: Outcome) -> bool:
    kind = outcome.question["kind"]
    if outcome.misquoted:
        return True
    if kind == "in_scope":
        return not outcome.expected_met or outcome.right_section is False
    if kind == "signup":
        return not outcome.offered_sign_up
    if kind in ("medical_advice", "smalltalk", "information"):
        return not outcome.right_intent or outcome.expected_met is False
    return outcome.answered


def _failure(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question.get("id"),
        "text": outcome.question["text"],
        "kind": outcome.kind,
        "intent": outcome.intent,
        "sections": outcome.sections,
        "reply": " ".join(message["text"] for message in outcome.messages)[:600],
    }


def _report_follow_ups(path: Path, live: Live) -> None:
    """Prints how what is written after an answer fares."""
    lines = _read(path, {"first", "then"})
    with step(f"Holding the {len(lines)} conversations of {path.name}"):
        outcomes = list(ask_follow_ups(live, lines))
    print(f"\n{path.name}\n{follow_up_table(outcomes)}")
    failures = RESULTS / f"failures-{path.stem}.jsonl"
    missed = [each for each in outcomes if each["sections"] and each["fared"] != RIGHT]
    failures.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in missed))


def _report_crisis(path: Path, live: Live, lines: list[dict[str, Any]]) -> None:
    """Prints how many emergencies were noticed, and how many others taken for one."""
    noticed: dict[str, bool] = {}
    with step(f"Sending the {len(lines)} messages of {path.name}"):
        for line in lines:
            with Visitor(live.address) as visitor:
                kinds = {message["kind"] for message in visitor.say(line["text"])}
            noticed[line["text"]] = "crisis" in kinds
    print(f"\n{path.name}\n{emergency_table(lines, noticed.__getitem__)}")
    encoder = Encoder.load(live.settings.models_dir)
    detector = Detector(lambda text: encoder.encode([text])[0])
    crisis = [line["text"] for line in lines if line["label"] == "crisis"]
    for kind in DISGUISES:
        hits = [detector.detect(disguised(text, kind)) is not None for text in crisis]
        print(f"{'disguised: ' + kind:<24}{len(hits):>5}{share(hits):>8} %")
    missed = [line for line in lines if noticed[line["text"]] != (line["label"] == "crisis")]
    failures = RESULTS / f"failures-{path.stem}.jsonl"
    failures.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
