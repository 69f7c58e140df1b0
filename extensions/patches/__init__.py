"""What is changed in Rasa itself, each with its reason and its measured gain.

Rasa offers no setting for these. They are made for one version: with another,
none is applied and one warning says so. Each records the hash of the source it
replaces; a test compares them, so that a changed Rasa is noticed.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import rasa

from extensions.patches import action_calls, processing, rules
from extensions.patches.patch import Patch

logger = logging.getLogger(__name__)

RASA_VERSION = "3.6.21"
PATCHES: tuple[Patch, ...] = (*processing.PATCHES, *rules.PATCHES, *action_calls.PATCHES)


@lru_cache(maxsize=1)
def apply_patches() -> bool:
    """Applies all patches, once a process.

    Returns:
        Whether they were applied.
    """
    if rasa.__version__ != RASA_VERSION:
        logger.warning(
            "Rasa is %s, the patches are made for %s: none is applied, messages take longer.",
            rasa.__version__,
            RASA_VERSION,
        )
        return False
    for patch in PATCHES:
        static = isinstance(patch.owner, type) and isinstance(
            patch.owner.__dict__[patch.name], staticmethod
        )
        replacement: Any = staticmethod(patch.replacement) if static else patch.replacement
        setattr(patch.owner, patch.name, replacement)
    return True
