"""People in danger, or afraid for others: they read where help is, and can go on asking."""

from __future__ import annotations

import httpx
import pexpect
import pytest

from assistant.safety.counts import CrisisCounts
from assistant.safety.resources import crisis_texts
from assistant.settings import ROOT
from tests.client import Visitor
from tests.conversations.reading import only
from tests.serving import Live

pytestmark = pytest.mark.live

SUICIDE = "I want to kill myself"


def test_user_in_danger_is_answered_at_once_and_goes_on(visitor: Visitor) -> None:
    crisis = only(visitor.say(SUICIDE))
    assert crisis["kind"] == "crisis"
    assert visitor.seconds < 1
    assert crisis["text"] == crisis_texts().emergency("suicide", "self", "en").text
    assert only(visitor.say("what is CBT?"))["kind"] == "answer"
    first, second, *_ = visitor.history()
    assert first == {"from": "person", "text": SUICIDE}
    assert second == {"from": "assistant", "message": crisis}


def test_user_writes_again_and_does_not_read_the_same_block(visitor: Visitor) -> None:
    texts = [only(visitor.say(SUICIDE))["text"] for _ in range(3)]
    assert len(set(texts)) == 3
    assert len(texts[1]) < len(texts[0])
    assert all("988" in text and "911" in text for text in texts)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what happens if I call?", "asks if you are safe"),
        ("what will they ask me when i call them?", "asks if you are safe"),
        ("I'm scared to call", "scared to call is very common"),
        ("i'm too ashamed to call them", "scared to call is very common"),
        ("I can't call", "You don't have to speak"),
        ("i can't talk right now, can i text them", "You don't have to speak"),
        ("it's for my brother", "looking out for them"),
        ("I'm fine, it was a joke", "glad if you are safe"),
        # Nobody could tell what it means, had nothing gone before.
        ("my boyfriend checks my bill", "You don't have to speak"),
        ("can i talk to a real person", "A person can talk with you right now"),
        ("yes", "I'm still here"),
        ("no", "glad if you are safe"),
    ],
)
def test_user_asks_after_an_emergency_and_is_answered_kindly(
    visitor: Visitor, question: str, words: str
) -> None:
    visitor.say(SUICIDE)
    message = only(visitor.say(question))
    assert message["kind"] == "crisis"
    assert words in message["text"]
    assert "988" in message["text"]
    assert "662-4357" not in message["text"]


@pytest.mark.parametrize(
    "text",
    ["what do I do until then", "he is in the bathroom", "thank you"],
)
def test_user_writes_on_in_an_overdose_and_is_not_sent_off(visitor: Visitor, text: str) -> None:
    visitor.say("my friend took too many pills and he won't wake up")
    message = only(visitor.say(text))
    assert message["kind"] == "crisis"
    assert "911" in message["text"]


@pytest.mark.parametrize(
    "text",
    [
        "ok they're coming. what do I do until then",
        "ok calling",
        "I called 911 and they are on their way",
    ],
)
def test_user_says_in_an_overdose_that_help_is_coming(visitor: Visitor, text: str) -> None:
    visitor.say("my friend took too many pills and he won't wake up")
    message = only(visitor.say(text))
    assert message["kind"] == "crisis"
    assert "until help is there" in message["text"]
    assert "call 911 now" not in message["text"]


def test_user_says_that_help_is_there_and_is_answered_again(visitor: Visitor) -> None:
    visitor.say("my friend took too many pills and he won't wake up")
    there = only(visitor.say("the paramedics are here now, they are working on him"))
    assert "glad that help is there" in there["text"]
    assert only(visitor.say("thank you"))["kind"] == "notice"
    assert only(visitor.say("what is naloxone?"))["kind"] == "answer"


def test_user_says_after_an_emergency_what_the_articles_answer_too(visitor: Visitor) -> None:
    visitor.say(SUICIDE)
    fixed, answer = visitor.say("i never know what to say")
    assert "scared to call is very common" in fixed["text"]
    assert answer["kind"] == "answer"


def test_user_asks_after_an_emergency_whether_it_is_a_person(visitor: Visitor) -> None:
    visitor.say(SUICIDE)
    program, people = visitor.say("are you a real person?")
    assert "automated program, not a person" in program["text"]
    assert "988" in people["text"]


def test_user_asks_the_same_twice_and_reads_something_else(visitor: Visitor) -> None:
    visitor.say(SUICIDE)
    first = only(visitor.say("what happens if I call?"))
    second = only(visitor.say("what happens if I call?"))
    assert first["text"] != second["text"]
    assert "988" in second["text"]


def test_user_writes_in_spanish_and_is_answered_in_spanish(visitor: Visitor) -> None:
    assert "marque 2" in only(visitor.say("quiero morir"))["text"]
    assert "AYUDA al 988" in only(visitor.say("tengo miedo de llamar"))["text"]


def test_user_ends_a_letter_of_10000_characters_with_it(live: Live, visitor: Visitor) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    letter = "It was a long year and I am tired. " * 285 + SUICIDE
    assert len(letter) > 9_990
    reply = httpx.post(f"{live.address}/messages", json={"text": letter}, headers=headers)
    assert reply.status_code == 200
    assert only(reply.json()["messages"])["kind"] == "crisis"
    assert visitor.history()[0]["text"].endswith(SUICIDE)


@pytest.mark.parametrize(
    "question",
    [
        "what is CBT?",
        "how do rehab programs prevent overdose?",
        "what do DBT skills do about self-harm urges?",
        "what happens when I call a rehab center?",
        "how can I help my son with his drinking?",
    ],
)
def test_user_asks_a_question_and_no_guess_replaces_the_answer(
    visitor: Visitor, question: str
) -> None:
    assert "crisis" not in {message["kind"] for message in visitor.say(question)}


@pytest.mark.parametrize("question", ["i'm scared to call", "i can't call", "it's for my brother"])
def test_user_says_so_without_an_emergency_and_is_not_taken_for_one(
    visitor: Visitor, question: str
) -> None:
    assert "crisis" not in {message["kind"] for message in visitor.say(question)}


def test_user_reads_at_the_start_that_it_is_a_program(live: Live) -> None:
    message = httpx.post(f"{live.address}/sessions").json()["message"]
    assert "automated program, not a person" in message["text"]
    assert {"tel:911", "tel:988"} <= {resource["href"] for resource in message["resources"]}


def test_replies_are_counted_without_a_trace_of_who(live: Live) -> None:
    before = {(s, c): n for s, c, n in CrisisCounts(live.settings.state_dir).read()}
    with Visitor(live.address) as visitor:
        visitor.say(SUICIDE)
    after = {(s, c): n for s, c, n in CrisisCounts(live.settings.state_dir).read()}
    assert after["suicide", "web"] == before.get(("suicide", "web"), 0) + 1


def test_user_in_the_terminal_is_answered_by_the_same_check() -> None:
    terminal = pexpect.spawn(
        "make", ["chat"], cwd=str(ROOT), encoding="utf-8", dimensions=(50, 400)
    )
    try:
        terminal.expect("Your input ->", timeout=120)
        terminal.sendline(SUICIDE)
        terminal.expect("I'm glad you wrote this", timeout=20)
        terminal.expect("Your input ->", timeout=20)
        terminal.sendline(SUICIDE)
        terminal.expect("I'm still here", timeout=20)
        terminal.expect("Your input ->", timeout=20)
        terminal.sendline("what happens if I call?")
        terminal.expect("asks if you are safe", timeout=20)
        terminal.sendline("/stop")
        terminal.expect(pexpect.EOF, timeout=20)
    finally:
        terminal.close(force=True)
