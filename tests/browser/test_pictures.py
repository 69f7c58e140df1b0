"""The pictures of the documentation can be taken, and show an answer."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.settings import ROOT
from commands import screenshot
from tests.serving import Live

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.live, pytest.mark.browser]


def _size(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


@pytest.mark.parametrize("name", screenshot.PICTURES)
def test_picture_is_taken_as_large_as_the_one_in_the_documentation(
    browser: Browser, live: Live, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    screenshot.take(browser, live.address, screenshot.PICTURES[name], target)
    assert _size(target) == _size(ROOT / "docs" / name)


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screenshot, "find_chromium", lambda: None)
    assert screenshot.main() == 1
    assert capsys.readouterr().err == f"{screenshot.MISSING}\n"
