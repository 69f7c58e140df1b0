"""Errors as RFC 9457 problem details: always JSON, always a sentence for a person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import wraps
from http import HTTPStatus
from typing import Any

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

logger = logging.getLogger(__name__)

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]

# What Sanic itself refuses before a handler of ours is reached.
_DETAILS = {
    400: "This request could not be understood.",
    404: "There is nothing at this address.",
    405: "This address does not work that way.",
    408: "The request did not arrive in time. Please try again.",
    413: "This message is too long. Please write a shorter one.",
    500: "Something failed on our side. Please try again.",
    503: "The server is too busy right now. Please try again.",
}


class ProblemError(Exception):
    """A request that cannot be answered as asked.

    Attributes:
        status: HTTP status code.
        detail: one sentence that a person may be shown.
        extras: further members of the problem object.
    """

    def __init__(self, status: int, detail: str, **extras: Any) -> None:
        """Takes the status code, the sentence, and further members."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.extras = extras

    def response(self) -> HTTPResponse:
        """The problem as an HTTP response."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.extras,
        }
        headers = {"Cache-Control": "no-store"}
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return json(body, self.status, headers=headers, content_type="application/problem+json")


def answers_problems(handler: Handler) -> Handler:
    """Makes a handler answer each error with a problem, whatever was raised.

    An unexpected error is logged by the name of its class alone: its message
    may hold what a person wrote.
    """

    @wraps(handler)
    async def safe(*args: Any, **kwargs: Any) -> HTTPResponse:
        try:
            return await handler(*args, **kwargs)
        except ProblemError as problem:
            return problem.response()
        except Exception as error:
            logger.error("%s failed: %s", handler.__name__, type(error).__name__)
            return ProblemError(500, _DETAILS[500]).response()

    return safe


def refused_by_sanic(request: Request, error: SanicException) -> HTTPResponse:
    """The problem for an error that Sanic raised before any handler."""
    status = getattr(error, "status_code", None) or 500
    return ProblemError(status, _DETAILS.get(status, _DETAILS[500])).response()
