"""Whether Matrix is set up: the homeserver answers, and the assistant's account can log in."""

from __future__ import annotations

from typing import Any

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding, Findings, Reply, ask, require_on

NAMES = ("matrix_homeserver", "matrix_user", "matrix_password")
_DEVICE = "channel check"


def check(settings: Settings) -> Findings:
    """Looks at the deployment's homeserver and account; there is no webhook.

    Raises:
        FaultError: nothing more can be looked at.
    """
    require_on(settings, "matrix", NAMES)
    if "versions" not in _call(settings, "GET", "versions").body:
        raise FaultError(
            f"No Matrix homeserver answers at {settings.matrix_homeserver}: set MATRIX_HOMESERVER "
            "to the address of its client API."
        )
    yield Finding(f"A Matrix homeserver answers at {settings.matrix_homeserver}.")
    token = _log_in(settings)
    try:
        who = _call(settings, "GET", "v3/account/whoami", token).body.get("user_id")
    finally:
        # No device of this check's stays behind.
        _call(settings, "POST", "v3/logout", token, json={})
    if not who:
        raise FaultError("The homeserver does not say who is logged in: see its log.")
    yield Finding(f"MATRIX_USER and MATRIX_PASSWORD are valid: {who}.")


def _log_in(settings: Settings) -> str:
    asked = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": settings.matrix_user},
        "password": settings.matrix_password,
        "initial_device_display_name": _DEVICE,
    }
    body = _call(settings, "POST", "v3/login", json=asked).body
    if "access_token" in body:
        return str(body["access_token"])
    code = body.get("errcode", "unknown")
    mending = {
        "M_FORBIDDEN": "set MATRIX_USER and MATRIX_PASSWORD to those of the assistant's account",
        "M_USER_DEACTIVATED": "the account was deactivated; make another",
        "M_UNKNOWN": "allow logins by password on the homeserver",
    }
    why = mending.get(code, "see the homeserver's log")
    raise FaultError(f"The homeserver does not let the assistant in ({code}): {why}.")


def _call(
    settings: Settings, method: str, path: str, token: str | None = None, **options: Any
) -> Reply:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{(settings.matrix_homeserver or '').rstrip('/')}/_matrix/client/{path}"
    return ask("The homeserver", method, url, headers=headers, **options)
