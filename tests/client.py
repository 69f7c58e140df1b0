"""A visitor of the web channel, for tests and measurements."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

import httpx


class Visitor:
    """One conversation over HTTP. A context: its connection ends with it."""

    def __init__(self, address: str, timeout: float = 20) -> None:
        """Opens a session.

        Args:
            address: the web channel, such as http://127.0.0.1:5005/webhooks/web.
            timeout: seconds to wait for a reply.
        """
        self._http = httpx.Client(base_url=address, timeout=timeout)
        self.token: str = self._http.post("/sessions").raise_for_status().json()["token"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"
        self.seconds = 0.0

    def __enter__(self) -> Visitor:
        """Nothing more to open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the connection; the conversation stays on the server."""
        self._http.close()

    def say(self, text: str) -> list[dict[str, Any]]:
        """Sends a text; returns the messages, and leaves the time in `seconds`."""
        return self._send({"text": text})

    def choose(self, choice_id: str) -> list[dict[str, Any]]:
        """Presses a choice; returns the messages."""
        return self._send({"choice": choice_id})

    def rate(self, answer_id: str, *, helpful: bool) -> int:
        """Says whether an answer helped; returns the HTTP status."""
        body = {"answer_id": answer_id, "helpful": helpful}
        return self._http.post("/feedback", json=body).status_code

    def history(self) -> list[dict[str, Any]]:
        """The whole conversation so far."""
        history: list[dict[str, Any]] = (
            self._http.get("/history").raise_for_status().json()["messages"]
        )
        return history

    def erase(self) -> int:
        """Erases the conversation; returns the HTTP status."""
        return self._http.delete("/session").status_code

    def _send(self, body: dict[str, str]) -> list[dict[str, Any]]:
        started = time.perf_counter()
        reply = self._http.post("/messages", json=body).raise_for_status()
        self.seconds = time.perf_counter() - started
        messages: list[dict[str, Any]] = reply.json()["messages"]
        return messages
