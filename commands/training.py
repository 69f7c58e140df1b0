"""`make train`: trains Rasa's model unless one that fits is there already."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from assistant.errors import AssistantError
from assistant.settings import ROOT, Settings, load_settings
from commands.steps import StepFailedError, fail, step

# All that a model depends on: a change in any of them gives it another name.
_SOURCES = (
    "config.yml",
    "domain.yml",
    "uv.lock",
    "data/glossary.yml",
    "data/encoder_adapter.safetensors",
)
_FOLDERS = ("data/nlu", "data/rules", "extensions/nlu", "assistant/retrieval")


def main() -> int:
    """Prepares and trains; returns the exit status."""
    try:
        settings = load_settings()
        prepare(settings)
        print(f"The model is {train(settings)}.")
    except (AssistantError, StepFailedError) as error:
        return fail(str(error))
    return 0


def prepare(settings: Settings) -> None:
    """Builds the encoder, the spaCy pipeline and the index of the articles where they are missing.

    Articles that cannot be used are told of where others were published before.

    Raises:
        StepFailedError: with the sentence that says what is wrong.
    """
    with step("Preparing the encoder and the search index"):
        # In a process of its own: what it needs to build is not to stay in memory.
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "commands.index", "--or-keep"],
            cwd=ROOT,
            env={**os.environ, **settings.folders()},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["Preparing failed."]
        raise StepFailedError(lines[-1])
    print(done.stdout, end="")


def train(settings: Settings) -> Path:
    """The model that fits the sources, trained when it is not there.

    Raises:
        StepFailedError: training failed, or the model was changed since.
    """
    model = settings.models_dir / f"assistant-{_fingerprint()}.tar.gz"
    checksum = model.with_suffix(".sha256")
    if not model.is_file() or not checksum.is_file():
        with step("Training the language understanding"):
            _rasa_train(model)
            checksum.write_text(_sha256(model), "ascii")
    elif _sha256(model) != checksum.read_text("ascii"):
        raise StepFailedError(f"{model} was changed after training; delete it to train anew.")
    return model


def _rasa_train(model: Path) -> None:
    log = model.parent / "training.log"
    command = [
        *(sys.executable, "-m", "extensions.server", "train"),
        *("--data", "data/nlu", "data/rules", "--out", str(model.parent)),
        *("--fixed-model-name", model.name.removesuffix(".tar.gz")),
    ]
    with log.open("wb") as output:
        status = subprocess.run(
            command, cwd=ROOT, stdout=output, stderr=output, check=False
        ).returncode
    if status or not model.is_file():
        raise StepFailedError(f"Training failed; what Rasa said is in {log}.")


def _fingerprint() -> str:
    files = [ROOT / name for name in _SOURCES]
    for folder in _FOLDERS:
        files += sorted(
            path for path in (ROOT / folder).rglob("*") if path.suffix in (".yml", ".py")
        )
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(ROOT)} {_sha256(path)}\n".encode())
    return digest.hexdigest()[:16]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
