"""`make audit`: looks up every locked dependency in the vulnerability database.

`--strict` makes pip-audit fail on what it cannot look up: without it, it skips
and says that all is well. Findings that do not reach this project are accepted
one by one in `audit-accepted.yml`, each with its reason and the day to look again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import httpx
import yaml

from commands.bootstrap import ROOT, UV
from commands.steps import fail

ACCEPTED = ROOT / "audit-accepted.yml"
PIP_AUDIT = "pip-audit==2.10.1"
# What pip-audit asks for each package; a network that has the packages alone
# does not have it.
_PROBE = "https://pypi.org/pypi/pip/25.0/json"
NOT_REACHED = 3


def main() -> int:
    """0: nothing found; 1: something found; 3: the database cannot be reached."""
    entries = yaml.safe_load(ACCEPTED.read_text("utf-8"))["accepted"]
    overdue = [entry["id"] for entry in entries if entry["look_again"] < date.today()]
    if overdue:
        return fail(f"Look again at what was accepted in {ACCEPTED.name}: {', '.join(overdue)}.")
    if not _database_reached():
        fail("NOT AUDITED: the vulnerability database at pypi.org cannot be reached from here.")
        return NOT_REACHED
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        export = ["export", "--frozen", "--all-groups", "--quiet", "--output-file"]
        subprocess.run([str(UV), *export, str(requirements)], cwd=ROOT, check=True)
        ignored = [f"--ignore-vuln={entry['id']}" for entry in entries]
        audit = ["--strict", "--require-hashes", "--disable-pip", "--progress-spinner=off"]
        wanted = ["--requirement", str(requirements)]
        command = [str(UV), "tool", "run", PIP_AUDIT, *audit, *ignored, *wanted]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


def _database_reached() -> bool:
    try:
        reply = httpx.get(_PROBE, timeout=20)
        return reply.status_code == httpx.codes.OK and "vulnerabilities" in reply.json()
    except (httpx.HTTPError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main())
