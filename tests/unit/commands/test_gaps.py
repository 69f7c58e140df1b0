from __future__ import annotations

from pathlib import Path

import pytest

from assistant.gaps.model import Missed
from assistant.gaps.store import GapStore
from assistant.settings import load_settings
from commands import gaps

HORSES = ["do you have horse therapy", "equine therapy", "is there … therapy with horses?"]


@pytest.fixture
def page(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the page is written to; the state folder is empty."""
    path = tmp_path / "results" / "gaps.html"
    bare_environment.setattr(gaps, "ROOT", tmp_path)
    bare_environment.setattr(gaps, "REPORT", path)
    bare_environment.setenv("STATE_DIR", str(tmp_path / "state"))
    return path


def test_what_several_people_asked_is_shown_with_a_proposal(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = GapStore(load_settings())
    for text in HORSES:
        store.add(text, "web", text, Missed("unknown", (), ("other-therapies#horses",)))
    store.add("rich", "web", "rehab with a helicopter", Missed("unknown"))
    assert gaps.main() == 0
    printed = capsys.readouterr().out
    assert "    3  " in printed
    assert "Small groups: 1. Written: results/gaps.html" in printed
    shown = page.read_text("utf-8")
    for text in HORSES:
        assert text in shown
    assert "helicopter" not in printed + shown


def test_without_gaps_the_page_says_so(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gaps.main() == 0
    assert "Nothing that enough people asked." in page.read_text("utf-8")


def test_a_store_that_cannot_be_read_is_told(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "gaps.db").write_bytes(b"no database " * 1000)
    assert gaps.main() == 1
    assert capsys.readouterr().err == "The store of content gaps cannot be read.\n"
