"""Telegram: a bot in private chats.

Messages pass through Telegram, not end-to-end encrypted; docs/channels.md says so.
https://core.telegram.org/bots/api
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sanic import Sanic
from sanic.request import Request

from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels.bodies import parse as parse_json
from extensions.channels.messaging.base import FORGED, MessagingChannel
from extensions.channels.messaging.desk import Messages
from extensions.channels.messaging.incoming import Incoming, NotSentError, not_sent
from extensions.channels.messaging.records import Noted
from extensions.channels.messaging.rendered import Commanded, Rendered
from extensions.channels.messaging.sms import cut
from extensions.channels.messaging.texts import body
from extensions.channels.problems import ProblemError
from extensions.gate import SafetyGate

if TYPE_CHECKING:
    from aiogram import Bot

_SEND_SECONDS = 8.0
_LONGEST = 4096
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
# What a bot is told to when it is opened for the first time.
_BEGIN = "/start"


class TelegramChannel(MessagingChannel):
    """Connects Telegram; register it in credentials.yml."""

    packages = ("aiogram",)
    # "Avoid sending more than one message per second" in one chat.
    pause = 1.0

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """As every messaging channel."""
        super().__init__(settings, gate, provider)
        self._secret = (settings.telegram_webhook_secret or "").encode()
        self._bot: Bot | None = None
        self._answering: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """Its route is below /webhooks/telegram."""
        return "telegram"

    def verify(self, request: Request) -> None:
        """Raises ProblemError (403) unless the request has the secret that Telegram was given."""
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not self._secret or not hmac.compare_digest(given, self._secret):
            raise ProblemError(403, FORGED)

    def parse(self, request: Request) -> list[Incoming]:
        """The message, or the pressed button, of an update; none from a group."""
        update = parse_json(request.body)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            raise ProblemError(400, "This is no update of Telegram's.")
        try:
            found = _message(update) or _pressed(update)
        except (KeyError, TypeError, AttributeError):
            raise ProblemError(400, "This is no update of Telegram's.") from None
        return [found] if found else []

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """Each message with its choices as buttons."""
        rendered: list[dict[str, Any]] = []
        for message in messages:
            *pieces, last = cut(body(message), lambda piece: len(piece) <= _LONGEST) or [""]
            rendered += [{"text": piece} for piece in pieces]
            buttons = [[choice["title"], choice["id"]] for choice in message["choices"]]
            rendered.append({"text": last, "buttons": buttons})
        return Rendered(rendered)

    async def command(self, noted: Noted) -> Commanded | None:
        """No reply of its own; ends the waiting sign on a button that was pressed."""
        query = (noted.incoming.extra or {}).get("query")
        if query and self._bot is not None:
            task = asyncio.create_task(_stop_waiting(self._bot, query))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        return None

    async def begin(self, app: Sanic) -> None:
        """Opens the connection to Telegram."""
        from aiogram import Bot
        from aiogram.bot.api import TELEGRAM_PRODUCTION, TelegramAPIServer

        # It would log what is sent.
        logging.getLogger("aiogram").setLevel(logging.WARNING)
        url = self.settings.telegram_api_url
        server = TelegramAPIServer.from_base(url) if url else TELEGRAM_PRODUCTION
        self._bot = Bot(self.settings.telegram_bot_token, server=server, timeout=_SEND_SECONDS)

    async def end(self) -> None:
        """Closes it."""
        if self._bot is not None:
            session = await self._bot.get_session()
            if session is not None:
                await session.close()

    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Sends one message into a chat.

        Raises:
            NotSentError: it was not taken.
        """
        from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
        from aiogram.utils import exceptions

        if self._bot is None:
            raise not_sent(503)
        keys = [
            [InlineKeyboardButton(title, callback_data=id)]
            for title, id in message.get("buttons", ())
        ]
        markup = InlineKeyboardMarkup(inline_keyboard=keys) if keys else None
        try:
            await self._bot.send_message(
                address, message["text"], reply_markup=markup, disable_web_page_preview=True
            )
        except exceptions.RetryAfter as error:
            raise not_sent(429, error.timeout) from None
        except exceptions.TelegramAPIError as error:
            # A subclass says that this person cannot be written to; the class itself, that
            # the token is wrong, and a new one may be on its way.
            final = isinstance(error, (exceptions.BadRequest, exceptions.Unauthorized))
            wrong_token = type(error) is exceptions.Unauthorized
            # Its text repeats what Telegram answered.
            raise NotSentError(type(error).__name__, final and not wrong_token) from None


async def _stop_waiting(bot: Bot, query: str) -> None:
    # It ends by itself after a while; the reply matters more.
    with contextlib.suppress(Exception):
        await bot.answer_callback_query(query)


def _message(update: Mapping[str, Any]) -> Incoming | None:
    """A message of a private chat, also an edited one: what is in it now may be an emergency."""
    message = update.get("message") or update.get("edited_message")
    if not message or message["chat"]["type"] != "private" or message["from"].get("is_bot"):
        return None
    text = message.get("text") or message.get("caption")
    if text == _BEGIN or (text or "").startswith(f"{_BEGIN} "):
        text = "hello"
    return Incoming(
        event_id=f"update {update['update_id']}",
        person=str(message["from"]["id"]),
        address=str(message["chat"]["id"]),
        kind="text" if text else "other",
        text=text,
    )


def _pressed(update: Mapping[str, Any]) -> Incoming | None:
    """A button that was pressed in a private chat."""
    query = update.get("callback_query")
    if not query or not query.get("message") or not query.get("data"):
        return None
    chat = query["message"]["chat"]
    if chat["type"] != "private":
        return None
    return Incoming(
        event_id=f"update {update['update_id']}",
        person=str(query["from"]["id"]),
        address=str(chat["id"]),
        kind="choice",
        choice=str(query["data"]),
        extra={"query": str(query["id"])},
    )
