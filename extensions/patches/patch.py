"""What a change of Rasa itself is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Patch:
    """A function of Rasa and what takes its place.

    Attributes:
        owner: the class or module that holds the function.
        name: its name there.
        original: the function as Rasa has it, or the module that all of it matters of.
        replacement: what is put there.
        source_hash: SHA-256 of the original's source.
    """

    owner: type | ModuleType
    name: str
    original: Callable[..., Any] | ModuleType
    replacement: Any
    source_hash: str
