from __future__ import annotations

import json

from assistant.message import (
    Block,
    Choice,
    Message,
    QuotedSentence,
    Related,
    Resource,
    Source,
    Span,
)


def test_a_message_is_the_json_that_the_web_channel_promises() -> None:
    span = Span("care", "cbt", 3, 7, "ab")
    message = Message(
        "answer",
        "One.",
        blocks=(Block("cbt", "CBT", (QuotedSentence("One.", (1,), span),)),),
        sources=(Source(1, "article", "Care", None, "care", "cbt"),),
        related=(Related("more", "More"),),
        choices=(Choice("Tell me more", "/ask_more"),),
        resources=(Resource("Call 988", "tel:988"),),
        answer_id="id",
    )
    assert json.loads(json.dumps(message.as_dict())) == message.as_dict()
    assert message.as_dict() == {
        "kind": "answer",
        "text": "One.",
        "blocks": [
            {
                "topic": "cbt",
                "heading": "CBT",
                "sentences": [
                    {
                        "text": "One.",
                        "citations": [1],
                        "source": {
                            "article": "care",
                            "section": "cbt",
                            "start": 3,
                            "end": 7,
                            "sha256": "ab",
                        },
                    }
                ],
            }
        ],
        "sources": [
            {
                "number": 1,
                "kind": "article",
                "title": "Care",
                "url": None,
                "article": "care",
                "section": "cbt",
            }
        ],
        "related": [{"article": "more", "title": "More", "url": None}],
        "choices": [{"title": "Tell me more", "payload": "/ask_more"}],
        "resources": [{"label": "Call 988", "href": "tel:988"}],
        "answer_id": "id",
    }


def test_a_plain_message_has_empty_lists() -> None:
    plain = Message("notice", "Hello.").as_dict()
    assert [name for name, value in plain.items() if value == []] == [
        *("blocks", "sources", "related", "choices", "resources")
    ]
