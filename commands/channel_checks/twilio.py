"""Whether Twilio is set up: the account, and where the number's messages go."""

from __future__ import annotations

from typing import Any

import httpx

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding, Findings, ask, require_on
from commands.channel_checks.webhooks import check_reached, webhook_url

API_URL = "https://api.twilio.com"
# Twilio's "connection overrides": it tries three times more, whatever the failure.
AGAIN = "#rc=3&rp=all"
_REFUSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND)


def check(settings: Settings) -> Findings:
    """Looks at the deployment's Twilio account and numbers.

    Raises:
        FaultError: nothing more can be looked at.
    """
    require_on(settings, "twilio")
    yield _account(settings)
    url = webhook_url(settings, "twilio")
    yield check_reached(url)
    if settings.twilio_sms_number:
        yield _number(settings, settings.twilio_sms_number, url)
    if settings.twilio_whatsapp_number:
        yield Finding(
            "Twilio does not tell the webhook of a WhatsApp sender: see in the console, under "
            f"Messaging, Senders, that it is {url} with HTTP POST."
        )


def _account(settings: Settings) -> Finding:
    status, body = _get(settings, "")
    if status in _REFUSED:
        raise FaultError(
            f"Twilio does not take TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN ({status}): copy both "
            "from the console's first page; an API key is neither."
        )
    if body.get("status") != "active":
        raise FaultError(f"The Twilio account is {body.get('status')}: see the console.")
    trial = body.get("type") == "Trial"
    return Finding(
        "The Twilio account is valid"
        + ("; it is a trial, which sends to verified numbers alone." if trial else ".")
    )


def _number(settings: Settings, number: str, url: str) -> Finding:
    _, body = _get(settings, "/IncomingPhoneNumbers", PhoneNumber=number)
    entries = body.get("incoming_phone_numbers", [])
    if not entries:
        return _fault(f"TWILIO_SMS_NUMBER {number} is not of this account: buy or move it there.")
    entry = entries[0]
    if not entry.get("capabilities", {}).get("sms"):
        return _fault(f"{number} cannot take text messages: take a number that can.")
    where = "under Phone Numbers, the number, Messaging"
    if entry.get("sms_application_sid"):
        return _fault(f"A TwiML app takes the messages of {number}: choose Webhook {where}.")
    there, _, overrides = (entry.get("sms_url") or "nowhere").partition("#")
    if there != url:
        return _fault(f"Messages of {number} go to {there} and not to {url}: enter it {where}.")
    if entry.get("sms_method") != "POST":
        return _fault(f"Messages of {number} come with GET: choose HTTP POST {where}.")
    if "rp=all" not in overrides:
        return _fault(
            f"Twilio gives a message of {number} up when the server is busy: enter "
            f"{url}{AGAIN} {where}."
        )
    return Finding(f"Messages of {number} go to {url}, again where the server is busy.")


def _fault(text: str) -> Finding:
    return Finding(text, good=False)


def _get(settings: Settings, path: str, **query: str) -> tuple[int, dict[str, Any]]:
    sid, token = settings.twilio_account_sid or "", settings.twilio_auth_token or ""
    base = (settings.twilio_api_url or API_URL).rstrip("/")
    url = f"{base}/2010-04-01/Accounts/{sid}{path}.json"
    reply = ask("Twilio", "GET", url, params=query, auth=(sid, token))
    return reply.status, reply.body
