"""From what Rasa keeps of a message to the JSON that the web channel sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.message import CHOICE_TITLE, Message
from extensions.channels.tokens import ConversationTokens

# Every key of a message with the value that says "none".
_NONE = Message(kind="notice", text="").as_dict()


@dataclass(frozen=True)
class OfferedChoice:
    """A choice that stands in a message of the assistant."""

    title: str
    payload: str


class Renderer:
    """Renders the messages of one conversation."""

    def __init__(self, tokens: ConversationTokens, conversation_id: str) -> None:
        """Takes what names choices, and the conversation."""
        self._tokens = tokens
        self._conversation_id = conversation_id

    def message(self, response: Mapping[str, Any]) -> dict[str, Any] | None:
        """Renders one response.

        Args:
            response: as Rasa hands it to an output channel: `text`, perhaps
                `buttons`, and `message` where one of our actions has made it.

        Returns:
            The channel's message with every key present; None when there is
            nothing to show.
        """
        made = response.get("message") or {}
        known = {key: made[key] for key in _NONE if key in made}
        text = known.get("text") or response.get("text")
        if not text:
            return None
        choices = [
            {"id": self._choice_id(choice.payload), "title": choice.title}
            for choice in _offered(response)
        ]
        return {**_NONE, **known, "text": text, "choices": choices}

    def history(self, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Renders a conversation: who said what, in order."""
        entries: list[dict[str, Any]] = []
        for event in events:
            if event["event"] == "user" and event.get("text"):
                title = (event.get("metadata") or {}).get(CHOICE_TITLE)
                entries.append({"from": "person", "text": title or event["text"]})
            elif event["event"] == "bot" and (message := self.message(_response(event))):
                entries.append({"from": "assistant", "message": message})
        return entries

    def chosen(self, choice_id: str, events: Iterable[Mapping[str, Any]]) -> OfferedChoice | None:
        """Finds a choice among those that were offered; None if it is not there."""
        for event in events:
            if event["event"] == "bot":
                for choice in _offered(_response(event)):
                    if self._choice_id(choice.payload) == choice_id:
                        return choice
        return None

    def _choice_id(self, payload: str) -> str:
        return self._tokens.choice_id(self._conversation_id, payload)


def last_offered(events: Iterable[Mapping[str, Any]]) -> list[OfferedChoice]:
    """What was offered after the last message of the person's, in order.

    Where nothing can be pressed a person may answer with the number of one of these.
    """
    offered: list[OfferedChoice] = []
    for event in events:
        if event["event"] == "user":
            offered = []
        elif event["event"] == "bot":
            offered += _offered(_response(event))
    return offered


def _offered(response: Mapping[str, Any]) -> list[OfferedChoice]:
    offered = (response.get("message") or {}).get("choices") or response.get("buttons") or []
    return [OfferedChoice(choice["title"], choice["payload"]) for choice in offered]


def _response(event: Mapping[str, Any]) -> dict[str, Any]:
    # The same as BotUttered.message(), from the stored form.
    data, metadata = event.get("data") or {}, event.get("metadata") or {}
    return {**data, "text": event.get("text"), **metadata}
