"""A conversation belongs to one tab, lasts over its pages, and ends when the person says so."""

from __future__ import annotations

import json
import time

import pytest

from tests.browser.chat import Chat
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_conversation_is_there_after_a_reload_and_is_not_begun_anew(chat: Chat) -> None:
    shown = chat.say("what is CBT?").inner_text()
    token = chat.token
    chat.page.reload()
    chat.greeted()
    answer = chat.answer(1)
    assert answer.inner_text() == shown
    assert chat.log.locator(".person").inner_text().endswith("what is CBT?")
    assert chat.token == token
    assert sum(url.endswith("/sessions") for url in chat.requests) == 1
    # The conversation goes on: the assistant knows what it said.
    before = chat.answers.count()
    answer.get_by_role("button", name="Tell me more").click()
    assert chat.answer(before).get_attribute("data-kind") == "answer"


def test_conversation_is_there_on_the_next_page_and_the_focus_stays_on_the_page(
    chat: Chat,
) -> None:
    chat.say("what is CBT?")
    html = f"<!doctype html><title>b</title><script type=module src={chat.address}/widget.js>"
    html += "</script><main>Next page</main><rehab-assistant></rehab-assistant>"
    chat.page.route("**/next", lambda route: route.fulfill(content_type="text/html", body=html))
    chat.page.goto(f"{chat.address}/next")
    # It was open before, so it is now.
    chat.answer(1)
    assert chat.page.evaluate("document.activeElement.tagName") == "BODY"
    chat.button("Close the chat").click()
    chat.page.reload()
    chat.button("Open the chat", exact=False).wait_for()
    assert not chat.log.is_visible()


def test_what_is_being_typed_survives_a_reload(chat: Chat) -> None:
    chat.input.fill("how do I tell my")
    chat.page.reload()
    chat.greeted()
    assert chat.input.input_value() == "how do I tell my"


def test_two_tabs_have_a_conversation_each(chat: Chat) -> None:
    chat.say("what is CBT?")
    other = Chat.on(chat.page.context.new_page(), chat.address)
    other.greeted()
    assert other.answers.count() == 1
    assert other.token != chat.token


def test_a_duplicated_tab_begins_anew_and_the_first_goes_on(chat: Chat) -> None:
    chat.say("what is CBT?")
    copied = chat.page.evaluate("({...sessionStorage})")
    page = chat.page.context.new_page()
    # What a browser does when a tab is duplicated.
    page.add_init_script(f"Object.assign(sessionStorage, {json.dumps(copied)})")
    other = Chat.on(page, chat.address)
    other.greeted()
    assert other.token != chat.token
    assert other.answers.count() == 1
    assert chat.say("what is DBT?").get_attribute("data-kind") == "answer"


def test_erasing_erases_here_and_on_the_server(chat: Chat) -> None:
    chat.say("what is CBT?")
    token = chat.token
    chat.button("Erase chat").click()
    assert chat.focused() == "Keep it"
    with chat.page.expect_response("**/session") as erased:
        chat.button("Erase it").click()
    assert erased.value.status == 204
    chat.page.get_by_text("The chat is erased.").wait_for()
    chat.greeted()
    assert chat.answers.count() == 1
    status = chat.page.request.get(
        f"{chat.address}/history", headers={"Authorization": f"Bearer {token}"}
    ).status
    assert status == 401
    assert chat.say("what is DBT?").get_attribute("data-kind") == "answer"


def test_keeping_keeps_everything(chat: Chat) -> None:
    chat.say("what is CBT?")
    chat.button("Erase chat").click()
    chat.button("Keep it").click()
    assert chat.answers.count() == 2
    assert chat.focused() == "Erase chat"


def test_an_expired_conversation_is_begun_anew_without_losing_the_text(chat: Chat) -> None:
    chat.say("what is CBT?")
    # The server forgets it, as it does after its lifetime.
    status = chat.page.request.delete(
        f"{chat.address}/session", headers={"Authorization": f"Bearer {chat.token}"}
    ).status
    assert status == 204
    chat.input.fill("what is DBT?")
    chat.input.press("Enter")
    chat.log.get_by_text("The chat before this one has ended").wait_for()
    chat.answer(3)
    answers = [answer.inner_text() for answer in chat.answers.all()]
    assert sum("Dialectical behavior therapy" in answer for answer in answers) == 1
    assert sum("automated program" in answer for answer in answers) == 2
    mine = chat.log.locator(".person").all_inner_texts()
    assert [text.splitlines()[-1] for text in mine] == ["what is CBT?", "what is DBT?"]
    # Nothing of the old conversation can be pressed any more.
    assert chat.answers.nth(1).get_by_role("button", name="Tell me more").count() == 0
    assert chat.say("what is CBT?").get_attribute("data-kind") == "answer"


def test_a_token_that_the_server_never_gave_is_replaced_at_the_next_page(chat: Chat) -> None:
    chat.page.evaluate(
        """() => {
            const key = Object.keys(sessionStorage).find(each => each.endsWith("conversation"));
            const kept = JSON.parse(sessionStorage.getItem(key));
            sessionStorage.setItem(key, JSON.stringify({...kept, token: "guessed"}));
        }"""
    )
    chat.page.reload()
    chat.log.get_by_text("The chat before this one has ended").wait_for()
    chat.greeted()
    assert chat.token != "guessed"


@pytest.mark.parametrize("way", ["button", "escape twice"])
def test_leaving_quickly_replaces_the_page_and_leaves_nothing(chat: Chat, way: str) -> None:
    neutral = "https://www.weather.gov/"
    chat.page.route(f"{neutral}**", lambda route: route.fulfill(body="Sunny."))
    chat.say("what is CBT?")
    token = chat.token
    if way == "button":
        chat.button("Leave quickly").click()
    else:
        chat.page.keyboard.press("Escape")
        chat.page.keyboard.press("Escape")
    chat.page.wait_for_url(neutral)
    # "Back" does not lead to the conversation, and the page does not know it any more.
    chat.page.go_back()
    chat.page.goto(f"{chat.address}/")
    chat.greeted()
    assert chat.answers.count() == 1
    # A page that is being left no longer tells of its requests; the server knows the outcome.
    headers = {"Authorization": f"Bearer {token}"}
    erased_by = time.monotonic() + 5
    while (
        status := chat.page.request.get(f"{chat.address}/history", headers=headers).status
    ) != 401:
        assert time.monotonic() < erased_by, status


def test_escape_once_closes_and_a_second_one_later_does_nothing(visit: Visit) -> None:
    chat = visit().greeted()
    chat.input.focus()
    chat.page.keyboard.press("Escape")
    assert not chat.log.is_visible()
    chat.page.wait_for_timeout(900)
    chat.page.keyboard.press("Escape")
    chat.page.wait_for_timeout(100)
    assert chat.page.url == f"{chat.address}/"
