"""A platform on loopback that notes what it is asked, and fails on demand as the real one does."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from typing_extensions import Self

from tests.channels.peers.http_peer import HttpPeer, Reply, until


@dataclass(frozen=True)
class Call:
    """One request that came in; names of headers in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Failure:
    """How the next request, or the next one whose path holds `only`, is to fail."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    only: str = ""


class LoopbackPlatform(HttpPeer):
    """A platform's API; subclasses say what is answered.

    Attributes:
        calls: what came in, in order, the failed ones too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self._failing: deque[Failure] = deque()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def respond(self, call: Call) -> Reply:
        """What is answered: status, headers, and a body that becomes JSON."""
        raise NotImplementedError

    def fail(self, failure: Failure, times: int = 1) -> None:
        """Lets the next requests fail."""
        self._failing.extend([failure] * times)

    def wait(self, found: Callable[[], Any]) -> Any:
        """Waits until something is found; raises AssertionError when the time is up."""
        return until(found)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        parts = urlsplit(path)
        lower = {name.lower(): value for name, value in headers.items()}
        said = _read(lower.get("content-type", ""), body)
        call = Call(parts.path, dict(parse_qsl(parts.query)), lower, said)
        self.calls.append(call)
        if not self._failing or self._failing[0].only not in call.path:
            return self.respond(call)
        failure = self._failing.popleft()
        # Without a body of its own it is a page for people, as from a server in front.
        page = {} if failure.body is not None else {"Content-Type": "text/html"}
        return failure.status, {**page, **failure.headers}, failure.body or {}


def _read(kind: str, body: bytes) -> Any:
    if kind.startswith("application/json"):
        return json.loads(body or b"{}")
    return dict(parse_qsl(body.decode()))
