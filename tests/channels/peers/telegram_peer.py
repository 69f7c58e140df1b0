"""Telegram on loopback: takes what a bot sends as its Bot API does, and sends updates.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from tests.channels.peers.http_peer import HttpPeer, Reply, post

TOKEN = "123456:" + "A" * 35
SECRET = "s" * 32


@dataclass(frozen=True)
class Sent:
    """A message that was sent into a chat; `buttons` are titles and their data."""

    chat: int
    text: str
    buttons: dict[str, str]


class TelegramPeer(HttpPeer):
    """Attributes:
    sent: what it has taken, in order.
    answered: the presses of buttons that were acknowledged.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self.answered: list[str] = []
        self._ids = itertools.count(1)

    def settings(self) -> dict[str, Any]:
        """What connects an assistant to it."""
        return {
            "telegram_bot_token": TOKEN,
            "telegram_webhook_secret": SECRET,
            "telegram_api_url": self.url,
        }

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return 401, {}, self.error(401)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if method == "answerCallbackQuery":
            self.answered.append(form["callback_query_id"])
            return 200, {}, {"ok": True, "result": True}
        if method != "sendMessage":
            return 404, {}, self.error(404)
        keyboard = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
        buttons = {key["text"]: key["callback_data"] for row in keyboard for key in row}
        too_long = any(not 1 <= len(data.encode()) <= 64 for data in buttons.values())
        if too_long or not 0 < len(form.get("text", "")) <= 4096:
            return 400, {}, {**self.error(400), "description": "Bad Request: BUTTON_DATA_INVALID"}
        chat = int(form["chat_id"])
        self.sent.append(Sent(chat, form["text"], buttons))
        message = {
            "message_id": next(self._ids),
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "text": form["text"],
        }
        return 200, {}, {"ok": True, "result": message}

    def error(self, status: int) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": "failed"}
        return {**body, "parameters": {"retry_after": 1}} if status == 429 else body

    def to(self, chat: int) -> list[Sent]:
        """What a chat has got."""
        return [sent for sent in list(self.sent) if sent.chat == chat]

    def update(self, person: int, chat_type: str = "private", **message: Any) -> dict[str, Any]:
        """An update about a message: `text=...`, `sticker={...}` and so on."""
        user = {"id": person, "is_bot": False, "first_name": "Zyrphelia"}
        chat = {"id": person if chat_type == "private" else -person, "type": chat_type}
        about = {"message_id": next(self._ids), "from": user, "chat": chat, "date": 1}
        return {"update_id": next(self._ids), "message": {**about, **message}}

    def press(self, person: int, data: str) -> dict[str, Any]:
        """An update about a button that was pressed."""
        update = self.update(person)
        query = {
            "id": f"query-{next(self._ids)}",
            "from": update["message"]["from"],
            "message": update["message"],
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": update["update_id"], "callback_query": query}

    def deliver(self, address: str, update: dict[str, Any], secret: str | None = SECRET) -> int:
        """Sends a webhook to an assistant.

        Args:
            address: of the assistant's web channel.
            update: from `update` or `press`.
            secret: what it proves itself with; None for nothing.

        Returns:
            The HTTP status.
        """
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        url = address.replace("/webhooks/web", "/webhooks/telegram/webhook")
        return post(url, headers, json.dumps(update).encode())
