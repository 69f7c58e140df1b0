"""People ask on the website, and read what was found and where it comes from."""

from __future__ import annotations

import pytest

from tests.browser.chat import Chat, message
from tests.serving import Live
from tests.spans import misquoted

pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_person_is_told_that_it_is_a_program_and_whom_to_call(chat: Chat) -> None:
    greeting = chat.answers.first.inner_text()
    assert "not a person" in greeting
    assert "call 911" in greeting
    links = chat.page.locator(".help").get_by_role("link")
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs == ["tel:911", "tel:988", "sms:988"]


def test_person_asks_and_reads_cited_sentences_that_stand_in_the_articles(
    chat: Chat, live: Live
) -> None:
    with chat.page.expect_response("**/messages") as replied:
        answer = chat.say("what is CBT?")
    assert "text/event-stream" in (replied.value.headers["content-type"])
    shown = answer.inner_text()
    assert "Cognitive behavioral therapy" in shown
    history = chat.page.evaluate(
        """async () => {
            const key = Object.keys(sessionStorage).find(each => each.endsWith("conversation"));
            const token = JSON.parse(sessionStorage.getItem(key)).token;
            const reply = await fetch("history", {headers: {Authorization: `Bearer ${token}`}});
            return (await reply.json()).messages;
        }"""
    )
    said = history[1]["message"]
    assert misquoted(said, live.settings.corpus) == []
    # A number follows each word that ends a sentence; what is shown is what was quoted.
    words = answer.locator(".block p").evaluate_all(
        """all => all.map(p => {
            const copy = p.cloneNode(true);
            copy.querySelectorAll("sup").forEach(sup => sup.remove());
            return copy.textContent;
        })"""
    )
    assert words == [
        " ".join(sentence["text"] for sentence in block["sentences"]) for block in said["blocks"]
    ]


def test_person_opens_a_source_in_place(chat: Chat) -> None:
    answer = chat.say("what is CBT?")
    cite = answer.get_by_role("button", name="Source 2").first
    cite.click()
    source = answer.get_by_role("group", name="Source 2")
    link = source.get_by_role("link")
    assert (link.get_attribute("href") or "").startswith("https://")
    assert link.get_attribute("target") == "_blank"
    assert cite.get_attribute("aria-expanded") == "true"
    answer.get_by_role("button", name="Source 1").first.click()
    assert source.count() == 0
    assert "Article" in answer.get_by_role("group", name="Source 1").inner_text()


def test_person_wants_more_and_gets_other_sentences(chat: Chat) -> None:
    first = chat.say("what is CBT?")
    before = chat.answers.count()
    first.get_by_role("button", name="Tell me more").click()
    more = chat.answer(before)
    assert more.locator(".block p").first.inner_text() not in first.inner_text()
    # Used once.
    assert first.get_by_role("button", name="Tell me more").count() == 0


def test_person_asks_about_a_related_article(chat: Chat) -> None:
    answer = chat.say("what is CBT?")
    answer.get_by_text("Related articles").click()
    before = chat.answers.count()
    answer.get_by_role("button", name="Ask about").first.click()
    assert chat.answer(before).get_attribute("data-kind") == "answer"


def test_person_in_danger_sees_what_to_press_first(chat: Chat) -> None:
    reply = chat.say("my son took too many pills and won't wake up")
    first = reply.get_by_role("link").first
    assert first.get_attribute("href") == "tel:911"
    window, button = chat.log.bounding_box(), first.bounding_box()
    assert window
    assert button
    assert window["y"] <= button["y"]
    assert button["y"] + button["height"] <= window["y"] + window["height"]
    assert "naloxone" in reply.inner_text()


def test_person_writes_spanish_in_danger_and_it_is_read_aloud_as_spanish(chat: Chat) -> None:
    reply = chat.say("quiero morir")
    assert set(reply.locator("p").evaluate_all("all => all.map(p => p.lang)")) == {"es"}
    assert reply.get_by_role("link").first.get_attribute("href") == "tel:988"


def test_person_copies_an_answer_with_its_sources(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = chat.say("what is CBT?")
    answer.get_by_role("button", name="Copy with sources").click()
    answer.get_by_text("Copied.").wait_for()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert "Sources:\n[1]" in copied
    assert "https://" in copied


def test_person_rates_an_answer_and_changes_their_mind(chat: Chat) -> None:
    answer = chat.say("what is CBT?")
    for name, helpful in (("Not helpful", False), ("Helpful", True)):
        vote = answer.get_by_role("button", name=name, exact=True)
        with chat.page.expect_response("**/feedback") as replied:
            vote.click()
        assert replied.value.status == 204
        body = replied.value.request.post_data_json
        assert body["helpful"] is helpful
        assert set(body) == {"answer_id", "helpful"}
        assert vote.get_attribute("aria-pressed") == "true"
    answer.get_by_text("Thank you.").wait_for()
    assert answer.locator("[aria-pressed=true]").count() == 1


def test_nobody_is_asked_where_the_server_does_not_count(chat: Chat) -> None:
    chat.stub_problem("feedback", 404)
    answer = chat.say("what is CBT?")
    answer.get_by_role("button", name="Helpful", exact=True).click()
    answer.get_by_role("button", name="Helpful", exact=True).wait_for(state="detached")
    assert "Thank you" not in answer.inner_text()
    assert chat.say("what is DBT?").get_by_role("button", name="Helpful", exact=True).count() == 0


def test_person_answers_a_question_of_consent_with_labelled_controls(chat: Chat) -> None:
    choices = [{"id": "y", "title": "Yes, you may"}, {"id": "n", "title": "No"}]
    text = "May we call you about treatment? You can say no.\n- Yes, you may\n- No"
    chat.stub(message(kind="prompt", text=text, choices=choices))
    chat.say("I want to sign up")
    question = chat.log.get_by_role("group", name="May we call you about treatment?")
    assert question.get_by_role("button").all_inner_texts() == ["Yes, you may", "No"]
    with chat.page.expect_request("**/messages") as asked:
        question.get_by_role("button", name="No", exact=True).click()
    assert asked.value.post_data_json == {"choice": "n"}
    # The question that was answered can be read, and no longer pressed.
    assert question.first.get_by_role("button").count() == 0
    assert "May we call you" in question.first.inner_text()


def test_messages_that_come_while_it_is_closed_are_counted(chat: Chat) -> None:
    chat.slowed(1000)
    chat.input.fill("what is CBT?")
    chat.input.press("Enter")
    chat.button("Close the chat").click()
    launcher = chat.page.get_by_role("button", name="1 new message")
    launcher.wait_for()
    assert launcher.locator(".badge").is_visible()
    launcher.click()
    # What came in is in sight.
    window, box = chat.log.bounding_box(), chat.answers.nth(1).bounding_box()
    assert window
    assert box
    assert window["y"] <= box["y"] < window["y"] + window["height"] / 2
    chat.button("Close the chat").click()
    assert chat.page.get_by_role("button", name="new message").count() == 0


def test_a_long_answer_is_read_from_its_start_below_the_question(chat: Chat) -> None:
    answer = chat.say("CBT vs DBT")
    chat.page.wait_for_timeout(100)
    window, box = chat.log.bounding_box(), answer.bounding_box()
    question = chat.log.locator(".person").bounding_box()
    assert window
    assert box
    assert question
    # It does not fit, and the person does not have to scroll up.
    assert box["height"] > window["height"]
    assert 0 <= question["y"] - window["y"] < 24
    assert question["y"] < box["y"] < window["y"] + window["height"] / 3


def test_a_text_that_is_too_long_is_kept_and_can_be_changed(chat: Chat) -> None:
    text = "word " * 401
    chat.input.fill(text)
    chat.page.get_by_text("4 characters too long").wait_for()
    chat.input.press("Enter")
    chat.button("Change it").click()
    assert chat.input.input_value() == text.strip()
