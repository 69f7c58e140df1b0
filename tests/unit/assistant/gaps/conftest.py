"""Fixtures: the real vocabulary, and a store below a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from assistant.corpus.model import Corpus
from assistant.gaps.redaction import Redactor
from assistant.gaps.store import GapStore
from assistant.gaps.vocabulary import Vocabulary, vocabulary_of
from assistant.settings import Settings
from tests.databases import postgresql

__all__ = ["postgresql"]


@pytest.fixture(scope="session")
def vocabulary(corpus: Corpus, deployment: Settings) -> Vocabulary:
    return vocabulary_of(corpus, deployment.models_dir)


@pytest.fixture(scope="session")
def redactor(vocabulary: Vocabulary) -> Redactor:
    return Redactor(vocabulary)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with all secrets, whose state is below `tmp_path`."""
    return Settings(
        state_dir=tmp_path,
        token_secret="t" * 40,
        data_keys=Fernet.generate_key().decode(),
        database_url=None,
    )


@pytest.fixture
def store(settings: Settings) -> GapStore:
    return GapStore(settings)
