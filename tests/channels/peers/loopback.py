"""A platform on loopback: an aiohttp server in a thread, which notes what it is asked.

What it answers is the subclass's; that it fails is on demand, as the real ones do.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web
from typing_extensions import Self


@dataclass(frozen=True)
class Call:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Failure:
    """How the next request is to fail."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    only: str = ""


class LoopbackPlatform:
    """A platform's API at `address`. A context: it stops at the end.

    Attributes:
        calls: what came in, in order, the failed ones too.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._failures: deque[Failure] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._port = 0
        self._runner: web.AppRunner | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def fail(self, failure: Failure, times: int = 1) -> None:
        """Lets the next requests fail."""
        self._failures.extend([failure] * times)

    def respond(self, call: Call) -> tuple[int, dict[str, str], Any]:
        """What is answered: status, headers, and a body that becomes JSON."""
        raise NotImplementedError

    def wait(self, found: Callable[[], Any], seconds: float = 20) -> Any:
        """Waits until something is found; raises AssertionError when the time is up."""
        until = time.monotonic() + seconds
        while not (value := found()):
            assert time.monotonic() < until, f"Nothing came in {seconds:.0f} s"
            time.sleep(0.02)
        return value

    async def _start(self) -> None:
        # As large as nothing that is sent by ourselves.
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        call = Call(
            request.method,
            request.path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await _read(request),
        )
        self.calls.append(call)
        if self._failures and self._failures[0].only in call.path:
            failure = self._failures.popleft()
            body = json.dumps(failure.body) if failure.body is not None else "error"
            kind = "application/json" if failure.body is not None else "text/html"
            return web.Response(
                status=failure.status, headers=failure.headers, text=body, content_type=kind
            )
        status, headers, answer = self.respond(call)
        return web.json_response(answer, status=status, headers=headers)


async def _read(request: web.Request) -> Any:
    text = await request.text()
    if request.content_type == "application/json":
        return json.loads(text) if text else {}
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await request.post())
    return text
