"""One script and one tag on any page."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from commands.servers import free_port
from tests.browser.chat import Chat
from tests.browser.conftest import Visit
from tests.serving import Live, running_assistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.live, pytest.mark.browser]


def _page(tag: str, lang: str = "en", body: str = "<main>A page</main>") -> str:
    script = '<script type="module" src="widget.js"></script>'
    return f'<!doctype html><html lang="{lang}"><title>A page</title>{script}{body}{tag}'


def test_nothing_is_asked_of_the_server_before_the_chat_is_opened(visit: Visit) -> None:
    chat = visit("/plain", _page("<rehab-assistant></rehab-assistant>"))
    chat.button("Open the chat", exact=False).wait_for()
    assert [url.rpartition("/")[2] for url in chat.requests] == ["plain", "widget.js"]
    chat.opened()
    assert chat.focused() == "Your message"


def test_an_open_chat_does_not_take_the_focus_from_the_page(visit: Visit) -> None:
    chat = visit("/open", _page("<rehab-assistant open></rehab-assistant>")).greeted()
    assert chat.page.evaluate("document.activeElement.tagName") == "BODY"


@pytest.mark.parametrize(
    ("tag", "page_lang"),
    [('<rehab-assistant lang="es-MX">', "en"), ("<rehab-assistant>", "es")],
)
def test_it_speaks_spanish(visit: Visit, tag: str, page_lang: str) -> None:
    chat = visit("/es", _page(f"{tag}</rehab-assistant>", page_lang))
    chat.button("Abrir el chat", exact=False).click()
    chat.greeted()
    assert chat.focused() == "Su mensaje"
    assert chat.page.get_by_role("dialog", name="Pregunte sobre el tratamiento").is_visible()
    assert chat.answers.first.locator("p").first.get_attribute("lang") == "en"
    assert chat.violations() == []


def test_its_title_is_shown_and_no_hint_hangs_over_the_chat(visit: Visit) -> None:
    tag = '<rehab-assistant title="Ask Harbor House" open></rehab-assistant>'
    chat = visit("/title", _page(tag)).greeted()
    assert chat.page.get_by_role("dialog", name="Ask Harbor House").is_visible()
    assert chat.page.locator(".frame").get_attribute("title") == ""


@pytest.mark.parametrize(("position", "is_left"), [("start", True), ("end", False)])
def test_it_stands_in_the_corner_that_was_asked_for(
    visit: Visit, position: str, is_left: bool
) -> None:
    tag = f'<rehab-assistant position="{position}" open></rehab-assistant>'
    box = visit("/corner", _page(tag)).greeted().page.locator(".panel").bounding_box()
    assert box
    assert (box["x"] < 640) is is_left


def test_it_can_be_part_of_the_page(visit: Visit) -> None:
    tag = '<main><rehab-assistant position="inline" open></rehab-assistant></main>'
    chat = visit("/inline", _page(tag, body="")).greeted()
    assert (
        chat.page.locator("rehab-assistant").evaluate("e => getComputedStyle(e).position")
        == "static"
    )
    chat.page.set_viewport_size({"width": 320, "height": 568})
    assert chat.page.get_by_role("dialog").get_attribute("aria-modal") == "false"


def test_it_takes_the_colours_of_the_site(visit: Visit) -> None:
    style = "<style>rehab-assistant { --rehab-accent: #6b1f6b; --rehab-font: serif; }</style>"
    tag = f"{style}<rehab-assistant open></rehab-assistant>"
    chat = visit("/colours", _page(tag)).greeted()
    send = chat.button("Send").evaluate("e => getComputedStyle(e).backgroundColor")
    assert send == "rgb(107, 31, 107)"
    assert chat.log.evaluate("e => getComputedStyle(e).fontFamily") == "serif"


@pytest.mark.parametrize(
    ("theme", "scheme", "is_dark"),
    [("", "dark", True), ("light", "dark", False), ("dark", "light", True), ("", "light", False)],
)
def test_it_is_light_or_dark(visit: Visit, theme: str, scheme: str, is_dark: bool) -> None:
    tag = f'<rehab-assistant theme="{theme}" open></rehab-assistant>'
    chat = visit("/theme", _page(tag), color_scheme=scheme).greeted()
    ground = chat.page.locator(".panel").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (ground == "rgb(24, 33, 31)") is is_dark


def test_styles_of_the_site_do_not_reach_into_it(visit: Visit) -> None:
    style = "<style>button, p, article { display: none !important; color: red !important }</style>"
    chat = visit("/style", _page(f"{style}<rehab-assistant open></rehab-assistant>"))
    chat.greeted()
    assert chat.button("Send").is_visible()


def test_a_page_can_open_and_close_it(visit: Visit) -> None:
    chat = visit("/api", _page("<rehab-assistant></rehab-assistant>"))
    chat.page.evaluate("document.querySelector('rehab-assistant').show()")
    chat.greeted()
    assert chat.focused() == "Your message"
    chat.page.evaluate("document.querySelector('rehab-assistant').open = false")
    assert not chat.log.is_visible()


def test_the_tag_may_come_before_the_script_and_be_moved(visit: Visit) -> None:
    tag = "<rehab-assistant open></rehab-assistant>"
    chat = visit("/moved", _page(tag, body="<div id=other></div>")).greeted()
    answer = chat.say("what is CBT?").inner_text()
    chat.page.evaluate(
        "document.getElementById('other').append(document.querySelector('rehab-assistant'))"
    )
    assert chat.answers.nth(1).inner_text() == answer
    assert chat.say("what is DBT?").is_visible()
    assert chat.complaints == []


@contextlib.contextmanager
def _site(port: int, server: str) -> Iterator[str]:
    """A website of another origin, with the chat of a server on its page."""
    html = _page("<rehab-assistant open></rehab-assistant>").replace(
        "widget.js", f"{server}/widget.js"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://localhost:{port}"
        running.shutdown()


def test_a_site_that_is_allowed_shows_it_from_another_address(browser: Browser) -> None:
    port = free_port()
    # The servers of the other tests allow nobody.
    with (
        running_assistant(allowed_origins=f"http://localhost:{port}") as other,
        _site(port, other.address) as site,
        browser.new_context() as context,
    ):
        chat = Chat(context.new_page(), other.address)
        chat.page.goto(site)
        chat.greeted()
        assert chat.say("what is CBT?").get_attribute("data-kind") == "answer"
        chat.button("Erase chat").click()
        chat.button("Erase it").click()
        chat.page.get_by_text("The chat is erased.").wait_for()
        chat.greeted()
        assert chat.complaints == []


def test_a_site_that_is_not_allowed_is_told_that_there_is_nobody(
    browser: Browser, live: Live
) -> None:
    with _site(free_port(), live.address) as site, browser.new_context() as context:
        chat = Chat(context.new_page(), live.address)
        chat.page.goto(site)
        chat.log.get_by_text("I could not reach the assistant").wait_for()
        assert any("blocked by CORS policy" in complaint for complaint in chat.complaints)
