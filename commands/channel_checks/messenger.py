"""Whether Messenger is set up: the page's token, the app's secret, webhook and subscriptions."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

import httpx

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding, Findings, ask, require_on
from commands.channel_checks.webhooks import asked, check_reached, webhook_url

API_URL = "https://graph.facebook.com/v25.0"
_FIELDS = ("messages", "messaging_postbacks")
_BAD_TOKEN = 190


def check(settings: Settings) -> Findings:
    """Looks at the deployment's page and app at Meta.

    Raises:
        FaultError: nothing more can be looked at.
    """
    require_on(settings, "messenger")
    graph = _Graph(settings)
    page = graph.page()
    yield Finding(f"MESSENGER_PAGE_TOKEN and MESSENGER_APP_SECRET are valid: {page.get('name')}.")
    app = graph.app()
    url = webhook_url(settings, "messenger")
    yield _webhook(graph, app, url)
    yield _subscribed(graph, app)
    yield check_reached(url)
    yield _verified(url, settings.messenger_verify_token or "")


class _Graph:
    """Meta's Graph API with this deployment's credentials."""

    def __init__(self, settings: Settings) -> None:
        self._url = (settings.messenger_api_url or API_URL).rstrip("/")
        self._token = settings.messenger_page_token or ""
        self._secret = settings.messenger_app_secret or ""

    def page(self) -> dict[str, Any]:
        """The page, which proves token and secret.

        Raises:
            FaultError: one of the two is not valid.
        """
        body = self.get("/me", fields="id,name,category")
        error = body.get("error")
        if not error:
            return body
        code, told = error.get("code"), str(error.get("message", ""))
        if code == _BAD_TOKEN:
            raise FaultError(
                "Meta does not take MESSENGER_PAGE_TOKEN: make a new one in the app's dashboard "
                "under Messenger, Generate access tokens."
            )
        if "appsecret_proof" in told:
            raise FaultError(
                "MESSENGER_APP_SECRET is not the secret of the app that the token belongs to: copy "
                "it from App settings, Basic."
            )
        if "category" in told:
            raise FaultError(
                "MESSENGER_PAGE_TOKEN is the token of a person, not of a page: make one for the "
                "page under Messenger, Generate access tokens."
            )
        raise FaultError(f"Meta refuses the page's token (error {code}): make a new one.")

    def app(self) -> str:
        """The id of the app.

        Raises:
            FaultError: Meta does not tell it.
        """
        body = self.get("/app", fields="id")
        if "id" not in body:
            code = body.get("error", {}).get("code")
            raise FaultError(f"Meta does not tell which app the token is of (error {code}).")
        return str(body["id"])

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """What the page's token may read."""
        proof = hmac.new(self._secret.encode(), self._token.encode(), hashlib.sha256).hexdigest()
        return self._read(path, self._token, {**query, "appsecret_proof": proof})

    def get_as_app(self, app: str, path: str) -> dict[str, Any]:
        """What the app itself may read."""
        return self._read(path, f"{app}|{self._secret}", {})

    def _read(self, path: str, token: str, query: dict[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        return ask("Meta", "GET", f"{self._url}{path}", headers=headers, params=query).body


def _webhook(graph: _Graph, app: str, url: str) -> Finding:
    body = graph.get_as_app(app, f"/{app}/subscriptions")
    found = next((each for each in body.get("data", []) if each.get("object") == "page"), None)
    enter = "enter it in the app's dashboard under Messenger, Webhooks"
    if found is None:
        return Finding(f"The app has no webhook: {enter}, as {url}.", good=False)
    if found.get("callback_url") != url:
        there = found.get("callback_url")
        return Finding(f"The app's webhook is {there} and not {url}: {enter}.", good=False)
    names = {field.get("name") for field in found.get("fields", [])}
    missing = [name for name in _FIELDS if name not in names]
    if missing or not found.get("active"):
        return Finding(
            f"The app's webhook does not get {' and '.join(missing) or 'anything'}: subscribe to "
            "it in the app's dashboard under Messenger, Webhooks.",
            good=False,
        )
    return Finding(f"The app's webhook is {url}.")


def _subscribed(graph: _Graph, app: str) -> Finding:
    entries = graph.get("/me/subscribed_apps").get("data", [])
    fields = [entry.get("subscribed_fields", []) for entry in entries if entry.get("id") == app]
    missing = [name for name in _FIELDS if not fields or name not in fields[0]]
    if not missing:
        return Finding("The page sends its messages to the app.")
    return Finding(
        f"The page does not send {' and '.join(missing)} to the app: add the subscription in the "
        "app's dashboard under Messenger, beside the page's token.",
        good=False,
    )


def _verified(url: str, token: str) -> Finding:
    challenge = str(secrets.randbelow(10**9))
    query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
    reply = asked(url, "GET", params=query)
    if reply.status_code == httpx.codes.OK and reply.text == challenge:
        return Finding("The server answers with MESSENGER_VERIFY_TOKEN.")
    return Finding(
        f"The server at {url} does not take MESSENGER_VERIFY_TOKEN ({reply.status_code}): start it "
        "anew with the same settings as this command.",
        good=False,
    )
