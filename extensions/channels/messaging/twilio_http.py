"""Twilio's requests as they are signed, and its SDK's client as we need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from sanic.request import Request

from extensions.channels.messaging.base import FORGED
from extensions.channels.messaging.incoming import not_sent
from extensions.channels.problems import ProblemError


class SignedForm:
    """The fields of a request as Twilio signs them: with the empty ones."""

    def __init__(self, request: Request) -> None:
        """Reads the body; raises ProblemError (403) where it is no form."""
        try:
            body = request.body.decode("utf-8")
            self._fields: Mapping[str, list[str]] = parse_qs(
                body, keep_blank_values=True, max_num_fields=200
            )
        except ValueError:
            raise ProblemError(403, FORGED) from None

    def __iter__(self) -> Any:
        return iter(self._fields)

    def __bool__(self) -> bool:
        return bool(self._fields)

    def getlist(self, name: str) -> list[str]:
        """All values of a field; the SDK asks like this."""
        return self._fields[name]

    def first(self, name: str) -> str:
        """The value of a field; empty where it is not there."""
        return self._fields.get(name, [""])[0]


def patient_client() -> Any:
    """The SDK's asynchronous client, which raises `NotSentError` with Twilio's own delay."""
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    from twilio.http.response import Response

    class PatientClient(AsyncTwilioHttpClient):
        """Says for how long Twilio wants to be left alone; its exceptions do not."""

        async def request(self, *args: Any, **kwargs: Any) -> Response:
            response = await super().request(*args, **kwargs)
            wait = (response.headers or {}).get("Retry-After")
            if response.status_code in (429, 503) and wait:
                raise not_sent(response.status_code, wait)
            return response

    # Its own `timeout` is not used; the sender has one.
    return PatientClient()
