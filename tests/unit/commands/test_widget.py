"""`make widget`: built when it is missing or its sources changed, and told when it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import ROOT
from commands import run, widget
from commands.steps import StepFailedError

_NAMES = ("package-lock.json", "package.json", "vite.config.ts", "tsconfig.json", "src/index.ts")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A widget whose tools write down that they were run."""
    for name in _NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("as it was")
    (tmp_path / "ran").touch()
    node = tmp_path / "node" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.write_text(
        "#!/bin/sh\n"
        'case "$1" in *npm-cli.js) mkdir -p node_modules/vite;; '
        "*) mkdir -p dist; echo built > dist/widget.js;; esac\n"
        'echo "${1##*/} $2" >> ran\n'
    )
    node.chmod(0o755)
    monkeypatch.setattr(widget, "WIDGET", tmp_path)
    monkeypatch.setattr(widget, "SCRIPT", tmp_path / "dist" / "widget.js")
    monkeypatch.setattr(widget, "_node_folder", lambda: tmp_path / "node")
    return tmp_path


def _ran(folder: Path) -> list[str]:
    lines = (folder / "ran").read_text().splitlines()
    (folder / "ran").write_text("")
    return lines


def test_tools_are_brought_and_the_script_is_built_once(folder: Path) -> None:
    assert widget.build_widget() == folder / "dist" / "widget.js"
    assert _ran(folder) == ["npm-cli.js ci", "vite.js build"]
    widget.build_widget()
    assert _ran(folder) == []


@pytest.mark.parametrize("name", _NAMES)
def test_a_changed_source_is_built_anew(folder: Path, name: str) -> None:
    widget.build_widget()
    _ran(folder)
    (folder / name).write_text("changed")
    widget.build_widget()
    tools = ["npm-cli.js ci"] if name == "package-lock.json" else []
    assert _ran(folder) == [*tools, "vite.js build"]


def test_a_missing_script_is_built_anew(folder: Path) -> None:
    widget.build_widget()
    _ran(folder)
    (folder / "dist" / "widget.js").unlink()
    widget.build_widget()
    assert _ran(folder) == ["vite.js build"]


def test_a_failing_tool_is_told_in_one_sentence_and_tried_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = folder / "node" / "bin" / "node"
    works = node.read_text()
    node.write_text("#!/bin/sh\necho no network; exit 1\n")
    assert widget.main() == 1
    error = capsys.readouterr().err
    log = folder / "node_modules" / "tools.log"
    assert error == f"`npm-cli` failed for the widget; what it said is in {log}.\n"
    assert log.read_text() == "no network\n"
    node.write_text(works)
    assert widget.main() == 0


def test_the_assistant_runs_without_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> Path:
        raise StepFailedError("It failed.")

    monkeypatch.setattr(run, "build_widget", fails)
    run._bring_widget()
    assert capsys.readouterr().err == "It failed. The assistant runs without it.\n"


def test_node_comes_with_the_environment() -> None:
    assert (widget._node_folder() / "bin" / "node").is_file()
    assert widget._npm().is_file()


def test_what_is_built_or_brought_is_not_in_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"widget/node_modules/", "widget/dist/"} <= set(ignored)
