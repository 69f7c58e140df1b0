"""The network is slow, breaks, or the server refuses: nothing that was written is lost."""

from __future__ import annotations

import pytest

from tests.browser.chat import Chat, message
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.live, pytest.mark.browser]

_MESSAGES = "**/webhooks/web/messages"


def test_slow_network_shows_that_an_answer_is_on_its_way(chat: Chat) -> None:
    chat.slowed(1500)
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.log.locator(".typing").wait_for()
    # Writing goes on meanwhile.
    chat.input.fill("and how")
    chat.answer(1)
    chat.log.locator(".typing").wait_for(state="hidden")
    assert chat.input.input_value() == "and how"


def test_server_away_and_back(chat: Chat) -> None:
    chat.page.route("**/webhooks/web/*", lambda route: route.abort("connectionrefused"))
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    failed = chat.log.get_by_text("I could not reach the assistant")
    failed.wait_for()
    assert "911" in failed.inner_text()
    assert "988" in failed.inner_text()
    again = chat.log.get_by_role("button", name="Try again")
    again.click()
    failed.wait_for()
    chat.page.unroute("**/webhooks/web/*")
    before = chat.answers.count()
    again.click()
    assert "Cognitive" in chat.answer(before).inner_text()
    assert chat.log.locator(".person").count() == 1
    assert again.count() == 0


def test_an_answer_that_was_lost_on_the_way_is_not_asked_for_twice(chat: Chat) -> None:
    def lost(route):  # type: ignore[no-untyped-def]
        route.fetch()
        route.abort("connectionreset")

    chat.page.route(_MESSAGES, lost)
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    again = chat.log.get_by_role("button", name="Try again")
    again.wait_for()
    chat.page.unroute(_MESSAGES)
    again.click()
    assert "Cognitive" in chat.answer(1).inner_text()
    chat.page.wait_for_timeout(200)
    assert chat.log.locator(".person").count() == 1
    assert sum(url.endswith("/messages") for url in chat.requests) == 1


def test_what_never_arrived_stays_when_the_history_is_shown_anew(chat: Chat) -> None:
    def lost(route):  # type: ignore[no-untyped-def]
        route.fetch()
        route.abort("connectionreset")

    chat.page.route(_MESSAGES, lost)
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.log.get_by_role("button", name="Try again").wait_for()
    chat.page.unroute(_MESSAGES)
    chat.page.route(_MESSAGES, lambda route: route.abort("connectionrefused"))
    chat.input.fill("what is DBT?")
    chat.input.press("Enter")
    again = chat.log.get_by_role("button", name="Try again")
    again.nth(1).wait_for()
    chat.page.unroute(_MESSAGES)
    again.first.click()
    chat.answer(1)
    assert again.count() == 1
    again.click()
    assert "Dialectical" in chat.answer(2).inner_text()
    mine = [text.splitlines()[-1] for text in chat.log.locator(".person").all_inner_texts()]
    assert mine == ["what is CBT?", "what is DBT?"]


def test_server_away_at_the_start_is_told_and_tried_again(visit: Visit) -> None:
    chat = visit("/empty", "<!doctype html><title>empty</title>")
    chat.page.route("**/sessions", lambda route: route.abort("connectionrefused"))
    chat.page.goto(f"{chat.address}/")
    chat.log.get_by_text("I could not reach the assistant").wait_for()
    chat.page.unroute("**/sessions")
    chat.log.get_by_role("button", name="Try again").click()
    chat.greeted()
    assert chat.log.get_by_text("I could not reach").count() == 0


def test_being_offline_is_said_and_writing_goes_on(chat: Chat) -> None:
    chat.page.context.set_offline(True)
    chat.page.get_by_text("You are offline.").wait_for()
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    again = chat.log.get_by_role("button", name="Try again")
    again.wait_for()
    chat.page.context.set_offline(False)
    chat.page.get_by_text("You are offline.").wait_for(state="hidden")
    again.click()
    assert "Cognitive" in chat.answer(1).inner_text()


@pytest.mark.parametrize(
    ("status", "way"),
    [(429, "Try again"), (503, "Try again"), (413, "Change it"), (400, "Change it")],
)
def test_a_refusal_is_shown_in_the_servers_words(chat: Chat, status: int, way: str) -> None:
    chat.stub_problem("messages", status, "The server's own sentence.")
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.log.get_by_text("Not sent. The server's own sentence.").wait_for()
    assert chat.log.get_by_role("button", name=way).count() == 1


def test_a_server_that_does_not_stream_answers_all_the_same(chat: Chat) -> None:
    chat.stub(message(text="First."), message(text="Second."))
    chat.say("anything")
    assert chat.answers.nth(1).inner_text().endswith("First.")
    assert chat.answers.nth(2).inner_text().endswith("Second.")


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "<html>502</html>", '{"messages": 3}', '{"messages": [null, {"text": 1}]}'],
)
def test_nonsense_from_a_proxy_breaks_nothing(chat: Chat, body: str) -> None:
    chat.page.route(
        _MESSAGES, lambda route: route.fulfill(content_type="application/json", body=body)
    )
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.log.locator(".person").wait_for()
    chat.log.locator(".typing").wait_for(state="hidden")
    chat.page.unroute(_MESSAGES)
    before = chat.answers.count()
    assert chat.say("what is DBT?") is not None
    assert chat.answers.count() == before + 1
    assert chat.complaints == []


def test_failing_to_erase_is_said_and_nothing_is_called_erased(chat: Chat) -> None:
    chat.say("what is CBT?")
    chat.stub_problem("session", 503, "Something failed here. Please try again in a moment.")
    chat.button("Erase chat").click()
    chat.button("Erase it").click()
    chat.page.get_by_text("Something failed here.").wait_for()
    assert chat.answers.count() == 2
