"""Finds a Chromium that is installed: for the tests in a browser, and for pictures."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = "No Chromium is installed here (on Debian: apt-get install chromium)."


def find_chromium() -> Path | None:
    """The browser's program; None where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return Path(found)
    return _MAC if _MAC.is_file() else None


@contextlib.contextmanager
def running_chromium(program: Path) -> Iterator[Browser]:
    """A browser without a window, which ends with the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Inside a container its sandbox has no rights; it opens our own pages alone.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=str(program), args=arguments)
        try:
            yield browser
        finally:
            browser.close()
