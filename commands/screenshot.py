"""`make screenshot`: takes the pictures of the widget that the documentation shows."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.settings import ROOT, Settings, load_settings
from commands.browser import MISSING, find_chromium, running_chromium
from commands.run import bring_up
from commands.servers import Servers, ended_by_signals, free_port
from commands.steps import StepFailedError, fail, step
from commands.widget import build_widget

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_QUESTION = "How can I help my son?"
_DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 860},
    "device_scale_factor": 1.5,
}
_PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
# The file's name, and how the page is looked at.
PICTURES: dict[str, dict[str, Any]] = {
    "widget.png": {**_DESKTOP, "color_scheme": "light"},
    "widget-dark.png": {**_DESKTOP, "color_scheme": "dark"},
    "widget-phone.png": {**_PHONE, "color_scheme": "light"},
}


def main() -> int:
    """Takes all pictures; returns the exit status."""
    try:
        program = find_chromium()
        if program is None:
            raise StepFailedError(MISSING)
        build_widget()
        with assistant_to_look_at() as address, running_chromium(program) as browser:
            for name, look in PICTURES.items():
                with step(f"Taking docs/{name}"):
                    take(browser, address, look, ROOT / "docs" / name)
    except (AssistantError, StepFailedError, OSError) as error:
        return fail(str(error))
    return 0


def take(browser: Browser, address: str, look: dict[str, Any], target: Path) -> None:
    """Asks the assistant something on the demo page, and takes a picture of it.

    Args:
        browser: which is running.
        address: of the web channel.
        look: what the browser's context is made with.
        target: where the PNG goes.
    """
    context = browser.new_context(**look)
    page = context.new_page()
    page.goto(f"{address}/")
    launcher = page.get_by_role("button", name="Open the chat")
    if launcher.is_visible():
        launcher.click()
    page.get_by_role("article").get_by_text("automated program").wait_for()
    page.get_by_role("textbox").fill(_QUESTION)
    page.get_by_role("button", name="Send").click()
    answer = page.get_by_role("log").get_by_role("article").nth(1)
    answer.get_by_role("button", name="Source 2").first.click()
    page.screenshot(path=target)
    context.close()


@contextmanager
def assistant_to_look_at() -> Iterator[str]:
    """Both servers, with a state folder that is gone afterwards; gives the web channel's address.

    Raises:
        StepFailedError: they could not be started.
    """
    with tempfile.TemporaryDirectory() as state:
        settings: Settings = load_settings().copy(
            update={
                "port": free_port(),
                "actions_port": free_port(),
                "state_dir": Path(state),
                "database_url": None,
            }
        )
        with ended_by_signals(), Servers(settings) as servers:
            bring_up(servers, settings)
            yield servers.address


if __name__ == "__main__":
    sys.exit(main())
