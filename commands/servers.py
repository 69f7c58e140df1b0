"""The two servers as child processes: started, waited for, and ended together."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import httpx
import yaml

from assistant.answers.live import live_edition
from assistant.settings import ROOT, Settings
from commands.steps import StepFailedError

_HEALTH_POLL = 0.1
_START_LIMIT = 120.0
_STOP_LIMIT = 10.0


def free_port() -> int:
    """A TCP port on loopback that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Servers:
    """The action server and, beside it, Rasa. A context: what it started ends with it."""

    def __init__(self, settings: Settings) -> None:
        """Takes where to listen and where to keep logs."""
        self._settings = settings
        self._logs = settings.state_dir / "logs"
        self._actions_key = settings.actions_key or secrets.token_urlsafe(24)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Servers:
        """Checks the ports and the state folder.

        Raises:
            StepFailedError: a port is taken or given twice, or nothing can be written.
        """
        if self._settings.port == self._settings.actions_port:
            raise StepFailedError("PORT and ACTIONS_PORT must differ.")
        _require_free("PORT", self._settings.port)
        _require_free("ACTIONS_PORT", self._settings.actions_port)
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StepFailedError(f"Cannot write to {self._logs}: {error.strerror}.") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends every child."""
        for process in self._running.values():
            process.terminate()
        for name in list(self._running):
            self.stop(name)

    def stop(self, name: str) -> None:
        """Ends the "actions" or the "rasa" process: politely first."""
        process = self._running.pop(name)
        process.terminate()
        try:
            process.wait(_STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def address(self) -> str:
        """Where the web channel answers."""
        return f"http://127.0.0.1:{self._settings.port}/webhooks/web"

    @property
    def page(self) -> str | None:
        """Where the demo page is; None when the widget has not been built."""
        try:
            reply = httpx.get(f"{self.address}/", timeout=5)
        except httpx.TransportError:
            return None
        return f"{self.address}/" if reply.status_code == httpx.codes.OK else None

    def start_actions(self) -> None:
        """Starts the action server, on loopback and behind its key."""
        port = str(self._settings.actions_port)
        command = ["-m", "rasa_sdk", "--actions", "actions", "--port", port]
        self._start("actions", command, {"SANIC_HOST": "127.0.0.1"})

    def start_rasa(self, model: Path) -> None:
        """Starts Rasa with a trained model."""
        place = ["--interface", self._settings.interface, "--port", str(self._settings.port)]
        arguments = ["--model", str(model), *place]
        self._start("rasa", ["-m", "extensions.server", "run", *self.rasa_options(), *arguments])

    def rasa_options(self) -> list[str]:
        """Options that connect a Rasa process to these servers."""
        return [
            "--endpoints",
            str(self._endpoints()),
            "--credentials",
            str(ROOT / "credentials.yml"),
        ]

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs beside the settings."""
        # Some environments forbid to write compiled modules; without them each start
        # takes twice as long.
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {
            **kept,
            **self._settings.folders(),
            **self._settings.web_channel(),
            **self._settings.messaging(),
            "PUBLIC_URL": self._settings.public_url or "",
            "DATABASE_URL": self._settings.database_url or "",
            "ACTIONS_KEY": self._actions_key,
            "PYTHONWARNINGS": "ignore",
            # Vectors of 384 numbers: a second thread costs more than it computes.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }

    def wait_until_ready(self) -> None:
        """Waits until a real question gets a cited answer over HTTP.

        Raises:
            StepFailedError: a server ended, or the time is up.
        """
        until = time.monotonic() + _START_LIMIT
        while not _healthy(self.address):
            self.require_running()
            if time.monotonic() > until:
                raise StepFailedError(
                    f"The servers did not answer in {_START_LIMIT:.0f} s; see {self._logs}."
                )
            time.sleep(_HEALTH_POLL)
        live = live_edition(self._settings)
        if not (live and _answers(self.address, live.question)):
            raise StepFailedError(f"The servers run but do not answer; see {self._logs}.")

    def require_running(self) -> None:
        """Raises StepFailedError when a server has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise StepFailedError(
                    f"The {name} server ended ({process.returncode}); see {self._log(name)}."
                )

    def _start(
        self, name: str, command: Sequence[str], extra: dict[str, str] | None = None
    ) -> None:
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**self.environment, **(extra or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C in the terminal reaches this process alone, which then
                # ends its children in order.
                start_new_session=True,
            )

    def _endpoints(self) -> Path:
        """endpoints.yml with this copy's port and the key of its action server."""
        endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text("utf-8"))
        endpoints["action_endpoint"] |= {
            "url": f"http://127.0.0.1:{self._settings.actions_port}/webhook",
            # Rasa reads the variable itself, so that no secret is written down.
            "headers": {"X-Actions-Key": "${ACTIONS_KEY}"},
        }
        path = self._settings.state_dir / "endpoints.yml"
        path.write_text(yaml.safe_dump(endpoints), "utf-8")
        return path

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Turns SIGTERM into the KeyboardInterrupt that Ctrl-C gives."""

    def interrupt(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _require_free(name: str, port: int) -> None:
    with socket.socket() as probe:
        # As the servers do: a port whose last connection is just closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - closed at once
        except OSError:
            raise StepFailedError(f"Port {port} is in use; set {name} to a free one.") from None


def _healthy(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _answers(address: str, question: str) -> bool:
    try:
        with httpx.Client(base_url=address, timeout=20) as client:
            token = client.post("/sessions").json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            messages = client.post("/messages", json={"text": question}).json()["messages"]
            client.delete("/session")
    except (httpx.HTTPError, KeyError, ValueError):
        return False
    return any(message["kind"] == "answer" and message["sources"] for message in messages)
