"""The machine: what it is, what a process takes of it, and the environment."""

from __future__ import annotations

import contextlib
import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path

import psutil

from assistant.settings import ROOT

_EXPORT = re.compile(r"^export (\w+) := (.*)$", re.MULTILINE)
_LOADS = "1, 5 and 15 minutes"


def facts() -> list[str]:
    """The machine in a few lines, for the reader of the figures."""
    loads = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return [
        f"CPU: {_cpu_model()}, {psutil.cpu_count(logical=False)} cores, "
        f"{psutil.cpu_count()} threads",
        f"Memory: {psutil.virtual_memory().total / 1e9:.1f} GB",
        f"System: {platform.platform()}, Python {platform.python_version()}",
        f"Load before ({_LOADS}): {loads}",
    ]


def resident_megabytes(process: psutil.Process) -> float:
    """Resident memory (RSS) of a process and its children, in MB (10^6 bytes).

    RSS and not PSS: with both bots up, PSS would halve what they share.
    """
    family = [process, *process.children(recursive=True)]
    return float(sum(member.memory_info().rss for member in family)) / 1e6


@contextlib.contextmanager
def environment_of_make_run(bytecode: Path) -> Iterator[None]:
    """Sets what the Makefile exports, and a folder for compiled modules.

    A first start of either bot compiles what it imports, and the next ones find
    it there, whatever the caller has set about writing bytecode.
    """
    before = dict(os.environ)
    os.environ.update(_exported())
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(bytecode)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def environment_of_rival() -> dict[str, str]:
    """The same without what this project has tuned; telemetry stays off."""
    tuned = {*_exported(), "OMP_NUM_THREADS", "PYTHONWARNINGS", "RASA_CACHE_DIRECTORY"}
    plain = {name: value for name, value in os.environ.items() if name not in tuned}
    return {**plain, "RASA_TELEMETRY_ENABLED": "false"}


def _exported() -> dict[str, str]:
    return dict(_EXPORT.findall((ROOT / "Makefile").read_text("utf-8")))


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
