"""Hands messages over: emails to an SMTP server, news for staff to a webhook.

A webhook gets a POST with a JSON body and these headers; docs/privacy.md says how
to check them:

    Idempotency-Key: the message's id, the same each time that it is tried
    X-Signature-Timestamp: seconds since 1970
    X-Signature: v1=HMAC-SHA256(NOTICE_WEBHOOK_SECRET, timestamp + "." + body), in hex
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

import aiohttp
import aiosmtplib

from assistant.errors import DeliveryError
from assistant.settings import Settings
from assistant.signup import mail
from assistant.signup.outbox import CONFIRMATION, EVENTS, MAIL, WAYS, WEBHOOK

# With the time to connect, well below the lease of a message.
_SECONDS = 20


@dataclass(frozen=True)
class Parcel:
    """A message with all that is needed to send it.

    Attributes:
        id: of the message, the same each time that it is tried.
        event: what it tells of.
        way: how it goes.
        facts: what staff are told; nothing of the person's.
        language: of the person.
        contact: the person's address, for a confirmation.
        token: of the link, for a confirmation.
    """

    id: str
    event: str
    way: str
    facts: Mapping[str, str]
    language: str = "en"
    contact: str = ""
    token: str = ""


class Delivery:
    """Sends over whatever the deployment has set."""

    def __init__(self, settings: Settings) -> None:
        """Takes the addresses and secrets of the other sides."""
        self._settings = settings

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Event and way of what can be sent."""
        return [(event, way) for event in EVENTS for way in WAYS if not self._lacks(event, way)]

    @property
    def missing(self) -> list[str]:
        """One sentence for each kind of message that has to wait."""
        confirmations = self._lacks(CONFIRMATION, MAIL)
        sentences = []
        if confirmations:
            sentences.append(f"{_listed(confirmations)} not set: confirmation emails wait.")
        staff = self._lacks("sign_up", MAIL)
        if staff and self._lacks("sign_up", WEBHOOK):
            sentences.append(f"{_listed(staff)} not set: staff are not told of sign-ups yet.")
        return sentences

    async def send(self, parcel: Parcel) -> None:
        """Hands a message over; when this returns, the other side has taken it.

        Raises:
            DeliveryError: it has not, as far as can be known.
        """
        try:
            if parcel.way == WEBHOOK:
                await asyncio.wait_for(self._post(parcel), _SECONDS)
            else:
                await asyncio.wait_for(self._mail(parcel), _SECONDS)
        except aiosmtplib.SMTPRecipientsRefused as error:
            final = all(refused.code >= 500 for refused in error.recipients)
            raise DeliveryError("recipient refused", final) from None
        except (aiosmtplib.SMTPException, aiohttp.ClientError, OSError) as error:
            # The kind alone: its text can hold the address.
            raise DeliveryError(type(error).__name__) from None
        except asyncio.TimeoutError:
            raise DeliveryError("timeout") from None

    async def _mail(self, parcel: Parcel) -> None:
        settings = self._settings
        await aiosmtplib.send(
            self._email(parcel),
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=settings.smtp_password,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            timeout=_SECONDS,
        )

    def _email(self, parcel: Parcel) -> EmailMessage:
        sender = self._settings.mail_from or ""
        if parcel.event == CONFIRMATION:
            base = (self._settings.visitors_url or "").rstrip("/")
            link = f"{base}{mail.CONFIRM_PATH}?token={parcel.token}"
            message = mail.confirmation(sender, parcel.contact, parcel.language, link)
        else:
            recipient = self._settings.staff_email or ""
            message = mail.staff_news(sender, recipient, parcel.event, parcel.facts)
        message["Message-ID"] = f"<{parcel.id}@{sender.rpartition('@')[2]}>"
        message["Date"] = formatdate()
        return message

    async def _post(self, parcel: Parcel) -> None:
        body = json.dumps({"event": parcel.event, "id": parcel.id, **parcel.facts}).encode()
        timestamp = str(int(time.time()))
        secret = (self._settings.notice_webhook_secret or "").encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": parcel.id,
            "X-Signature-Timestamp": timestamp,
            "X-Signature": f"v1={signature(secret, timestamp, body)}",
        }
        url = self._settings.notice_webhook_url or ""
        async with (
            aiohttp.ClientSession() as session,
            # Wherever else it would be sent is not where it was meant to go.
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            if not 200 <= response.status < 300:
                raise DeliveryError(f"status {response.status}")

    def _lacks(self, event: str, way: str) -> list[str]:
        settings = self._settings
        if way == WEBHOOK:
            return ["NOTICE_WEBHOOK_URL"] * (
                event == CONFIRMATION or not settings.notice_webhook_url
            )
        needed = {"SMTP_HOST": settings.smtp_host, "MAIL_FROM": settings.mail_from}
        if event == CONFIRMATION:
            needed["PUBLIC_URL"] = settings.visitors_url
        else:
            needed["STAFF_EMAIL"] = settings.staff_email
        return [name for name, value in needed.items() if not value]


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What proves that a webhook's request is from us and when it was made."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _listed(names: list[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"
