"""Brings the tables of sign-ups up to date; safe when several processes do it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nothing else in the database takes for a lock of its own.
_LOCK = 4_202_042
# Alembic keeps what it works on in variables of its modules.
_turn = threading.Lock()


def upgrade(engine: Engine, finish: Callable[[Connection], None]) -> None:
    """Runs the steps that are missing, all of them or none.

    Args:
        engine: as `assistant.database.open_recording_engine` makes it.
        finish: what else belongs into the same transaction.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the tables are as they were before.
    """
    # Mako, which alembic brings, takes a while to import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with _turn, engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        finish(connection)
