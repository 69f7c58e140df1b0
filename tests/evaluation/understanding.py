"""`make nlu-report`: what the intent classifier makes of examples that it has not learnt from.

Rasa's own `rasa test nlu --cross-validation` would train the whole pipeline for each
fold; only the classifier learns from the examples, so it alone is cross-validated here,
by its own code and the settings of config.yml. The encoder's adapter has seen four fifths
of the examples, so the rest is shown for itself.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from assistant.errors import AssistantError
from assistant.folds import FOLDS, UNSEEN, fold_of
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.examples import NLU, read_examples
from assistant.settings import ROOT, load_settings
from commands.steps import fail, step
from extensions.nlu.intent_classifier import EmbeddingIntentClassifier
from extensions.nlu.linear_model import fit_linear_model
from tests.evaluation.plots import draw_confusions

# A pair is told apart badly when this share of one's examples is taken for the other.
_WORTH_A_WORD = 0.03
_RESULTS = ROOT / "results"


@dataclass(frozen=True)
class Settings:
    """What config.yml says of the classifier and the fallback."""

    classifier: Mapping[str, Any]
    threshold: float
    ambiguity: float

    @classmethod
    def read(cls) -> Settings:
        """Reads config.yml, with the classifier's own defaults."""
        pipeline = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
        by_name = {each["name"].rpartition(".")[2]: each for each in pipeline}
        fallback = by_name["FallbackClassifier"]
        classifier = by_name[EmbeddingIntentClassifier.__name__]
        return cls(
            {**EmbeddingIntentClassifier.get_default_config(), **classifier},
            fallback["threshold"],
            fallback["ambiguity_threshold"],
        )


@dataclass(frozen=True)
class Judged:
    """What each example was meant as and taken for, the fallback apart.

    Attributes:
        unsure: the fallback would have taken it.
    """

    meant: npt.NDArray[np.str_]
    taken: npt.NDArray[np.str_]
    unsure: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Confusion:
    """A pair of intents, and which share of the one's examples is taken for the other."""

    meant: str
    taken: str
    number: int
    share: float


def main() -> int:
    """Prints the report and draws the matrix; returns 1 when it cannot be measured."""
    try:
        settings = Settings.read()
        left_out = settings.classifier["left_out"]
        examples = [
            (intent, text)
            for path in sorted(NLU.glob("*.yml"))
            for intent, text in read_examples(path)
            if intent not in left_out
        ]
        with step(f"Judging {len(examples)} examples in {FOLDS} folds"):
            encoder = Encoder.load(load_settings().models_dir)
            intents, texts = zip(*examples, strict=True)
            judged = cross_validate(encoder.encode(texts), texts, intents, settings)
    except AssistantError as error:
        return fail(str(error))
    print(f"\n{report(judged)}\n\n{of_unseen(judged, texts)}")
    names = sorted(set(judged.meant))
    _RESULTS.mkdir(exist_ok=True)
    draw_confusions(_RESULTS / "confusions.svg", names, matrix(judged, names))
    return 0


def cross_validate(
    vectors: npt.NDArray[np.float32],
    texts: Sequence[str],
    intents: Sequence[str],
    settings: Settings,
) -> Judged:
    """Judges each example by a classifier that has learnt from the other folds.

    Args:
        vectors: embeddings of the examples, (examples, 384).
        texts: of each.
        intents: of each.
        settings: from config.yml.
    """
    meant, said = np.array(intents), np.array(texts)
    taken = np.empty_like(meant)
    unsure = np.zeros(len(meant), bool)
    # Each intent is spread evenly, as the examples of one stand side by side.
    fold = np.zeros(len(meant), np.int64)
    chance = np.random.default_rng(0)
    for intent in np.unique(meant):
        mine = np.flatnonzero(meant == intent)
        fold[mine] = chance.permutation(len(mine)) % FOLDS
    for held in (fold == number for number in range(FOLDS)):
        model = fit_linear_model(
            vectors[~held], said[~held].tolist(), meant[~held].tolist(), dict(settings.classifier)
        )
        rows = model.probabilities(vectors[held], said[held].tolist())
        taken[held] = np.array(model.intents)[rows.argmax(axis=1)]
        second, first = np.sort(rows, axis=1)[:, -2:].T
        unsure[held] = (first < settings.threshold) | (first - second < settings.ambiguity)
    return Judged(meant, taken, unsure)


def of_unseen(judged: Judged, texts: Sequence[str]) -> str:
    """The share of right ones among those that the encoder has not seen either."""
    unseen = np.array([fold_of(text) == UNSEEN for text in texts])
    right = (judged.meant == judged.taken)[unseen]
    return (
        f"Of the {len(right)} that the encoder's adapter has not learnt from either, "
        f"{right.mean():.1%} are right."
    )


def matrix(judged: Judged, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """How many examples of each intent (row) were taken for each (column)."""
    number = {name: at for at, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), np.int64)
    for meant, taken in zip(judged.meant, judged.taken, strict=True):
        counts[number[meant], number[taken]] += 1
    return counts


def confusions(judged: Judged, at_least: float = _WORTH_A_WORD) -> list[Confusion]:
    """The pairs that are told apart worst, the worst first."""
    names = sorted(set(judged.meant))
    counts = matrix(judged, names)
    pairs = [
        Confusion(names[row], names[column], int(counts[row, column]), float(share))
        for row in range(len(names))
        for column, share in enumerate(counts[row] / counts[row].sum())
        if row != column and share > at_least
    ]
    return sorted(pairs, key=lambda pair: -pair.share)


def report(judged: Judged) -> str:
    """Shares of right ones, over all and for each intent, and the worst pairs."""
    right = judged.meant == judged.taken
    sure = ~judged.unsure
    wrong = (sure & ~right).mean()
    lines = [
        f"{len(right)} examples: {right.mean():.1%} right; with the fallback "
        f"{(right & sure).mean():.1%} right, {wrong:.1%} wrong, {judged.unsure.mean():.1%} unsure.",
        "",
        "| intent | examples | recall | precision | unsure |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(set(judged.meant)):
        mine, guessed = judged.meant == name, judged.taken == name
        precision = f"{right[guessed].mean():.1%}" if guessed.any() else "-"
        lines.append(
            f"| `{name}` | {mine.sum()} | {right[mine].mean():.1%} | {precision} "
            f"| {judged.unsure[mine].mean():.1%} |"
        )
    lines += ["", "| meant | taken for | examples | share |", "|---|---|---|---|"]
    lines += [
        f"| `{pair.meant}` | `{pair.taken}` | {pair.number} | {pair.share:.1%} |"
        for pair in confusions(judged)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
