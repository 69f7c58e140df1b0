"""How a message looks in a Matrix client, with and without formatting."""

from __future__ import annotations

from typing import Any

from assistant.message import Choice, Message, Resource, Source
from extensions.channels.matrix_html import content_of, link
from extensions.channels.rendering import Renderer
from extensions.channels.tokens import ConversationTokens

RENDERER = Renderer(ConversationTokens("t" * 40, 60), "somebody")
URL = "https://nida.nih.gov/cbt"


def content(text: str, first: int = 1, **more: Any) -> dict[str, str]:
    rendered = RENDERER.message({"message": Message("answer", text, **more).as_dict()})
    assert rendered is not None
    return content_of(rendered, first)


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(title, f"/{title}") for title in titles)


def test_a_text_is_shown_in_paragraphs() -> None:
    shown = content("One.\nTwo.\n\nThree.")
    assert shown["body"] == "One.\nTwo.\n\nThree."
    assert shown["formatted_body"] == "<p>One.<br>Two.</p><p>Three.</p>"
    assert (shown["msgtype"], shown["format"]) == ("m.text", "org.matrix.custom.html")


def test_what_looks_like_html_stays_text() -> None:
    shown = content("<b>1 & 2</b>", choices=choices("<i>no</i>"))
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in shown["formatted_body"]
    assert "<li>&lt;i&gt;no&lt;/i&gt;</li>" in shown["formatted_body"]
    assert shown["body"].startswith("<b>1 & 2</b>")


def test_choices_are_numbered_where_the_text_names_them() -> None:
    text = "Pick one:\n- What is rehab?\n- What rehab costs\n\nIn an emergency call 911."
    shown = content(text, choices=choices("What is rehab?", "What rehab costs"))
    assert shown["body"] == (
        "Pick one:\n1. What is rehab?\n2. What rehab costs\n\nIn an emergency call 911."
    )
    assert shown["formatted_body"] == (
        '<p>Pick one:</p><ol start="1"><li>What is rehab?</li><li>What rehab costs</li></ol>'
        "<p>In an emergency call 911.</p>"
    )


def test_choices_that_the_text_does_not_name_are_numbered_with_the_others() -> None:
    shown = content("CBT.\n\nMore:\n- B", choices=choices("Tell me more", "B"))
    assert shown["body"] == "CBT.\n\nMore:\n1. Tell me more\n2. B"
    shown = content("CBT.", first=4, choices=choices("Tell me more"))
    assert shown["body"] == "CBT.\n4. Tell me more"
    assert '<ol start="4">' in shown["formatted_body"]


def test_sources_and_ways_to_help_are_links() -> None:
    source = Source(2, "reference", "NIDA. Principles & more. 2018", URL, "article")
    shown = content(
        f"CBT helps. [2]\n\nSources:\n[2] {source.title} {URL}",
        sources=(source,),
        resources=(Resource("Call 988", "tel:988"), Resource("Home", "sms:741741?body=HOME")),
    )
    assert f'[2] <a href="{URL}">NIDA. Principles &amp; more. 2018</a>' in shown["formatted_body"]
    assert shown["formatted_body"].endswith(
        '<p><a href="tel:988">Call 988</a> · <a href="sms:741741?body=HOME">Home</a></p>'
    )
    assert f"[2] {source.title} {URL}" in shown["body"]


def test_an_address_in_a_text_is_a_link_without_the_full_stop() -> None:
    shown = content(f"See {URL}, or {URL}?a=1&b=2.")
    assert f'<a href="{URL}">{URL}</a>, or ' in shown["formatted_body"]
    assert f'<a href="{URL}?a=1&amp;b=2">{URL}?a=1&amp;b=2</a>.' in shown["formatted_body"]


def test_no_link_leads_where_it_may_not() -> None:
    for address in ("javascript:alert(1)", "http://example.org", "data:text/html,x", "//x.org"):
        assert link(address, "a <b>") == "a &lt;b&gt;"
    assert link('https://x.org/"onclick="x', "x").count('"') == 2
    source = Source(1, "reference", "Old", "javascript:x", "article")
    shown = content("[1] Old javascript:x", sources=(source,))
    assert "<a" not in shown["formatted_body"]
