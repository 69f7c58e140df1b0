"""A live assistant and a real browser, for all tests of the widget.

Both end with this package's tests: the browser's driver keeps an event loop running, and
asynchronous tests elsewhere need to start their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from commands.browser import MISSING, find_chromium, running_chromium
from commands.widget import build_widget
from tests.browser.chat import Chat
from tests.serving import Live, running_assistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_DESKTOP = {"width": 1280, "height": 860}
Visit = Callable[..., Chat]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium, where one is installed."""
    program = find_chromium()
    if program is None:
        pytest.skip(MISSING)
    with running_chromium(program) as running:
        yield running


@pytest.fixture(scope="package")
def live(browser: Browser) -> Iterator[Live]:
    """Both servers and the widget's script; not started where there is no browser."""
    build_widget()
    with running_assistant() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, live: Live) -> Iterator[Visit]:
    """Opens the demo page as a new visitor, with what Playwright's `new_context` takes."""
    contexts = []

    def opened(path: str = "/", html: str | None = None, **options: Any) -> Chat:
        context = browser.new_context(**{"viewport": _DESKTOP, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Chat.on(context.new_page(), live.address, path, html)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def chat(visit: Visit) -> Chat:
    """The chat on the demo page, open and greeted."""
    opened = visit()
    opened.greeted()
    return opened
