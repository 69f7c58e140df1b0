"""Brings uv, Python 3.10 and the locked dependencies into the project's folder.

Run by any Python 3.8 or later, with nothing installed: only the standard library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from commands.steps import StepFailedError, fail, step

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV = TOOLS / "uv" / "bin" / "uv"
LOG = TOOLS / "bootstrap.log"
# Touched when all is installed; make compares its time with the lock file's.
READY = ROOT / ".venv" / ".ready"
UV_VERSION = "0.13.9"
# The environment takes 3 GB, and as much again passes through the cache.
_NEEDED_GB = 6


def main() -> int:
    """Installs what is missing; returns the exit status."""
    try:
        TOOLS.mkdir(exist_ok=True)
        free = shutil.disk_usage(ROOT).free / 1e9
        if not READY.exists() and free < _NEEDED_GB:
            raise StepFailedError(f"{_NEEDED_GB} GB of disk are needed; {free:.1f} GB are free.")
        if not UV.exists():
            with step("Bringing uv, which installs the rest"):
                _run([sys.executable, "-m", "venv", str(TOOLS / "uv")])
                _run([str(UV.parent / "pip"), "install", "--quiet", f"uv=={UV_VERSION}"])
        with step("Installing Python 3.10 and the locked dependencies"):
            _run([str(UV), "sync", "--frozen"])
        _forget_template_tests()
        READY.touch()
    except StepFailedError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"Cannot write to {ROOT}: {error.strerror}.")
    return 0


def _forget_template_tests() -> None:
    """Takes the test stories of Rasa's template for new bots out of the environment.

    `rasa test` without arguments runs every test story below the working
    directory, and would take those for this project's and fail.
    """
    for stories in (ROOT / ".venv").glob(
        "lib/python*/site-packages/rasa/cli/initial_project/tests"
    ):
        shutil.rmtree(stories)


def _run(command: list[str]) -> None:
    # An activated environment of the caller's must not be installed into.
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    with LOG.open("ab") as log:
        status = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=False
        ).returncode
    if status:
        raise StepFailedError(f"`{' '.join(command)}` failed; what it said is at the end of {LOG}.")


if __name__ == "__main__":
    sys.exit(main())
