"""Measures against CLINC150, which others measure with, too.

`python -m bench.yardsticks data_full.json`; the file is of `clinc/oos-eval` on GitHub
(Larson et al., "An Evaluation Dataset for Intent Classification and Out-of-Scope
Prediction", EMNLP 2019; CC BY 3.0). It is not kept here, and nothing learns from it
but the classifiers that are compared on it, in a folder that is gone afterwards.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import yaml

from assistant.errors import AssistantError
from assistant.settings import ROOT
from bench.intent_pipelines import Judged, Line, learn_and_judge, pipelines
from commands.steps import StepFailedError, fail, step
from tests.client import Visitor
from tests.serving import running_assistant

_STRANGE = "oos"
_CLASSIFIER = "extensions.nlu.intent_classifier.EmbeddingIntentClassifier"
# Of each intent: enough for a cut, and for a share within two per cent.
_HELD_OUT, _JUDGED = 5, 10
_LINE = "| {} | {} | {} | {} | {} | {} | {} | {} |"
_HEADER = (
    "pipeline",
    "lines",
    "right",
    "AUC",
    "right, cut",
    "refused, cut",
    "training, CPU",
    "message, CPU",
)


@dataclass(frozen=True)
class Yardstick:
    """CLINC150: lines with an intent, and messages of no intent ("oos").

    Attributes:
        train: to learn from, without any of no intent.
        held_out: to set the cut on, with some of no intent.
        test: to judge by, with those of no intent.
    """

    train: list[Line]
    held_out: list[Line]
    test: list[Line]


def main(arguments: Sequence[str]) -> int:
    """Prints the tables; returns 1 when measuring failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.yardsticks")
    parser.add_argument("file", type=Path, help="data/data_full.json of clinc/oos-eval")
    parser.add_argument("--lines", type=int, default=20, help="of each intent, for all three")
    parser.add_argument("--epochs", type=int, default=50, help="of DIET")
    parser.add_argument("--only", choices=("assistant", "classifiers"), help="one half")
    options = parser.parse_args(arguments)
    try:
        clinc = read_yardstick(options.file)
        if options.only != "classifiers":
            _ask_assistant(clinc)
        if options.only != "assistant":
            _compare_classifiers(clinc, options.lines, options.epochs)
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    return 0


def read_yardstick(path: Path) -> Yardstick:
    """Reads the file.

    Raises:
        StepFailedError: it is not CLINC150's.
    """
    try:
        stored = json.loads(path.read_text("utf-8"))
        parts = {name: [(text, intent) for text, intent in stored[name]] for name in _PARTS}
    except (OSError, ValueError, KeyError, TypeError):
        raise StepFailedError(f"{path} is not data_full.json of clinc/oos-eval.") from None
    return Yardstick(
        parts["train"], parts["val"] + parts["oos_val"], parts["test"] + parts["oos_test"]
    )


_PARTS = ("train", "val", "oos_val", "test", "oos_test")


def some_of_each(lines: Sequence[Line], number: int) -> list[Line]:
    """That many lines of each intent, the same ones every time."""
    by_intent: dict[str, list[Line]] = {}
    for line in lines:
        by_intent.setdefault(line[1], []).append(line)
    chance = random.Random(0)
    return [
        line for mine in by_intent.values() for line in chance.sample(mine, min(number, len(mine)))
    ]


def _fewer(lines: Sequence[Line], number: int) -> list[Line]:
    """That many lines of each intent, and all of no intent."""
    strange = [line for line in lines if line[1] == _STRANGE]
    return some_of_each([line for line in lines if line[1] != _STRANGE], number) + strange


def best_cut(strange: Sequence[bool], right: Sequence[bool], confidences: Sequence[float]) -> float:
    """The confidence from which on to believe: most right ones kept and strange ones refused.

    The two shares count the same, as the messages of no intent are few where it is set.
    """
    odd, good, sure = np.array(strange), np.array(right), np.array(confidences)

    def value(cut: float) -> float:
        kept = sure >= cut
        return float((kept & good)[~odd].mean() + (~kept)[odd].mean())

    return max(np.unique(sure).tolist(), key=value)


def _ask_assistant(clinc: Yardstick) -> None:
    """Sends every test message, in a conversation of its own."""
    kinds: dict[str, Counter[str]] = {"oos": Counter(), "of the 150 intents": Counter()}
    with running_assistant() as live, step(f"Sending {len(clinc.test)} messages"):
        for text, intent in clinc.test:
            with Visitor(live.address) as visitor:
                said = {message["kind"] for message in visitor.say(text)}
            kind = next((k for k in ("answer", "crisis", "no_answer") if k in said), "other")
            kinds["oos" if intent == _STRANGE else "of the 150 intents"][kind] += 1
    print("\n| messages | n | no sentence quoted | answered | emergency | other fixed reply |")
    print("|---|---|---|---|---|---|")
    for name, counted in kinds.items():
        n = sum(counted.values())
        shares = [f"{counted[kind] / n:.1%}" for kind in ("answer", "crisis", "other")]
        print(f"| {name} | {n} | {1 - counted['answer'] / n:.1%} | {' | '.join(shares)} |")


def _compare_classifiers(clinc: Yardstick, number: int, epochs: int) -> None:
    few = some_of_each(clinc.train, number)
    clinc = Yardstick(clinc.train, _fewer(clinc.held_out, _HELD_OUT), _fewer(clinc.test, _JUDGED))
    runs = [(name, p, few) for name, p in pipelines(_our_strength(), epochs).items()]
    runs.append((runs[0][0], runs[0][1], clinc.train))
    asked = clinc.held_out + clinc.test
    rows = []
    with tempfile.TemporaryDirectory(prefix="yardsticks-") as folder:
        for at, (name, pipeline, lines) in enumerate(runs):
            with step(f"Learning {len(lines)} lines and judging {len(asked)}: {name}"):
                texts = [text for text, _ in asked]
                judged = learn_and_judge(pipeline, lines, texts, Path(folder, str(at)))
            rows.append(_row(name, len(lines), judged, clinc))
            print(_LINE.format(*rows[-1]), flush=True)
    print("\n" + "\n".join([_LINE.format(*_HEADER), "|---" * len(_HEADER) + "|"]))
    print("\n".join(_LINE.format(*row) for row in rows))


def _row(name: str, lines: int, judged: Judged, clinc: Yardstick) -> tuple[str, ...]:
    from sklearn.metrics import roc_auc_score

    wanted = np.array([intent for _, intent in clinc.held_out + clinc.test])
    strange = wanted == _STRANGE
    right = np.array(judged.intents) == wanted
    sure = np.array(judged.confidences)
    held_out = np.arange(len(wanted)) < len(clinc.held_out)
    cut = best_cut(strange[held_out], right[held_out], sure[held_out])
    known, odd = ~held_out & ~strange, ~held_out & strange
    return (
        name,
        f"{lines:,}",
        f"{right[known].mean():.1%}",
        f"{roc_auc_score(~strange[~held_out], sure[~held_out]):.3f}",
        f"{(right & (sure >= cut))[known].mean():.1%}",
        f"{(sure < cut)[odd].mean():.1%}",
        f"{judged.training:.0f} s",
        f"{1000 * median(judged.seconds):.1f} ms",
    )


def _our_strength() -> float:
    """C of our classifier, as the assistant is configured."""
    config = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    return next(float(each["C"]) for each in config["pipeline"] if each["name"] == _CLASSIFIER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
