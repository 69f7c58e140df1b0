from __future__ import annotations

import ast
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from assistant.settings import ROOT
from commands import bootstrap

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder in which nothing is installed."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / ".tools")
    monkeypatch.setattr(bootstrap, "UV", tmp_path / ".tools" / "uv")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / ".tools" / "bootstrap.log")
    monkeypatch.setattr(bootstrap, "READY", tmp_path / ".ready")
    return tmp_path


def _uv(folder: Path, script: str) -> None:
    (folder / ".tools").mkdir()
    (folder / ".tools" / "uv").write_text(f"#!/bin/sh\n{script}\n")
    (folder / ".tools" / "uv").chmod(0o755)


def test_a_full_disk_is_told_before_anything_is_brought(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: Usage(9e9, 8e9, 1e9))
    assert bootstrap.main() == 1
    assert capsys.readouterr().err == "6 GB of disk are needed; 1.0 GB are free.\n"
    assert not (fresh / ".ready").exists()


def test_what_is_missing_is_installed_with_uv(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: Usage(9e9, 0, 9e9))
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    _uv(fresh, 'echo "$* [$VIRTUAL_ENV]"')
    assert bootstrap.main() == 0
    assert (fresh / ".ready").exists()
    # Not into an environment that happens to be active.
    assert (fresh / ".tools" / "bootstrap.log").read_text() == "sync --frozen []\n"
    assert "done" in capsys.readouterr().out


def test_a_failing_child_is_told_with_its_log(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: Usage(9e9, 0, 9e9))
    _uv(fresh, "echo no network >&2; exit 2")
    assert bootstrap.main() == 1
    error = capsys.readouterr().err
    log = fresh / ".tools" / "bootstrap.log"
    assert error.endswith(f"failed; what it said is at the end of {log}.\n")
    assert error.count("\n") == 1
    assert log.read_text() == "no network\n"
    assert not (fresh / ".ready").exists()


@pytest.mark.parametrize("name", ["bootstrap", "steps", "__init__"])
def test_it_runs_with_any_python_and_nothing_installed(name: str) -> None:
    source = (ROOT / "commands" / f"{name}.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {
        name
        for node in imports
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    for each in names:
        assert each == "commands.steps" or each.split(".")[0] in sys.stdlib_module_names
