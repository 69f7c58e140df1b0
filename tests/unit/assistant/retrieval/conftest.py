from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.retrieval import examples
from assistant.retrieval.examples import read_examples


@pytest.fixture
def tenth_of_nlu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every tenth example of the real NLU data: enough to tell a field by, and quick."""
    folder = tmp_path / "nlu"
    folder.mkdir()
    for path in examples.NLU.glob("*.yml"):
        some = [
            {"intent": intent, "examples": f"- {text}\n"}
            for intent, text in read_examples(path)[::10]
        ]
        (folder / path.name).write_text(yaml.safe_dump({"nlu": some}), "utf-8")
    monkeypatch.setattr(examples, "NLU", folder)
    return folder
