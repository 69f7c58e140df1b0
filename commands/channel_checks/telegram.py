"""Whether Telegram is set up: the bot's token, and the webhook as Telegram has it."""

from __future__ import annotations

import time
from typing import Any

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding, Findings, ask, require_on
from commands.channel_checks.webhooks import check_reached, webhook_url

API_URL = "https://api.telegram.org"
# An error of longer ago may have been mended since.
_RECENT_SECONDS = 3600


def check(settings: Settings) -> Findings:
    """Looks at the deployment's Telegram bot.

    Raises:
        FaultError: nothing more can be looked at.
    """
    require_on(settings, "telegram")
    bot = _call(settings, "getMe")
    yield Finding(f"TELEGRAM_BOT_TOKEN is valid: @{bot.get('username')}.")
    if bot.get("can_join_groups"):
        yield Finding(
            "The bot can be added to groups, where it says nothing: BotFather's /setjoingroups "
            "switches that off."
        )
    url = webhook_url(settings, "telegram")
    yield check_reached(url)
    yield _webhook(_call(settings, "getWebhookInfo"), url)


def _call(settings: Settings, method: str) -> dict[str, Any]:
    base = (settings.telegram_api_url or API_URL).rstrip("/")
    reply = ask("Telegram", "GET", f"{base}/bot{settings.telegram_bot_token}/{method}")
    if not reply.body.get("ok"):
        raise FaultError(
            f"Telegram does not take TELEGRAM_BOT_TOKEN ({reply.status}): copy it anew from "
            "BotFather's /mybots, API Token."
        )
    result: dict[str, Any] = reply.body["result"]
    return result


def _webhook(info: dict[str, Any], url: str) -> Finding:
    there = info.get("url")
    if there != url:
        return Finding(
            f"Telegram sends to {there or 'nowhere'} and not to {url}: see docs/channels.md on how "
            "to set the webhook.",
            good=False,
        )
    age = time.time() - info.get("last_error_date", 0)
    if age < _RECENT_SECONDS:
        told = str(info.get("last_error_message", "")).rstrip(".")
        secret = "401" in told or "403" in told
        mending = (
            "set the webhook anew with the TELEGRAM_WEBHOOK_SECRET that the server has"
            if secret
            else "see whether the server could be reached at that time"
        )
        return Finding(
            f"Telegram could not deliver {age / 60:.0f} minutes ago ({told}): {mending}.",
            good=False,
        )
    return Finding(f"Telegram sends to {url}; {info.get('pending_update_count', 0)} wait there.")
