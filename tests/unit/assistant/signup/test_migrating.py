"""The tables come about step by step, also when several processes begin at once."""

from __future__ import annotations

import multiprocessing
import stat
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from assistant.database import open_recording_engine
from assistant.settings import Settings
from assistant.signup import migrating
from assistant.signup.desk import SignupDesk
from assistant.signup.tables import metadata
from tests.unit.assistant.signup.people import application


def _open(settings: Settings) -> bool:
    SignupDesk.open(settings).close()
    return True


def test_the_tables_are_those_that_the_code_describes(desk: SignupDesk) -> None:
    inspector = sa.inspect(desk.store.engine)
    assert set(inspector.get_table_names()) == {*metadata.tables, "sign_up_schema"}
    for name, table in metadata.tables.items():
        found = {column["name"]: column for column in inspector.get_columns(name)}
        assert set(found) == set(table.columns.keys()), name
        for column in table.columns:
            assert found[column.name]["nullable"] == column.nullable, column


def test_processes_that_open_at_once_all_succeed(settings: Settings) -> None:
    # A new process each, with all modules loaded: they begin together.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["assistant.signup.desk", "alembic.command"])
    with ProcessPoolExecutor(4, mp_context=context) as processes:
        assert all(processes.map(_open, [settings] * 4))
    desk = SignupDesk.open(settings)
    assert desk.submit(application()).reference
    desk.close()


def test_threads_that_open_at_once_all_succeed(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(_open, [settings] * 4))


def test_a_step_that_fails_leaves_nothing_behind(settings: Settings) -> None:
    def fail(_: object) -> None:
        raise RuntimeError

    settings.state_dir.mkdir()
    engine = open_recording_engine(settings.signups_url)
    try:
        migrating.upgrade(engine, fail)
    except RuntimeError:
        assert sa.inspect(engine).get_table_names() == []
    else:
        raise AssertionError
    _open(settings)
    engine.dispose()


def test_steps_are_numbered_in_one_line() -> None:
    folder = Path(migrating.__file__).parent / "migrations" / "versions"
    names = sorted(path.stem for path in folder.glob("*.py"))
    assert [name[:4] for name in names] == [f"{at:04}" for at in range(1, len(names) + 1)]


def test_only_the_owner_can_read_the_file(sqlite_settings: Settings) -> None:
    desk = SignupDesk.open(sqlite_settings)
    desk.submit(application())
    files = list(sqlite_settings.state_dir.glob("signups.db*"))
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    desk.close()
