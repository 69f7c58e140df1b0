"""A shortcoming of the articles or the glossary, for an editor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One shortcoming: where, what, and how to mend it."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        """As the command shows it."""
        return f"{self.file}:{self.line}: {self.what} {self.mend}"
