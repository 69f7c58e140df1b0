"""The widget as a person sees it, for tests in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.settings import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

_AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA, and what axe calls best practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a page may say on the console without anything being wrong.
_HARMLESS = ("Failed to load resource",)


class Chat:
    """One page with the widget on it.

    Attributes:
        page: Playwright's.
        requests: the address of every request that the page made.
        complaints: errors on the console and exceptions.
    """

    def __init__(self, page: Page, address: str) -> None:
        """Listens to all that the page does from now on."""
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    @classmethod
    def on(cls, page: Page, address: str, path: str = "/", html: str | None = None) -> Chat:
        """Opens a page of the server's, or with `html` one of the test's at that path."""
        chat = cls(page, address)
        if html is not None:
            page.route(f"{address}{path}", _page(html))
        page.goto(f"{address}{path}")
        return chat

    @property
    def input(self) -> Locator:
        """Where a person writes."""
        return self.page.get_by_role("textbox")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def answers(self) -> Locator:
        """The assistant's messages."""
        return self.log.get_by_role("article")

    @property
    def token(self) -> str:
        """What the tab proves with whose conversation this is."""
        kept = self.page.evaluate(
            "Object.entries(sessionStorage).find(([key]) => key.endsWith('conversation'))[1]"
        )
        return str(json.loads(kept)["token"])

    @property
    def conversation(self) -> str:
        """The id that the token holds."""
        return self.token.partition(".")[0]

    def button(self, name: str, *, exact: bool = True) -> Locator:
        """The first button of a name."""
        return self.page.get_by_role("button", name=name, exact=exact).first

    def opened(self) -> Chat:
        """Presses the launcher."""
        self.button("Open the chat", exact=False).click()
        return self.greeted()

    def greeted(self) -> Chat:
        """Waits for what every conversation begins with."""
        self.log.get_by_text("automated program").first.wait_for()
        return self

    def say(self, text: str) -> Locator:
        """Writes and sends; returns the new message of the assistant's."""
        before = self.answers.count()
        self.input.fill(text)
        self.input.press("Enter")
        return self.answer(before)

    def answer(self, before: int) -> Locator:
        """Waits for the message after `before` others."""
        new = self.answers.nth(before)
        new.wait_for()
        return new

    def stub(self, *messages: dict[str, Any], status: int = 200) -> None:
        """Answers whatever is said next with these messages, in place of the server."""
        body = json.dumps({"messages": list(messages)})
        self.page.route(
            "**/webhooks/web/messages",
            lambda route: route.fulfill(status=status, content_type="application/json", body=body),
        )

    def stub_problem(self, path: str, status: int, detail: str = "A sentence.") -> None:
        """Refuses requests to a path with a problem."""
        problem = {"type": "about:blank", "title": "No", "status": status, "detail": detail}
        self.page.route(
            f"**/webhooks/web/{path}",
            lambda route: route.fulfill(
                status=status, content_type="application/problem+json", body=json.dumps(problem)
            ),
        )

    def slowed(self, milliseconds: float) -> Chat:
        """Delays every reply from now on, as a bad network does."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": milliseconds,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )
        return self

    def violations(self) -> list[str]:
        """What axe finds on the page as it is now, each with where."""
        self.page.evaluate(_AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def focused(self) -> str:
        """The name of what has the focus, inside the widget or else on the page."""
        return str(
            self.page.evaluate(
                """() => {
                    const root = document.querySelector("rehab-assistant")?.shadowRoot;
                    const at = root?.activeElement ?? document.activeElement;
                    return at.getAttribute("aria-label") || at.labels?.[0]?.textContent
                        || at.textContent.trim() || at.title || at.tagName;
                }"""
            )
        )

    def inside(self, expression: str) -> Any:
        """Evaluates a function of the widget's shadow root."""
        return self.page.evaluate(
            f"() => ({expression})(document.querySelector('rehab-assistant').shadowRoot)"
        )

    def origins(self) -> set[str]:
        """Where all requests went."""
        parts = [urlsplit(url) for url in self.requests if not url.startswith("data:")]
        return {f"{part.scheme}://{part.netloc}" for part in parts}

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(_HARMLESS):
            self.complaints.append(message.text)


def message(**parts: Any) -> dict[str, Any]:
    """A message as the server sends it, for stubs."""
    return {
        "kind": "notice",
        "text": "A text.",
        "blocks": [],
        "sources": [],
        "related": [],
        "choices": [],
        "resources": [],
        "answer_id": None,
        **parts,
    }


def _page(html: str) -> Callable[[Route], None]:
    def fulfil(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=html)

    return fulfil
