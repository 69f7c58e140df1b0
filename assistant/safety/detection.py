"""Notices an emergency in a message."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from assistant.safety.emergency import Emergency

Embed = Callable[[str], npt.NDArray[np.float32]]


class Detector:
    """Notices emergencies; deterministic, and sure of direct statements without a model."""

    def __init__(self, embed: Embed | None = None) -> None:
        """Takes what embeds a text, (384,); without it only the patterns look."""
        self._embed = embed

    def detect(self, text: str) -> Emergency | None:
        """The emergency in a message of any length, or none. Never raises."""
        raise NotImplementedError
