"""WCAG 2.2 AA: with a keyboard alone, enlarged, in forced colours, read aloud."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.chat import Chat, message
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.live, pytest.mark.browser]

_PROMPT = message(
    kind="prompt",
    text="May we text you?",
    choices=[{"id": "y", "title": "Yes"}, {"id": "n", "title": "No"}],
)


def _greeting(chat: Chat) -> None:
    chat.greeted()


def _closed(chat: Chat) -> None:
    chat.greeted()
    chat.button("Close the chat").click()


def _answer(chat: Chat) -> None:
    answer = chat.greeted().say("what is CBT?")
    answer.get_by_role("button", name="Source 2").first.click()
    answer.get_by_text(re.compile(r"^\d+ sources$")).click()
    answer.get_by_text("Related articles").click()


def _crisis(chat: Chat) -> None:
    chat.greeted().say("i want to die")


def _spanish_crisis(chat: Chat) -> None:
    chat.greeted().say("quiero morir")


def _no_answer(chat: Chat) -> None:
    chat.greeted().say("what is the capital of Peru")


def _prompt(chat: Chat) -> None:
    chat.greeted().stub(_PROMPT)
    chat.say("sign up")


def _failed(chat: Chat) -> None:
    chat.greeted().stub_problem("messages", 503)
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.log.get_by_role("button", name="Try again").wait_for()


def _erasing(chat: Chat) -> None:
    chat.greeted()
    chat.button("Erase chat").click()


def _too_long(chat: Chat) -> None:
    chat.greeted().input.fill("a" * 2001)


def _unread(chat: Chat) -> None:
    chat.greeted().slowed(500)
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.button("Close the chat").click()
    chat.page.get_by_role("button", name="1 new message").wait_for()


def _offline(chat: Chat) -> None:
    chat.greeted().page.context.set_offline(True)
    chat.page.get_by_text("You are offline.").wait_for()


_STATES = [
    *(_greeting, _closed, _answer, _crisis, _spanish_crisis, _no_answer),
    *(_prompt, _failed, _erasing, _too_long, _unread, _offline),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", _STATES, ids=lambda state: state.__name__.strip("_"))
def test_axe_finds_nothing(visit: Visit, state: Any, scheme: str) -> None:
    chat = visit(color_scheme=scheme)
    state(chat)
    assert chat.violations() == []


def test_axe_would_find_something(chat: Chat) -> None:
    chat.inside("root => { root.querySelector('textarea').labels[0].remove(); }")
    chat.inside("root => { root.querySelector('textarea').placeholder = ''; }")
    assert any("label" in violation for violation in chat.violations())


@pytest.mark.parametrize("state", [_greeting, _answer, _crisis, _prompt])
def test_axe_finds_nothing_on_a_small_phone(visit: Visit, state: Any) -> None:
    chat = visit(is_mobile=True, has_touch=True, screen={"width": 320, "height": 568})
    chat.page.set_viewport_size({"width": 320, "height": 568})
    chat.page.reload()
    chat.opened()
    state(chat)
    assert chat.violations() == []


@pytest.mark.parametrize(
    ("width", "height"),
    # A small phone; 1280 by 1024 at 400 % zoom.
    [(320, 568), (320, 256)],
)
def test_everything_can_be_reached_on_a_small_screen(visit: Visit, width: int, height: int) -> None:
    chat = visit()
    chat.page.set_viewport_size({"width": width, "height": height})
    chat.page.evaluate("sessionStorage.clear()")
    chat.page.reload()
    # A window over the whole page is for the person to open.
    assert not chat.log.is_visible()
    chat.opened()
    answer = chat.say("what is CBT?")
    for reached in [
        *(chat.button("Leave quickly"), chat.button("Close the chat"), chat.input),
        *(chat.button("Send"), chat.button("Erase chat")),
        answer.get_by_role("button", name="Tell me more"),
    ]:
        reached.scroll_into_view_if_needed()
        box = reached.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        reached.click(trial=True)
    # No sideways scrolling, of the page or inside.
    assert chat.page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert chat.inside(
        "r => [...r.querySelectorAll('.panel, .log')].every(e => e.scrollWidth <= e.clientWidth)"
    )
    # The emergency numbers stay in sight.
    help_box = chat.page.locator(".help").bounding_box()
    assert help_box
    assert help_box["y"] >= 0
    assert help_box["y"] + help_box["height"] <= height


def test_a_keyboard_is_enough(chat: Chat) -> None:
    keys = chat.page.keyboard
    chat.button("Close the chat").click()
    assert "Open the chat" in chat.focused()
    keys.press("Enter")
    assert chat.focused() == "Your message"
    keys.type("what is CBT?")
    keys.press("Enter")
    answer = chat.answer(1)
    assert chat.focused() == "Your message"
    # Backwards into the newest answer, whose last control is the first that is met.
    keys.press("Shift+Tab")
    assert chat.focused() == "Not helpful"
    names = []
    for _ in range(20):
        keys.press("Shift+Tab")
        names.append(chat.focused())
        if names[-1] == "Conversation":
            break
    assert {"Helpful", "Copy with sources", "Tell me more", "Source 11"} <= set(names)
    answer.get_by_role("button", name="Source 2").first.focus()
    keys.press("Space")
    answer.get_by_role("group", name="Source 2").wait_for()
    keys.press("Escape")
    assert "Open the chat" in chat.focused()


def test_focus_follows_a_pressed_choice_to_the_next_question(chat: Chat) -> None:
    chat.stub(_PROMPT)
    chat.say("sign up")
    chat.page.unroute("**/webhooks/web/messages")
    chat.stub(message(kind="prompt", text="By what name?", choices=[{"id": "s", "title": "Skip"}]))
    before = chat.answers.count()
    chat.log.get_by_role("button", name="Yes").focus()
    chat.page.keyboard.press("Enter")
    chat.answer(before)
    chat.page.wait_for_timeout(50)
    assert "By what name?" in chat.focused()
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "Skip"


def test_tab_stays_in_a_window_that_covers_the_page(visit: Visit) -> None:
    chat = visit()
    chat.page.set_viewport_size({"width": 320, "height": 568})
    chat.page.wait_for_timeout(50)
    chat.greeted()
    assert chat.page.get_by_role("dialog").get_attribute("aria-modal") == "true"
    chat.button("Leave quickly").focus()
    chat.page.keyboard.press("Shift+Tab")
    assert chat.focused() == "Erase chat"
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "Leave quickly"


def test_what_has_the_focus_can_be_seen(chat: Chat) -> None:
    answer = chat.say("what is CBT?")
    for place in [chat.button("Close the chat"), answer.get_by_role("button").first, chat.input]:
        place.focus()
        chat.page.keyboard.press("Shift")
        outline = place.evaluate(
            "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]"
        )
        assert outline == ["solid", "3px"]


def test_targets_are_24_pixels(chat: Chat) -> None:
    chat.say("what is CBT?")
    chat.say("i want to die")
    small = chat.inside(
        """root => [...root.querySelectorAll('button, a, summary, textarea')]
            .filter(e => e.checkVisibility() && !e.closest('.sources, .source'))
            .map(e => {
                const box = e.getBoundingClientRect();
                // A number's own border is drawn smaller than what can be pressed.
                const ring = e.matches('.cite') ? 8 : 0;
                return [e.textContent, box.width + ring / 2, box.height + ring];
            })
            .filter(([, width, height]) => width < 24 || height < 24)"""
    )
    assert small == []


def test_numbers_stand_far_enough_apart_to_be_pressed(chat: Chat) -> None:
    answer = chat.say("what is CBT?")
    answer.get_by_role("button", name="Source 1").first.wait_for()
    centres = answer.locator(".cite").evaluate_all(
        """all => all.map(e => e.getBoundingClientRect())
            .map(box => [box.x + box.width / 2, box.y + box.height / 2])"""
    )
    apart = [
        max(abs(a[0] - b[0]), abs(a[1] - b[1]))
        for place, a in enumerate(centres)
        for b in centres[place + 1 :]
    ]
    assert min(apart) >= 24


def test_forced_colours_keep_borders(visit: Visit) -> None:
    chat = visit(forced_colors="active")
    chat.greeted().say("what is CBT?")
    widths = chat.inside(
        """root => ['.message', '.send', '.choice']
            .map(each => getComputedStyle(root.querySelector(each)).borderTopWidth)"""
    )
    assert widths == ["1px", "1px", "1px"]


def test_nothing_moves_for_who_wants_no_movement(visit: Visit) -> None:
    chat = visit(reduced_motion="reduce").greeted()
    names = chat.inside(
        "r => [...r.querySelectorAll('*')].map(e => getComputedStyle(e).animationName)"
    )
    assert set(names) == {"none"}


def test_a_page_from_right_to_left_turns_the_chat(visit: Visit) -> None:
    html = "<!doctype html><html lang=ar dir=rtl><title>rtl</title><main>x</main>"
    html += "<script type=module src=widget.js></script><rehab-assistant open></rehab-assistant>"
    chat = visit("/rtl", html).greeted()
    panel, mine = chat.page.locator(".panel").bounding_box(), None
    chat.say("what is CBT?")
    mine = chat.log.locator(".person").bounding_box()
    answer = chat.answers.nth(1).bounding_box()
    assert panel
    assert mine
    assert answer
    assert panel["x"] < 640
    assert mine["x"] < answer["x"] + 20
