"""Replies over WhatsApp: texts, and lists to choose from.

Twilio sends a list by a content template, whose words are variables; there is one for each
number of choices, made when it is first needed.
https://www.twilio.com/docs/content/twiliolist-picker
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from extensions.channels.messaging.rendered import Rendered
from extensions.channels.messaging.sms import cut
from extensions.channels.messaging.texts import body, numbered

if TYPE_CHECKING:
    from twilio.rest import Client

logger = logging.getLogger(__name__)

_LONGEST = 1600
_LONGEST_LIST = 1024
_MOST_ITEMS = 10
_ITEM, _DESCRIPTION = 24, 72
_CHOOSE = "You can choose one of these, or write in your own words."
_BUTTON = "Choose"
# Changed with the shape of the template: an old one of another shape is not taken.
_NAME = "rehab_assistant_choices_1"
_TRY_AGAIN_SECONDS = 600.0


def render(messages: Sequence[Mapping[str, Any]]) -> Rendered:
    """All messages of a turn: each with a list of its choices, which have numbers, too.

    `text` of a list says the same where lists cannot be sent.

    Args:
        messages: in the web channel's JSON.
    """
    sent: list[dict[str, Any]] = []
    number = 1
    for message in messages:
        pieces = cut(body(message), lambda piece: len(piece) <= _LONGEST)
        names = numbered(message["choices"], number)
        number += len(names)
        if names:
            # A list's text is one line: line breaks are refused in variables.
            alone = len(pieces[-1]) <= _LONGEST_LIST and "\n" not in pieces[-1]
            lead = pieces.pop() if alone else _CHOOSE
            ids = [choice["id"] for choice in message["choices"]]
            listed = {"lead": lead, "items": list(zip(names, ids, strict=True))}
            pieces.append("\n".join([lead, *names]))
            sent += [{"text": piece} for piece in pieces[:-1]]
            sent.append({"text": pieces[-1], **(listed if len(names) <= _MOST_ITEMS else {})})
        else:
            sent += [{"text": piece} for piece in pieces]
    return Rendered(sent)


class Lists:
    """The content templates of a Twilio account."""

    def __init__(self, client: Client) -> None:
        """Takes the connection, which stays the caller's to close."""
        self._client = client
        self._sids: dict[str, str] = {}
        self._failed_at = float("-inf")

    async def content(self, message: Mapping[str, Any]) -> dict[str, str] | None:
        """What Twilio is asked to send for a list; None where lists cannot be sent.

        Args:
            message: from `render`, with `items`.
        """
        items = message["items"]
        sid = await self._sid(len(items))
        if sid is None:
            return None
        variables = {"1": message["lead"]}
        for at, (name, id) in enumerate(items):
            parts = (_short(name, _ITEM), id, _short(name, _DESCRIPTION))
            variables |= {str(2 + 3 * at + n): part for n, part in enumerate(parts)}
        return {"content_sid": sid, "content_variables": json.dumps(variables)}

    def fail(self) -> None:
        """Notes that a list was refused: for a while choices are sent as text."""
        self._failed_at = time.monotonic()

    async def _sid(self, count: int) -> str | None:
        name = f"{_NAME}_{count}"
        if name not in self._sids and time.monotonic() - self._failed_at > _TRY_AGAIN_SECONDS:
            try:
                self._sids.update(await self._known())
                if name not in self._sids:
                    self._sids[name] = await self._made(name, count)
            except Exception as error:
                logger.warning("Lists cannot be sent: %s.", type(error).__name__)
                self.fail()
        return self._sids.get(name)

    async def _known(self) -> dict[str, str]:
        contents = await self._client.content.v1.contents.list_async(limit=1000)
        return {each.friendly_name: each.sid for each in contents}

    async def _made(self, name: str, count: int) -> str:
        reply = await self._client.request_async(
            "POST",
            f"{self._client.content.base_url}/v1/Content",
            headers={"Content-Type": "application/json"},
            data=json.dumps(_template(name, count)),
        )
        return str(json.loads(reply.text)["sid"])


def _template(name: str, count: int) -> dict[str, Any]:
    items, samples = [], {"1": _CHOOSE}
    for at in range(count):
        keys = [str(2 + 3 * at + n) for n in range(3)]
        item, id, description = (f"{{{{{key}}}}}" for key in keys)
        items.append({"item": item, "id": id, "description": description})
        samples |= dict(zip(keys, (f"{at + 1}. Choice", f"id-{at + 1}", "Choice"), strict=True))
    picker = {"body": "{{1}}", "button": _BUTTON, "items": items}
    return {
        "friendly_name": name,
        "language": "en",
        "variables": samples,
        "types": {"twilio/list-picker": picker},
    }


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\u2026"
