"""The page that an emailed link opens: one button, which confirms the address.

Looking at it confirms nothing: mail scanners open links. It names no provider and no
treatment, loads nothing and keeps nothing, since others may use the device.
"""

from __future__ import annotations

import asyncio
import threading
from html import escape
from typing import Literal

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from extensions.channels.flooding import Limits
from extensions.channels.problems import ProblemError, answers_problems

Outcome = Literal["confirmed", "already", "expired", "unknown", "failed"]

_ASKED = (
    "Please confirm that this email address is yours.",
    "Por favor, confirme que esta dirección de correo electrónico es suya.",
)
_BUTTON = "Confirm / Confirmar"
_SAID: dict[Outcome, tuple[int, str, str]] = {
    "confirmed": (
        200,
        "Thank you. Your email address is confirmed. You can close this page.",
        "Gracias. Su dirección está confirmada. Puede cerrar esta página.",
    ),
    "already": (
        200,
        "This email address is confirmed already. You can close this page.",
        "Esta dirección ya está confirmada. Puede cerrar esta página.",
    ),
    "expired": (
        410,
        "This link is older than 24 hours and has ended. Please ask for a new one.",
        "Este enlace tiene más de 24 horas y ya no sirve. Por favor, pida uno nuevo.",
    ),
    "unknown": (
        404,
        "This link is not valid. Please open it again from the email.",
        "Este enlace no es válido. Por favor, ábralo de nuevo desde el correo.",
    ),
    "failed": (
        503,
        "Something failed here and nothing was changed. Please try again in a few minutes.",
        "Algo falló y no se cambió nada. Por favor, inténtelo de nuevo en unos minutos.",
    ),
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Email</title>
</head>
<body>
<main>
<p>{english}</p>
<p lang="es">{spanish}</p>
{form}</main>
</body>
</html>
"""
_FORM = """<form method="post" action="confirm">
<input type="hidden" name="token" value="{token}">
<button type="submit">{button}</button>
</form>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    # The address of this page holds the token.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Confirmations:
    """The two routes of the page."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        """Takes where sign-ups are, and what counts requests."""
        self._settings = settings
        self._limits = limits
        self._opening = threading.Lock()
        self._desk: SignupDesk | None = None

    def add_routes(self, routes: Blueprint) -> None:
        """Adds them to the channel's."""
        routes.add_route(answers_problems(self.ask), "/confirm", ["GET"], name="ask_to_confirm")
        routes.add_route(answers_problems(self.confirm), "/confirm", ["POST"], name="confirm")

    async def ask(self, request: Request) -> HTTPResponse:
        """GET /confirm: a button, whatever the token is."""
        self._limits.other(request)
        token = escape(request.args.get("token") or "", quote=True)
        return _page(200, *_ASKED, _FORM.format(token=token, button=_BUTTON))

    async def confirm(self, request: Request) -> HTTPResponse:
        """POST /confirm: confirms the address of the token in the form."""
        self._limits.other(request)
        if not (request.form or {}).get("token"):
            raise ProblemError(400, "The form of this page sends a token.")
        outcome = await asyncio.to_thread(self._confirm, request.form.get("token"))
        return _page(*_SAID[outcome])

    def _confirm(self, token: str) -> Outcome:
        try:
            with self._opening:
                self._desk = self._desk or SignupDesk.open(self._settings)
            return self._desk.confirm(token)
        except AssistantError:
            # The store has logged what kind of error it was.
            return "failed"


def _page(status: int, english: str, spanish: str, form: str = "") -> HTTPResponse:
    return html(_PAGE.format(english=english, spanish=spanish, form=form), status, _HEADERS)
