"""Whether Slack is set up: token, scopes, and a webhook that knows the signing secret."""

from __future__ import annotations

import json
import secrets
import time

import httpx

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding, Findings, Reply, ask, require_on
from commands.channel_checks.webhooks import asked, check_reached, webhook_url

API_URL = "https://slack.com/api/"
NEEDED = ("chat:write", "im:history")
MENTIONS = "app_mentions:read"


def check(settings: Settings) -> Findings:
    """Looks at the deployment's Slack app.

    Raises:
        FaultError: nothing more can be looked at.
    """
    require_on(settings, "slack")
    reply = _who(settings)
    body = reply.body
    yield Finding(f"SLACK_BOT_TOKEN is valid: {body.get('user')} in {body.get('team')}.")
    yield from _scopes(reply)
    url = webhook_url(settings, "slack")
    yield check_reached(url)
    yield _challenged(url, settings.slack_signing_secret or "")
    yield Finding(
        f"Slack does not tell the rest: see in the app's settings that {url} is the Request URL of "
        "both Event Subscriptions (where it has to say Verified) and Interactivity."
    )


def _who(settings: Settings) -> Reply:
    token = settings.slack_bot_token or ""
    if not token.startswith("xoxb-"):
        raise FaultError(
            "SLACK_BOT_TOKEN is not the token of a bot: copy the Bot User OAuth Token, which "
            "begins with xoxb-, from OAuth & Permissions."
        )
    url = f"{(settings.slack_api_url or API_URL).rstrip('/')}/auth.test"
    reply = ask("Slack", "POST", url, headers={"Authorization": f"Bearer {token}"})
    if not reply.body.get("ok"):
        error = reply.body.get("error", reply.status)
        raise FaultError(
            f"Slack does not take SLACK_BOT_TOKEN ({error}): install the app in the workspace, and "
            "copy its Bot User OAuth Token from OAuth & Permissions."
        )
    return reply


def _scopes(reply: Reply) -> Findings:
    given = {scope.strip() for scope in reply.headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in NEEDED if scope not in given]
    if missing:
        yield Finding(
            f"The app lacks {' and '.join(missing)}: add it under OAuth & Permissions, Bot Token "
            "Scopes, and install the app again.",
            good=False,
        )
    elif MENTIONS not in given:
        yield Finding(
            f"The app may answer direct messages; without {MENTIONS} it says nothing where "
            "it is mentioned in a channel."
        )
    else:
        yield Finding("The app has the scopes that it needs.")


def _challenged(url: str, secret: str) -> Finding:
    """Whether our server answers Slack's first question with the secret that is set here."""
    from slack_sdk.signature import SignatureVerifier

    challenge = secrets.token_urlsafe(24)
    body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
    stamp = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature or "",
    }
    reply = asked(url, "POST", content=body, headers=headers)
    if reply.status_code == httpx.codes.OK and challenge in reply.text:
        return Finding("The server answers what is signed with SLACK_SIGNING_SECRET.")
    return Finding(
        f"The server at {url} does not take what is signed with SLACK_SIGNING_SECRET "
        f"({reply.status_code}): start it anew with the same settings as this command, and see "
        "whether its clock is right.",
        good=False,
    )
