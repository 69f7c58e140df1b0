"""Which build of the software is running."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from assistant.settings import ROOT, Settings


def build_name(settings: Settings) -> str:
    """BUILD where it is set; else the version, and a hash of what takes sign-ups."""
    return settings.build or _of_source()


@lru_cache(maxsize=1)
def _of_source() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    digest = hashlib.sha256()
    for path in sorted((ROOT / "assistant" / "signup").glob("*.py")):
        digest.update(path.read_bytes())
    return f"{found[1] if found else 'unknown'}+{digest.hexdigest()[:12]}"
