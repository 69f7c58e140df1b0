"""The engine that reaches a database, for whatever keeps something in one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import QueuePool

# A turn must end within 12 s whatever happens, so no wait for the database is long.
_WAIT_SECONDS = 3
# An execution option: this transaction only reads.
_READING = "only_reading"


def open_engine(url: str) -> Engine:
    """Makes the engine for a database.

    Args:
        url: SQLAlchemy URL of SQLite or PostgreSQL.
    """
    # Errors would otherwise carry the values of the statement, and be logged.
    options: dict[str, Any] = {"hide_parameters": True, "pool_timeout": _WAIT_SECONDS}
    if make_url(url).get_backend_name() != "sqlite":
        options["pool_pre_ping"] = True
        options["connect_args"] = {
            "connect_timeout": _WAIT_SECONDS,
            "options": f"-c statement_timeout={_WAIT_SECONDS * 1000}",
        }
        return sa.create_engine(url, **options)
    # Statements run in worker threads, each connection in one at a time.
    connect = {"check_same_thread": False, "timeout": _WAIT_SECONDS}
    engine = sa.create_engine(url, poolclass=QueuePool, connect_args=connect, **options)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    return engine


def open_recording_engine(url: str) -> Engine:
    """Makes the engine for what may never be lost, nor be written half.

    On SQLite a transaction locks out other writers from its beginning, takes table
    definitions in, holds foreign keys, and is on disk when it ends. `reading(engine)`
    gives one for transactions that only read.

    Args:
        url: SQLAlchemy URL of SQLite or PostgreSQL.
    """
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_recording_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that only read: all of one moment, and no waiting."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.execution_options(**{_READING: True})


def _set_up_sqlite(connection: Any, _: Any) -> None:
    # WAL: readers and the writer do not wait for each other, and NORMAL is safe
    # with it. secure_delete: what was erased is overwritten, not only unlinked.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_recording_sqlite(connection: Any, _: Any) -> None:
    # Python's driver would begin transactions by itself, and late: after the first read.
    connection.isolation_level = None
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    only_reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if only_reading else "BEGIN IMMEDIATE")
