"""A platform's HTTP interface on loopback, in a thread; what it is asked can be made to fail."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import httpx

Reply = tuple[int, dict[str, str], dict[str, Any]]


class HttpPeer:
    """One platform. A context: it ends with it.

    Attributes:
        failures: what the next requests get instead of an answer: status and headers.
        delay: how long each answer takes, in seconds.
    """

    def __init__(self) -> None:
        """Listens on a free port."""
        self.failures: list[tuple[int, dict[str, str]]] = []
        self.delay = 0.0
        self._lock = threading.Lock()
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                time.sleep(peer.delay)
                status, headers, content = peer._failed() or peer.answer(
                    self.path, dict(self.headers), body
                )
                data = json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST  # noqa: N815 - the name that http.server looks for

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What the platform says to a request; raises nothing."""
        raise NotImplementedError

    def error(self, status: int) -> dict[str, Any]:
        """The body of a failure, as the platform writes it."""
        return {"status": status}

    def _failed(self) -> Reply | None:
        with self._lock:
            if not self.failures:
                return None
            status, headers = self.failures.pop(0)
        return status, headers, self.error(status)

    def __enter__(self) -> HttpPeer:
        """Begins to answer."""
        # Or closing it would take half a second.
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the port."""
        self._server.shutdown()
        self._server.server_close()


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Waits until something is true; returns it.

    Raises:
        AssertionError: it is not, after that time.
    """
    end = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > end:
            raise AssertionError("it did not come to pass in time")
        time.sleep(0.02)
    return found


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Sends a webhook; returns the HTTP status."""
    return httpx.post(url, headers=headers, content=body, timeout=20).status_code
