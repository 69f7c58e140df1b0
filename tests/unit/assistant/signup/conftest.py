"""Fixtures: a desk on SQLite and on a real PostgreSQL; the same tests for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from tests.databases import database_url, postgresql

__all__ = ["database_url", "postgresql"]


@pytest.fixture
def settings(database_url: str | None, tmp_path: Path) -> Settings:
    """Settings with all secrets and an empty database."""
    return Settings(
        state_dir=tmp_path / "state",
        database_url=database_url,
        records_secret="r" * 40,
        data_keys=Fernet.generate_key().decode(),
        build="test",
    )


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    return Settings(
        state_dir=tmp_path / "state",
        records_secret="r" * 40,
        data_keys=Fernet.generate_key().decode(),
        build="test",
    )


@pytest.fixture
def desk(settings: Settings) -> Iterator[SignupDesk]:
    desk = SignupDesk.open(settings)
    yield desk
    desk.close()
