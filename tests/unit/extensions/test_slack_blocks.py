from __future__ import annotations

from typing import Any

from assistant.message import Choice, Message, Resource, Source
from extensions.channels.slack_blocks import slack_message
from tests.channels.peers import slack_peer as peer


def _shown(message: Message) -> dict[str, Any]:
    made = message.as_dict()
    # As the renderer does: ids for payloads.
    made["choices"] = [{"id": f"id-{c['payload']}", "title": c["title"]} for c in made["choices"]]
    sent = slack_message(made)
    assert peer.refusal({"channel": "D1", **sent}, sent["blocks"]) is None
    return sent


def _posted(sent: dict[str, Any]) -> peer.Posted:
    return peer.Posted("D1", sent["text"], sent["blocks"])


def test_an_answer_has_its_words_its_choices_and_its_sources_in_this_order() -> None:
    source = Source(1, "reference", "Drugs & <you>", "https://example.org/a|b?x=1&y=2", "a")
    listed = f"[1] {source.title} {source.url}"
    text = f"CBT helps. [1]\n\nSources:\n{listed}\n\nAlso:\n- More"
    sent = _shown(Message("answer", text, sources=(source,), choices=(Choice("More", "m"),)))
    assert [block["type"] for block in sent["blocks"]] == ["section", "actions", "context"]
    posted = _posted(sent)
    assert posted.buttons == {"More": "id-m"}
    assert posted.shown == (
        "CBT helps. [1]\n\nAlso:\n"
        "[1] <https://example.org/a%7Cb?x=1&amp;y=2|Drugs &amp; &lt;you&gt;>"
    )


def test_the_plain_text_is_the_whole_message() -> None:
    assert _shown(Message("notice", "A <b> & c\n- d"))["text"] == "A &lt;b&gt; &amp; c\n- d"


def test_nothing_in_a_text_becomes_a_mention_or_markup() -> None:
    sent = _shown(Message("notice", "<!channel> *bold* <@U1> :smile: <https://x|y>"))
    assert "<!channel>" not in sent["text"]
    (block,) = sent["blocks"]
    assert block["text"] == {
        "type": "plain_text",
        "text": "<!channel> *bold* <@U1> :smile: <https://x|y>",
        "emoji": False,
    }


def test_no_preview_of_a_source_is_fetched() -> None:
    sent = _shown(Message("notice", "x"))
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


def test_a_crisis_is_never_cut_and_its_links_stand_below_it() -> None:
    lines = "\n".join(f"Call 988. Line {number}." for number in range(400))
    links = (
        Resource("Call 988", "tel:988"),
        Resource("Chat with 988", "https://988lifeline.org/chat/"),
    )
    posted = _posted(_shown(Message("crisis", lines, resources=links)))
    assert "".join(posted.shown.split()).startswith("".join(lines.split()))
    assert posted.shown.endswith("<https://988lifeline.org/chat/|Chat with 988>")


def test_more_choices_and_longer_titles_than_slack_takes() -> None:
    choices = tuple(Choice(f"{number} {'x' * 100}", f"p{number}") for number in range(30))
    posted = _posted(_shown(Message("prompt", "Which?", choices=choices)))
    assert len(posted.buttons) == 25
    assert all(len(title) == 75 and title.endswith("\u2026") for title in posted.buttons)
