"""Fixtures: what actions note as gaps is collected, and nothing of it stored."""

from __future__ import annotations

import pytest

from actions import gaps
from assistant.gaps.model import Observation


class Collected:
    """Stands for the recorder.

    Attributes:
        noted: what it was offered.
    """

    def __init__(self) -> None:
        self.noted: list[Observation] = []

    def offer(self, observation: Observation) -> bool:
        self.noted.append(observation)
        return True


@pytest.fixture(autouse=True)
def collected(monkeypatch: pytest.MonkeyPatch) -> Collected:
    collected = Collected()
    monkeypatch.setattr(gaps, "recorder", lambda: collected)
    return collected
