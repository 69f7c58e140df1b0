from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from commands import audit
from commands.servers import free_port


@pytest.fixture
def accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "audit-accepted.yml"
    monkeypatch.setattr(audit, "ACCEPTED", path)
    # Nobody listens there: no test may ask the real database.
    monkeypatch.setattr(audit, "_PROBE", f"http://127.0.0.1:{free_port()}/")
    return path


def _entry(days: int) -> dict[str, object]:
    return {"id": "PYSEC-1", "look_again": date.today() + timedelta(days=days)}


def test_what_was_accepted_is_looked_at_again(
    accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted.write_text(yaml.safe_dump({"accepted": [_entry(-1)]}))
    assert audit.main() == 1
    assert capsys.readouterr().err == (
        "Look again at what was accepted in audit-accepted.yml: PYSEC-1.\n"
    )


def test_an_audit_that_could_not_be_made_is_no_success(
    accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted.write_text(yaml.safe_dump({"accepted": [_entry(1)]}))
    assert audit.main() == audit.NOT_REACHED != 0
    assert capsys.readouterr().err.startswith("NOT AUDITED: ")


def test_every_accepted_finding_has_its_reason_and_its_day() -> None:
    for entry in yaml.safe_load(audit.ACCEPTED.read_text("utf-8"))["accepted"]:
        assert {"id", "package", "why", "look_again"} <= set(entry)
        assert isinstance(entry["look_again"], date)
