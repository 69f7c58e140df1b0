"""`make bench-widget`: how long a person waits in a browser, and how much of it for the server.

A new visitor presses the button that opens the chat, waits for the greeting, types a question,
presses "Send" and waits for the answer; then the next one comes. A wait is over when the frame
that shows the first message has been painted.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from bench import machine
from bench.figures import number, percentile
from bench.ours import in_scope_questions
from commands.browser import MISSING, find_chromium, running_chromium
from commands.screenshot import assistant_to_look_at
from commands.servers import ended_by_signals
from commands.steps import StepFailedError, fail, step
from commands.widget import build_widget

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Locator, Page

_VISITORS = 50
# Bytes; the event that tells of typing is smaller, each message larger.
_LEAST_OF_A_MESSAGE = 200
# Resolves with the milliseconds from the next click until a message that it adds was painted.
# After the callback of a frame comes its painting, and then the next task.
_WATCH = """() => {
    const log = document.querySelector("rehab-assistant").shadowRoot.querySelector("[role=log]");
    let clicked;
    addEventListener("click", event => { clicked = event.timeStamp; }, {capture: true, once: true});
    window.painted = new Promise(resolve => {
        const observer = new MutationObserver(changes => {
            const added = changes.flatMap(change => [...change.addedNodes]);
            if (!added.some(node => node.matches("article"))) return;
            observer.disconnect();
            requestAnimationFrame(() => {
                const task = new MessageChannel();
                task.port1.onmessage = () => resolve(performance.now() - clicked);
                task.port2.postMessage(null);
            });
        });
        observer.observe(log, {childList: true});
    });
}"""


@dataclass(frozen=True)
class Wait:
    """One wait of a visitor's, in milliseconds.

    Attributes:
        total: from the click until the message was painted.
        server: from the request until the message had arrived.
    """

    total: float
    server: float


class _Line:
    """When a request left the browser, and when the first message of its reply came in."""

    def __init__(self, page: Page, path: str) -> None:
        self._path = path
        self._request = ""
        self._sent = self._arrived = 0.0
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.on("Network.requestWillBeSent", self._on_request)
        self._session.on("Network.dataReceived", self._on_data)
        self._session.send("Network.enable")

    def close(self) -> float:
        """Ends listening; returns the milliseconds in between."""
        self._session.detach()
        if not self._sent < self._arrived:
            raise StepFailedError(f"The browser has seen no message come from {self._path}.")
        return 1000 * (self._arrived - self._sent)

    def _on_request(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].endswith(self._path):
            self._request, self._sent = event["requestId"], event["timestamp"]

    def _on_data(self, event: dict[str, Any]) -> None:
        is_message = event["dataLength"] >= _LEAST_OF_A_MESSAGE
        if event["requestId"] == self._request and is_message and not self._arrived:
            self._arrived = event["timestamp"]


def main() -> int:
    """Measures and prints; returns 1 when measuring failed."""
    from playwright.sync_api import Error

    try:
        with ended_by_signals(), _pages() as (browser, address):
            facts = machine.facts()
            with step(f"{_VISITORS} visitors, one after the other, after one uncounted"):
                waits = list(measure(browser, address, _VISITORS + 1))[1:]
    except (AssistantError, StepFailedError, OSError, Error) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("\nEnded before all was measured.")
    print("\n".join(facts))
    opening, sending = zip(*waits, strict=True)
    print(report("Opening the chat, to the greeting", opening))
    print(report('Pressing "Send", to the answer', sending))
    return 0


def measure(browser: Browser, address: str, visitors: int) -> Iterator[tuple[Wait, Wait]]:
    """The waits of each new visitor: on opening the chat, and on sending a question.

    Args:
        browser: which is running.
        address: of the web channel.
        visitors: how many, each with a browser context of its own.
    """
    questions = itertools.cycle(in_scope_questions())
    for question in itertools.islice(questions, visitors):
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        page = context.new_page()
        # A visitor finds the chat closed on most sites.
        page.route("**/webhooks/web/", _closed)
        page.goto(f"{address}/")
        opening = _wait(page, page.get_by_role("button", name="Open the chat"), "/sessions")
        page.get_by_role("textbox").fill(question)
        yield opening, _wait(page, page.get_by_role("button", name="Send"), "/messages")
        context.close()


def report(name: str, waits: tuple[Wait, ...]) -> str:
    """A line: medians, the 95th percentile, and the median of the server's share."""
    totals = [wait.total for wait in waits]
    p50, p95 = percentile(totals, 0.5), percentile(totals, 0.95)
    server = percentile([wait.server for wait in waits], 0.5)
    share = percentile([wait.server / wait.total for wait in waits], 0.5)
    return (
        f"{name}: p50 {number(p50)} ms, p95 {number(p95)} ms; "
        f"of it the server p50 {number(server)} ms ({share:.0%}); N = {len(waits)}"
    )


@contextmanager
def _pages() -> Iterator[tuple[Browser, str]]:
    program = find_chromium()
    if program is None:
        raise StepFailedError(MISSING)
    build_widget()
    with assistant_to_look_at() as address, running_chromium(program) as browser:
        yield browser, address


def _closed(route: Any) -> None:
    reply = route.fetch()
    route.fulfill(response=reply, body=reply.text().replace(" open></rehab", "></rehab"))


def _wait(page: Page, pressed: Locator, path: str) -> Wait:
    pressed.wait_for()
    line = _Line(page, path)
    page.evaluate(_WATCH)
    pressed.click()
    total = float(page.evaluate("painted"))
    return Wait(total, line.close())


if __name__ == "__main__":
    sys.exit(main())
