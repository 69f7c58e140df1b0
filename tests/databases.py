"""Fixtures: an empty database, on SQLite and on a real PostgreSQL, for the same tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call; returns its URL."""
    import pgserver

    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    engine = sa.create_engine(server.get_uri(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # What a test wrote need not outlive the machine; stopping would take a minute.
        connection.execute(sa.text("ALTER SYSTEM SET fsync = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))

    def make() -> str:
        name = f"test_{next(_numbers)}"
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return str(server.get_uri(name))

    yield make
    engine.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """What DATABASE_URL is to be: unset for SQLite."""
    if request.param == "sqlite":
        return None
    make: Callable[[], str] = request.getfixturevalue("postgresql")
    return make()
