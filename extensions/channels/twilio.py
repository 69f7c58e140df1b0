"""Text messages and WhatsApp, by way of Twilio.

Both pass through Twilio and the phone companies, or Meta; docs/channels.md says so.
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from assistant.provider import Provider
from assistant.safety.disclosure import short_opening
from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from extensions.channels.messaging import sms, whatsapp
from extensions.channels.messaging.base import FORGED, MessagingChannel
from extensions.channels.messaging.desk import Messages, notice
from extensions.channels.messaging.incoming import Incoming, NotSentError, not_sent
from extensions.channels.messaging.opting_out import read_command, reply_text
from extensions.channels.messaging.records import Noted
from extensions.channels.messaging.rendered import Commanded, Rendered
from extensions.channels.messaging.threads import in_thread
from extensions.channels.messaging.twilio_http import SignedForm, patient_client
from extensions.channels.problems import ProblemError
from extensions.gate import SafetyGate

if TYPE_CHECKING:
    from twilio.rest import Client

_WHATSAPP = "whatsapp:"
_ACKNOWLEDGED = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class TwilioChannel(MessagingChannel):
    """Connects Twilio; register it in credentials.yml."""

    packages = ("twilio",)
    # Carriers keep no order of what is sent at the same time.
    pause = 1.0

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """As every messaging channel."""
        super().__init__(settings, gate, provider)
        from twilio.request_validator import RequestValidator, add_port, remove_port

        self._validator = RequestValidator(settings.twilio_auth_token)
        url = f"{(settings.visitors_url or '').rstrip('/')}/webhooks/{self.name()}/webhook"
        # Twilio signs one or the other.
        self._urls = [change(urlparse(url)) for change in (add_port, remove_port)]
        self._numbers = {
            number
            for number in (
                settings.twilio_sms_number,
                settings.twilio_whatsapp_number and _WHATSAPP + settings.twilio_whatsapp_number,
            )
            if number
        }
        self._client: Client | None = None
        self._lists: whatsapp.Lists
        self._opening = threading.Lock()
        self._signups: SignupDesk | None = None

    @classmethod
    def name(cls) -> str:
        """Its route is below /webhooks/twilio."""
        return "twilio"

    def verify(self, request: Request) -> None:
        """Raises ProblemError (403) unless Twilio has signed the request for PUBLIC_URL.

        The address that the request names itself may be anybody's.
        """
        given = request.headers.get("x-twilio-signature", "").encode("utf-8", "surrogateescape")
        form = SignedForm(request)
        right = [self._validator.compute_signature(url, form) for url in self._urls]
        # Both, so that the time says nothing.
        matches = [hmac.compare_digest(each.encode(), given) for each in right]
        if not any(matches) or form.first("AccountSid") != self.settings.twilio_account_sid:
            raise ProblemError(403, FORGED)

    def parse(self, request: Request) -> list[Incoming]:
        """The one message of a request."""
        form = SignedForm(request)
        sender = form.first("From")
        id = form.first("MessageSid")
        if form.first("To") not in self._numbers or not sender or not id:
            return []
        attached = form.first("NumMedia") not in ("", "0") or form.first("Latitude")
        written = form.first("Body")
        # Of an item that was chosen from a list.
        chosen = form.first("ListId") or form.first("ButtonPayload")
        handled = form.first("OptOutType")
        return [
            Incoming(
                event_id=id,
                person=sender,
                address=sender,
                kind="choice" if chosen else "other" if attached and not written else "text",
                text=written or None,
                choice=chosen or None,
                extra={"handled": handled} if handled else None,
            )
        ]

    def acknowledged(self) -> HTTPResponse:
        """An empty answer: a text would be sent to the person."""
        return text(_ACKNOWLEDGED, content_type="text/xml")

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """Short texts over the phone; over WhatsApp the whole."""
        if not to.address.startswith(_WHATSAPP):
            return sms.render(messages)
        return whatsapp.render(messages)

    def opening(self, to: Incoming) -> dict[str, Any]:
        """What a conversation begins with: as short as it can be, over the phone."""
        if to.address.startswith(_WHATSAPP):
            return super().opening(to)
        return short_opening(self.provider).as_dict()

    async def command(self, noted: Noted) -> Commanded | None:
        """The reply to STOP, HELP and START, by the rules of text messages."""
        message = noted.incoming
        if message.address.startswith(_WHATSAPP):
            return None
        handled = (message.extra or {}).get("handled")
        asked = read_command(handled or message.text or "")
        if asked is None:
            return None
        # Where Twilio is set to answer these by itself, a second answer would be one too many.
        contact = await in_thread(self.reception.rows.contact, noted.conversation)
        again = asked == "stop" and contact.stopped_at is not None
        said = [] if handled or again else [notice(reply_text(asked, self.provider))]
        if asked == "stop":
            return Commanded(said, {"stopped_at": time.time(), "unrecorded": message.person})
        return Commanded(said, {"stopped_at": None} if asked == "start" else {})

    async def catch_up(self) -> None:
        """Takes back the consents of who has written STOP."""
        for conversation, number in (await in_thread(self.reception.rows.unrecorded)).items():
            await in_thread(self._withdraw, conversation, number)

    async def begin(self, app: Sanic) -> None:
        """Opens the connection to Twilio."""
        from twilio.rest import Client

        # It would log addresses.
        logging.getLogger("twilio").setLevel(logging.WARNING)
        self._client = Client(
            self.settings.twilio_account_sid,
            self.settings.twilio_auth_token,
            http_client=patient_client(),
        )
        if self.settings.twilio_api_url:
            self._client.api.base_url = self.settings.twilio_api_url
            self._client.content.base_url = self.settings.twilio_api_url
        self._lists = whatsapp.Lists(self._client)

    async def end(self) -> None:
        """Closes it."""
        if self._client is not None:
            await self._client.http_client.close()
        if self._signups is not None:
            await asyncio.to_thread(self._signups.close)

    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Hands one text to Twilio.

        Raises:
            NotSentError: it was not taken.
        """
        is_whatsapp = address.startswith(_WHATSAPP)
        number = self.settings.twilio_whatsapp_number
        own = number and _WHATSAPP + number if is_whatsapp else self.settings.twilio_sms_number
        if self._client is None or own is None:
            raise not_sent(503)
        listed = await self._lists.content(message) if "items" in message else None
        try:
            await self._post(to=address, from_=own, **(listed or {"body": message["text"]}))
        except NotSentError as error:
            if listed is None or not error.final:
                raise
            self._lists.fail()
            await self._post(to=address, from_=own, body=message["text"])

    async def _post(self, **message: str) -> None:
        from twilio.base.exceptions import TwilioRestException

        if self._client is None:
            raise not_sent(503)
        try:
            await self._client.messages.create_async(**message)
        except TwilioRestException as error:
            raise not_sent(error.status) from None

    def _withdraw(self, conversation: str, number: str) -> None:
        with self._opening:
            self._signups = self._signups or SignupDesk.open(self.settings)
        self._signups.stop_texts(number, self.name())
        self.reception.rows.recorded(conversation)
