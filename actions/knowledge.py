"""The corpus of this process, read once."""

from __future__ import annotations

from functools import lru_cache

from assistant.answers.compose import Composer
from assistant.settings import load_settings


@lru_cache(maxsize=1)
def composer() -> Composer:
    """Answers from the corpus that the settings name.

    Raises:
        AssistantError: the corpus, the encoder or a setting cannot be used.
    """
    settings = load_settings()
    return Composer.load(settings.corpus_dir, settings.models_dir)
