"""Rasa pipelines that learn the same lines: ours, DIET, and Rasa's logistic regression.

Each is trained by `rasa train nlu` in a process of its own and asked message by message
through Rasa's own parser, so that all pay for the same things.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import ROOT
from commands.steps import StepFailedError

# A message and its intent.
Line = tuple[str, str]

# How much of Rasa's log is shown when it fails.
_TOLD = 2000
# What `rasa init` puts before its classifier.
_SPARSE: tuple[dict[str, Any], ...] = (
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)
_EMBEDDING: dict[str, Any] = {"name": "extensions.nlu.sentence_featurizer.SentenceFeaturizer"}
_OURS = "extensions.nlu.intent_classifier.EmbeddingIntentClassifier"


def pipelines(strength: float, epochs: int) -> Mapping[str, Sequence[dict[str, Any]]]:
    """The pipelines by name.

    Args:
        strength: C of our classifier, as in config.yml.
        epochs: of DIET, whose default is 300.
    """
    diet = {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False}
    return {
        "ours": (_EMBEDDING, {"name": _OURS, "C": strength}),
        "Rasa's LogisticRegressionClassifier": (*_SPARSE, {"name": "LogisticRegressionClassifier"}),
        f"Rasa's DIET, {epochs} epochs": (*_SPARSE, diet),
    }


@dataclass(frozen=True)
class Judged:
    """What a trained pipeline made of each message.

    Attributes:
        seconds: of processor time, one for each message.
        intents: the best one, in the order of the messages.
        confidences: of the best one.
        training: seconds of processor time of `rasa train nlu` as a whole.
    """

    seconds: tuple[float, ...]
    intents: tuple[str, ...]
    confidences: tuple[float, ...]
    training: float = 0.0


def learn_and_judge(
    pipeline: Sequence[dict[str, Any]], lines: Iterable[Line], texts: Sequence[str], folder: Path
) -> Judged:
    """Trains a pipeline on the lines and asks it for the intent of each text.

    Args:
        pipeline: of Rasa's configuration.
        lines: to learn from.
        texts: to judge.
        folder: for the model and Rasa's log.

    Raises:
        StepFailedError: Rasa failed; with the end of what it said.
    """
    folder.mkdir(parents=True)
    config = {"recipe": "default.v1", "language": "en", "pipeline": list(pipeline)}
    (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
    (folder / "nlu.yml").write_text(nlu_data(lines), "utf-8")
    (folder / "texts.json").write_text(json.dumps(list(texts)), "utf-8")
    before = _processor_time()
    _run(
        *("rasa", "train", "nlu", "--config", str(folder / "config.yml")),
        *("--nlu", str(folder / "nlu.yml"), "--out", str(folder), "--fixed-model-name", "model"),
        folder=folder,
    )
    training = _processor_time() - before
    _run("bench.intent_pipelines", str(folder), folder=folder)
    judged = json.loads((folder / "judged.json").read_text("utf-8"))
    return Judged(
        *(tuple(judged[name]) for name in ("seconds", "intents", "confidences")), training=training
    )


def nlu_data(lines: Iterable[Line]) -> str:
    """Lines as Rasa's training data; brackets would be entities, and go."""
    plain = str.maketrans("[](){}", "      ")
    by_intent: dict[str, list[str]] = {}
    for text, intent in lines:
        by_intent.setdefault(intent, []).append(" ".join(text.translate(plain).split()))
    examples = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": examples})


def _processor_time() -> float:
    """Seconds that ended child processes took: what else runs here does not count."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _run(*command: str, folder: Path) -> None:
    """Runs a module from the project's root, where Rasa finds our components."""
    environment = {**os.environ, "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    with (folder / "rasa.log").open("ab") as log:
        status = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *command],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            check=False,
        ).returncode
    if status:
        said = (folder / "rasa.log").read_text("utf-8").strip()
        raise StepFailedError(f"Rasa failed: {said[-_TOLD:]}")


def _judge(folder: Path) -> None:
    """Asks a trained model for each text; in a process of its own."""
    from rasa.core.agent import Agent

    agent = Agent.load(next(folder.glob("*.tar.gz")))
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    seconds, intents, confidences = [], [], []

    async def judge_all() -> None:
        for text in texts:
            started = time.process_time()
            intent = (await agent.parse_message(text))["intent"]
            seconds.append(time.process_time() - started)
            intents.append(intent.get("name") or "")
            confidences.append(float(intent.get("confidence") or 0))

    asyncio.run(judge_all())
    judged = {"seconds": seconds, "intents": intents, "confidences": confidences}
    (folder / "judged.json").write_text(json.dumps(judged), "utf-8")


if __name__ == "__main__":
    _judge(Path(sys.argv[1]))
