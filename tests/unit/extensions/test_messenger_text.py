from __future__ import annotations

from typing import Any

from assistant.message import Choice, Message, Resource, Source
from extensions.channels.messenger_text import messenger_messages
from tests.channels.peers.messenger_peer import is_taken


def _sent(*messages: Message) -> list[dict[str, Any]]:
    """What is sent; the peer refuses what Meta would refuse."""
    made = [message.as_dict() for message in messages]
    for message in made:
        # As the renderer does: ids for payloads.
        named = [{"id": f"id-{c['payload']}", "title": c["title"]} for c in message["choices"]]
        message["choices"] = named
    sent = messenger_messages(made)
    assert all(map(is_taken, sent))
    return sent


def _replies(message: dict[str, Any]) -> dict[str, str]:
    return {reply["title"]: reply["payload"] for reply in message.get("quick_replies", [])}


def test_an_answer_has_its_sources_and_numbered_choices() -> None:
    source = Source(1, "reference", "NIDA", "https://example.org/a", "a")
    text = "CBT helps. [1]\n\nSources:\n[1] NIDA https://example.org/a\n\nAlso:\n- More\n- Costs"
    choices = (Choice("More", "m"), Choice("Costs", "c"))
    (sent,) = _sent(Message("answer", text, sources=(source,), choices=choices))
    assert sent["text"] == (
        "CBT helps. [1]\n\nAlso:\n\n1. More\n2. Costs\n\nSources:\n[1] NIDA https://example.org/a"
    )
    assert _replies(sent) == {"More": "id-m", "Costs": "id-c"}


def test_numbers_go_on_through_a_turn() -> None:
    first = Message("notice", "One", choices=(Choice("A", "a"), Choice("B", "b")))
    sent = _sent(first, Message("notice", "Two", choices=(Choice("C", "c"),)))
    assert [each["text"] for each in sent] == ["One\n\n1. A\n2. B", "Two\n\n3. C"]


def test_a_title_that_is_cut_has_its_number() -> None:
    (sent,) = _sent(
        Message("prompt", "Which?", choices=(Choice("CBT and other talk therapy", "x"),))
    )
    assert _replies(sent) == {"1. CBT and other ta\u2026": "id-x"}
    assert sent["text"] == "Which?\n\n1. CBT and other talk therapy"


def test_of_more_choices_than_messenger_takes_all_stand_in_the_text() -> None:
    choices = tuple(Choice(f"Choice {number}", f"p{number}") for number in range(20))
    (sent,) = _sent(Message("prompt", "Which?", choices=choices))
    assert len(sent["quick_replies"]) == 13
    assert sent["text"].endswith("20. Choice 19")


def test_a_crisis_is_never_cut_and_its_links_are_there() -> None:
    lines = "\n".join(f"Call 988. Line {number}." for number in range(400))
    links = (Resource("Call 988", "tel:988"), Resource("Chat with 988", "https://988lifeline.org/"))
    sent = _sent(Message("crisis", lines, resources=links))
    assert len(sent) > 3
    whole = "\n".join(each["text"] for each in sent)
    assert whole.split() == f"{lines} Chat with 988: https://988lifeline.org/".split()
