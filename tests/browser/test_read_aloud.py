"""What a person hears who uses a screen reader: names, roles, order, and each message once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.chat import Chat
from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.browser.reader import Node, controls, heard, listen, tree

pytestmark = [pytest.mark.live, pytest.mark.browser]

_ABOVE = [
    *(("button", "Leave quickly"), ("button", "Close the chat")),
    *(("link", "Call 911"), ("link", "Call 988"), ("link", "Text 988")),
]
_BELOW = [("textbox", "Your message"), ("button", "Send"), ("button", "Erase chat")]
_GREETING = ("link", "SAMHSA's National Helpline: 1-800-662-4357")


def _of_the_chat(chat: Chat) -> list[Node]:
    """The chat's controls, without the page's."""
    found = controls(chat)
    return found[[node.name for node in found].index("Leave quickly") :]


def _named(nodes: list[Node]) -> list[tuple[str, str]]:
    return [(node.role, node.name) for node in nodes]


def _asked(chat: Chat, text: str) -> dict[str, Any]:
    """What the server answers to a text that is typed."""
    chat.say(text)
    chat.log.locator(".typing").wait_for(state="hidden")
    history = chat.page.request.get(
        f"{chat.address}/history", headers={"Authorization": f"Bearer {chat.token}"}
    )
    answer: dict[str, Any] = history.json()["messages"][-1]["message"]
    return answer


def test_every_control_says_what_it_is_in_the_order_in_which_it_is_met(chat: Chat) -> None:
    answer = _asked(chat, "what is CBT?")
    cited = [
        ("button", f"Source {number}")
        for block in answer["blocks"]
        for sentence in block["sentences"]
        for number in sentence["citations"]
    ]
    choices = [("button", choice["title"]) for choice in answer["choices"]]
    folded = [
        ("DisclosureTriangle", f"{len(answer['sources'])} sources"),
        ("DisclosureTriangle", "Related articles"),
    ]
    row = [("button", name) for name in ("Copy with sources", "Helpful", "Not helpful")]
    found = _of_the_chat(chat)
    assert cited
    assert choices
    expected = [*_ABOVE, _GREETING, *cited, *choices, *folded, *row, *_BELOW]
    assert _named(found) == expected
    # What repeats the name would be read twice.
    assert [node for node in found if node.description == node.name] == []


def test_a_citation_is_read_with_what_it_leads_to(chat: Chat) -> None:
    sources = {
        f"Source {source['number']}": f"{source['kind'].title()}: {source['title']}"
        for source in _asked(chat, "what is CBT?")["sources"]
    }
    cited = {
        node.name: node.description for node in controls(chat) if node.name.startswith("Source")
    }
    assert cited == sources
    chat.answers.last.get_by_role("button", name="Source 2").first.click()
    found = tree(chat)
    (group,) = (node for node in found if (node.role, node.name) == ("group", "Source 2"))
    link = next(node for node in found[found.index(group) :] if node.role == "link")
    assert link.name == f"{sources['Source 2'].partition(': ')[2]} (opens in a new tab)"


def test_an_answer_is_met_after_its_question_as_it_is_seen(chat: Chat) -> None:
    answer = _asked(chat, "what is CBT?")
    sentences = [each["text"] for block in answer["blocks"] for each in block["sentences"]]
    texts = [node.name for node in tree(chat) if node.role in ("StaticText", "heading")]
    read = " ".join(texts)
    expected = ["You:", "what is CBT?", "Assistant:", answer["blocks"][0]["heading"]]
    places = [read.rindex(text) for text in [*expected, *(text[:40] for text in sentences)]]
    assert places == sorted(places)


def test_the_launcher_and_the_window_are_named(chat: Chat) -> None:
    (window,) = (node for node in tree(chat) if node.role == "dialog")
    assert window.name == "Ask about treatment"
    chat.button("Close the chat").click()
    launcher = controls(chat)[-1]
    assert launcher.name.startswith("Ask about treatment")
    assert launcher.name.endswith("Open the chat.")
    assert launcher.properties["expanded"] is False


def test_the_log_is_no_second_voice(chat: Chat) -> None:
    (log,) = (node for node in tree(chat) if node.role == "log")
    assert (log.name, log.properties.get("live", "off")) == ("Conversation", "off")
    regions = [node.properties["live"] for node in tree(chat) if "live" in node.properties]
    assert "assertive" in regions
    assert "polite" in regions


def test_an_answer_is_read_once_without_its_numbers(chat: Chat) -> None:
    listen(chat)
    answer = _asked(chat, "what is CBT?")
    (read,) = heard(chat)
    sentences = " ".join(each["text"] for each in answer["blocks"][0]["sentences"])
    titles = "; ".join(choice["title"] for choice in answer["choices"])
    heading = answer["blocks"][0]["heading"]
    sources = f"{len(answer['sources'])} sources"
    assert read == f"Assistant: {heading}. {sentences} Choices: {titles}. {sources}."


def test_in_danger_the_reply_does_not_wait(chat: Chat) -> None:
    chat.say("i want to die")
    urgent = chat.page.locator("[aria-live=assertive]")
    assert "988" in urgent.inner_text()
    waiting = chat.page.locator("[aria-live=polite]:not([role=status])").inner_text()
    assert "988lifeline" not in waiting


def test_a_sign_up_is_read_once_question_by_question(visit: Visit) -> None:
    chat = visit()
    person = Keyboard(chat).opens()
    listen(chat)

    def asked(text: str) -> None:
        (read,) = heard(chat)
        assert read.startswith(f"Assistant: {text}")

    def focused(text: str) -> None:
        # Moving the focus there reads it; the announcer is silent.
        assert heard(chat) == []
        assert chat.focused().startswith(text)

    person.says("I want to sign up for treatment")
    asked("I can take your sign-up here")
    person.presses("Yes, I am 18 or older")
    asked("What name should we call you by?")
    assert chat.focused() == "Your message"
    person.says("Maria")
    asked("How would you like to be reached? Choices: Email; Phone call; Text message.")
    person.presses("Email")
    asked("What is your email address?")
    person.says("maria@example.org")
    asked("Who is the treatment for?")
    person.presses("Myself")
    focused("May the treatment provider")
    person.presses("Yes, I agree")
    focused("May the treatment provider that runs this website send you email")
    person.presses("Yes, I agree", "Yes, I agree")
    focused("Please check what you told me.")
    person.presses("Yes, send it")
    asked("Thank you. Your sign-up has been received.")


def test_what_could_not_be_sent_is_read(chat: Chat) -> None:
    listen(chat)
    chat.stub_problem("messages", 503, "Please try again.")
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    again = chat.log.get_by_role("button", name="Try again")
    again.wait_for()
    assert heard(chat) == ["Not sent. Please try again."]
    chat.page.unroute("**/webhooks/web/messages")
    again.focus()
    chat.page.keyboard.press("Enter")
    chat.answer(1)
    # The button is gone; who pressed it stands where it was.
    assert "what is CBT?" in chat.focused()


def test_what_was_said_on_the_page_before_is_not_read_anew(chat: Chat) -> None:
    chat.say("what is CBT?")
    chat.page.reload()
    chat.answer(1)
    announced = chat.page.locator("[aria-live]:not([role=log])").all_inner_texts()
    assert not any("Cognitive" in text for text in announced)
