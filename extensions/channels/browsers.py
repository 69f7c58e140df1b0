"""What browsers are told of every response, and which websites may use the chat.

The token travels in a header of the widget's own, never in a cookie, so that
another website's request carries nothing, and no credentials are ever allowed.
"""

from __future__ import annotations

from typing import Protocol

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse
from sanic_cors.core import SANIC_CORS_EVALUATED

from extensions.channels.problems import ProblemError

_SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # For what is no page; a page has its own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}
_NOT_ALLOWED = "This website is not allowed to show the chat: ALLOWED_ORIGINS does not name it."


class HasPage(Protocol):
    """What knows whether there is a page to be shown."""

    def has_page(self) -> bool:
        """Whether it would show anything."""
        ...


def guard(app: Sanic, prefix: str, origins: frozenset[str], pages: HasPage) -> None:
    """Sets the headers of all that is below a path, and answers what browsers ask first.

    Args:
        app: before it starts.
        prefix: with a slash at its end.
        origins: websites that may use the chat, beside the server's own.
        pages: `/` leads to its page.
    """

    def meet(request: Request) -> HTTPResponse | None:
        if request.method == "GET" and request.path == "/" and pages.has_page():
            return response.redirect(prefix)
        if not request.path.startswith(prefix):
            return None
        # Rasa's server would add its own headers, which allow credentials.
        setattr(request.ctx, SANIC_CORS_EVALUATED, "1")
        return _preflight(request, origins) if request.method == "OPTIONS" else None

    def see_off(request: Request, sent: BaseHTTPResponse) -> None:
        if not request.path.startswith(prefix.rstrip("/")):
            return
        for name, value in _SECURE.items():
            sent.headers.setdefault(name, value)
        if origins and "access-control-allow-origin" not in sent.headers:
            sent.headers.add("Vary", "Origin")
            if origin := _allowed(request, origins):
                sent.headers["Access-Control-Allow-Origin"] = origin
                sent.headers["Access-Control-Expose-Headers"] = "Retry-After"

    # Before Rasa's own answer to OPTIONS.
    app.request_middleware.appendleft(meet)
    app.register_middleware(see_off, "response")


def _preflight(request: Request, origins: frozenset[str]) -> HTTPResponse:
    if "origin" in request.headers and not _allowed(request, origins):
        return ProblemError(403, _NOT_ALLOWED).response()
    return response.empty(headers=_PREFLIGHT)


def _allowed(request: Request, origins: frozenset[str]) -> str | None:
    origin: str = request.headers.get("origin", "")
    return origin if origin.lower() in origins else None
