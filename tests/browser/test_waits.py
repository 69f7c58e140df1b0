"""What `make bench-widget` measures is a wait of a person's, with the server's part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.widget import measure
from tests.serving import Live

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_each_visitor_waits_for_the_server_and_for_the_browser(
    browser: Browser, live: Live
) -> None:
    waits = list(measure(browser, live.address, 3))
    assert len(waits) == 3
    for wait in (wait for of_visitor in waits for wait in of_visitor):
        assert 0 < wait.server < wait.total < 15_000
