"""Whether Matrix is set up: the homeserver answers, and the token is the assistant's."""

from __future__ import annotations

from assistant.settings import Settings
from commands.channel_checks.findings import FaultError, Finding, Findings, Reply, ask, require_on


def check(settings: Settings) -> Findings:
    """Looks at the deployment's homeserver and account; there is no webhook.

    Raises:
        FaultError: nothing more can be looked at.
    """
    require_on(settings, "matrix")
    if "versions" not in _call(settings, "versions").body:
        raise FaultError(
            f"No Matrix homeserver answers at {settings.matrix_homeserver}: set MATRIX_HOMESERVER "
            "to the address of its client API."
        )
    yield Finding(f"A Matrix homeserver answers at {settings.matrix_homeserver}.")
    yield Finding(f"MATRIX_TOKEN is valid: {_who(settings)}.")


def _who(settings: Settings) -> str:
    body = _call(settings, "v3/account/whoami", settings.matrix_token).body
    user = body.get("user_id")
    if not user:
        code = body.get("errcode", "unknown")
        raise FaultError(
            f"The homeserver does not take MATRIX_TOKEN ({code}): log in anew as the assistant, "
            "and set the access token that comes back."
        )
    if user != settings.matrix_user:
        raise FaultError(
            f"MATRIX_TOKEN is of {user} and not of {settings.matrix_user}: set MATRIX_USER and "
            "MATRIX_TOKEN of the same account."
        )
    return str(user)


def _call(settings: Settings, path: str, token: str | None = None) -> Reply:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{(settings.matrix_homeserver or '').rstrip('/')}/_matrix/client/{path}"
    return ask("The homeserver", "GET", url, headers=headers)
