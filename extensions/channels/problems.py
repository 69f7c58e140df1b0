"""Errors as RFC 9457 problem details: always JSON, always a sentence for a person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import wraps
from http import HTTPStatus
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

logger = logging.getLogger(__name__)

# None: the response has been sent piece by piece.
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]

# A person in danger may read a refusal instead of an answer.
IN_DANGER = "In an emergency call 911; for thoughts of suicide call or text 988."

# What Sanic itself refuses before a handler of ours is reached.
_DETAILS = {
    400: "This request could not be understood.",
    404: "There is nothing at this address.",
    405: "This address does not work that way.",
    408: f"The request did not arrive in time. Please try again. {IN_DANGER}",
    413: f"This message is too long. Please write a shorter one. {IN_DANGER}",
    500: f"Something failed on our side. Please try again. {IN_DANGER}",
    503: f"The server is too busy right now. Please try again. {IN_DANGER}",
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

    def body(self) -> dict[str, Any]:
        """The problem object."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.extras,
        }

    def response(self) -> HTTPResponse:
        """The problem as an HTTP response."""
        headers = {"Cache-Control": "no-store"}
        if (seconds := self.extras.get("retry_after")) is not None:
            headers["Retry-After"] = str(seconds)
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return json(
            self.body(), self.status, headers=headers, content_type="application/problem+json"
        )


def answers_problems(handler: Handler) -> Handler:
    """Makes a handler answer each error with a problem, whatever was raised.

    An unexpected error is logged by the name of its class alone: its message
    may hold what a person wrote.
    """

    @wraps(handler)
    async def safe(*args: Any, **kwargs: Any) -> HTTPResponse | None:
        try:
            return await handler(*args, **kwargs)
        except Exception as error:
            return problem_of(error, handler.__name__).response()

    return safe


def problem_of(error: Exception, where: str) -> ProblemError:
    """The problem to answer an error with; an unexpected one is logged without its message."""
    if isinstance(error, ProblemError):
        return error
    logger.error("%s failed: %s", where, type(error).__name__)
    return ProblemError(500, _DETAILS[500])


def answer_refusals(app: Sanic, prefix: str) -> None:
    """Makes problems of the errors that Sanic raises before any handler, below a path."""

    def refuse(request: Request, error: SanicException) -> HTTPResponse:
        if not request.path.startswith(prefix):
            return app.error_handler.default(request, error)
        status = getattr(error, "status_code", None) or 500
        return ProblemError(status, _DETAILS.get(status, _DETAILS[500])).response()

    app.error_handler.add(SanicException, refuse)
