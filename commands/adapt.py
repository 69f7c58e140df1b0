"""`make adapt`: learns the encoder's adapter anew, after many questions or articles changed."""

from __future__ import annotations

import sys

from safetensors.numpy import load_file, save_file

from assistant.errors import AssistantError
from assistant.retrieval.adapting import PHASES, learn_adapter
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.encoder import ADAPTER, published_tokenizer, published_weights
from assistant.retrieval.examples import lessons
from assistant.settings import ROOT, load_settings
from commands.steps import fail

_SHOWN_EVERY = 20


def main() -> int:
    """Writes `data/encoder_adapter.safetensors`; returns the exit status."""
    try:
        settings = load_settings()
        parts = SearchParts.load(settings.corpus, settings.models_dir)
        tensors = load_file(str(published_weights()))
        adapter = learn_adapter(tensors, published_tokenizer(), lessons(parts), report=_report)
        save_file(dict(adapter), ADAPTER)
    except AssistantError as error:
        return fail(str(error))
    print(f"Written to {ADAPTER.relative_to(ROOT)}. Next: `make fit`.")
    return 0


def _report(step: int, loss: float) -> None:
    if step % _SHOWN_EVERY == 0:
        steps = sum(phase.steps for phase in PHASES)
        print(f"- {step} of {steps} steps, loss {loss:.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
