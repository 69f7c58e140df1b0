"""Fixtures: an empty database, on SQLite and on a real PostgreSQL, for the same tests."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine.url import make_url

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call; returns its URL."""
    # Not in pytest's folder: each run of pytest closes that one to other users, and
    # PostgreSQL, started by root, runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    server = _started(folder)
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
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """What DATABASE_URL is to be: unset for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    make: Callable[[], str] = request.getfixturevalue("postgresql")
    url = make_url(make())
    yield url.render_as_string(hide_password=False)
    # A hundred of them would take a minute to delete at the end.
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {url.database} WITH (FORCE)"))
    engine.dispose()


def _started(folder: Path) -> Any:
    import pgserver

    for _ in range(3):
        # It gives up after ten seconds; on a busy machine the server is there a little later.
        with contextlib.suppress(subprocess.TimeoutExpired):
            return pgserver.get_server(folder)
    return pgserver.get_server(folder)
