"""The detector of emergencies in the Rasa process: the gate's and the NLU's are the same.

The one place where it is made, and the last one that stands between a failing
detector and a person: whatever it raises ends here.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from assistant.errors import EncoderError
from assistant.safety.detection import Detector
from assistant.safety.emergency import Emergency
from extensions.embedding import SharedEncoder

logger = logging.getLogger(__name__)

# How Rasa's events say it, wherever it was noticed.
CRISIS_INTENT = "crisis"
VERDICT = "emergency"
_KEPT = 64
# What health is tried with: a detector that misses this is none.
_PROBE = "I want to kill myself"


class Detects(Protocol):
    """What notices an emergency in a text of any length."""

    def detect(self, text: str) -> Emergency | None:
        """The emergency, or none."""
        ...


class Watch:
    """Looks at messages, once at each, and never raises."""

    def __init__(self, detector: Detects) -> None:
        """Takes the detector."""
        self._detector = detector
        self._seen: OrderedDict[bytes, Emergency | None] = OrderedDict()
        self._lock = threading.Lock()

    def notice(self, text: str) -> Emergency | None:
        """The emergency in a message, or none; remembered under a hash of the last texts."""
        key = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        with self._lock:
            if key in self._seen:
                return self._seen[key]
        try:
            found = self._detector.detect(text)
        except Exception as error:
            # The class alone: the message of an error may hold what the person wrote.
            logger.critical("The detector of emergencies failed: %s.", type(error).__name__)
            return None
        with self._lock:
            self._seen[key] = found
            if len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return found

    def works(self) -> bool:
        """Whether a plain emergency is noticed right now."""
        try:
            return self._detector.detect(_PROBE) is not None
        except Exception:
            return False


def watch(models_dir: Path) -> Watch:
    """The watch of this process.

    Without an encoder it is made all the same: direct statements need no model.
    """
    return _watch(models_dir.resolve())


@lru_cache(maxsize=2)
def _watch(models_dir: Path) -> Watch:
    try:
        embed = SharedEncoder.load(models_dir).embed
    except EncoderError as error:
        logger.critical("Emergencies are looked for without an encoder: %s", error)
        return Watch(Detector(None))
    return Watch(Detector(embed))
