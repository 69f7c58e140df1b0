"""A message as Slack shows it: blocks of plain text, sources as links, choices as buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extensions.channels.messaging.sms import cut
from extensions.channels.messaging.spoken import shortened, spoken_text, utf16_length

# Limits of Slack's block kit.
_SECTION = 3000
_BLOCKS = 50
_CONTEXT_ELEMENTS = 10
_BUTTONS = 25
_BUTTON_TITLE = 75


def slack_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """What `chat.postMessage` takes beside the conversation.

    Args:
        message: in the web channel's JSON.

    Returns:
        The blocks, and the whole text for screen readers and notices.
    """
    # Plain text: nothing of an article or of a person's becomes markup or a mention.
    blocks = [_section(piece) for piece in cut(spoken_text(message), _fits)]
    # Choices stand below the words that offer them, sources at the end, like footnotes.
    blocks += _links(_resources(message)) + _buttons(message["choices"])
    blocks += _links(_sources(message))
    return {
        "text": escaped(message["text"]),
        "blocks": blocks[:_BLOCKS],
        # Slack would open the sources by itself to show a preview.
        "unfurl_links": False,
        "unfurl_media": False,
    }


def escaped(text: str) -> str:
    """A text that Slack shows as it is, wherever it reads markup: no link, no mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fits(text: str) -> bool:
    # Of Slack's and our ways to count, the one that finds more.
    return utf16_length(text) <= _SECTION


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _sources(message: Mapping[str, Any]) -> list[str]:
    return [
        f"[{source['number']}] {_link(source['title'], source['url'])}"
        for source in message["sources"]
    ]


def _resources(message: Mapping[str, Any]) -> list[str]:
    """Links that a browser opens; every number to call or text stands in the message's text."""
    return [
        _link(resource["label"], resource["href"])
        for resource in message["resources"]
        if resource["href"].startswith("https:")
    ]


def _link(title: str, url: str | None) -> str:
    # A bar would end the address.
    return f"<{escaped(url).replace('|', '%7C')}|{escaped(title)}>" if url else escaped(title)


def _links(lines: Sequence[str]) -> list[dict[str, Any]]:
    elements = [{"type": "mrkdwn", "text": line, "verbatim": True} for line in lines]
    return [
        {"type": "context", "elements": elements[at : at + _CONTEXT_ELEMENTS]}
        for at in range(0, len(elements), _CONTEXT_ELEMENTS)
    ]


def _buttons(choices: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    elements = [
        {
            "type": "button",
            "action_id": f"choice-{at}",
            "text": {
                "type": "plain_text",
                "text": shortened(choice["title"], _BUTTON_TITLE),
                "emoji": False,
            },
            "value": choice["id"],
        }
        for at, choice in enumerate(choices[:_BUTTONS])
    ]
    return [{"type": "actions", "elements": elements}] if elements else []
