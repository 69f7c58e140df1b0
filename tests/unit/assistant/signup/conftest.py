"""Fixtures: a desk on SQLite and on a real PostgreSQL; the same tests for both."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from assistant.settings import Settings
from assistant.signup.desk import SignupDesk

_databases = itertools.count()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call; returns its URL."""
    import pgserver

    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    engine = sa.create_engine(server.get_uri(), isolation_level="AUTOCOMMIT")

    def make() -> str:
        name = f"test_{next(_databases)}"
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return str(server.get_uri(name))

    yield make
    engine.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings with all secrets and an empty database."""
    postgresql = request.param == "postgresql"
    return Settings(
        state_dir=tmp_path / "state",
        database_url=request.getfixturevalue("postgresql")() if postgresql else None,
        token_secret="t" * 40,
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
