"""A Matrix homeserver for the tests: a real Synapse on loopback, with nobody behind it.

Synapse lives in an environment of its own, since its dependencies are not Rasa's:
`python -m tests.channels.peers.homeserver` makes it where it is missing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from assistant.settings import ROOT
from commands.servers import free_port

NAME = "home.test"
_ENVIRONMENT = ROOT / ".tools" / "synapse"
_PYTHON = _ENVIRONMENT / "bin" / "python"
_REQUIREMENTS = Path(__file__).with_name("synapse.txt")
_UV = ROOT / ".tools" / "uv" / "bin" / "uv"
_START_SECONDS = 60.0
# Nothing is looked up, and nothing told, outside of this machine.
_CONFIGURATION: dict[str, Any] = {
    "server_name": NAME,
    "report_stats": False,
    "trusted_key_servers": [],
    "suppress_key_server_warning": True,
    "federation_domain_whitelist": [],
    "url_preview_enabled": False,
    "enable_registration": False,
    # Tests write more quickly than people do; one of them lowers it for one user.
    "rc_message": {"per_second": 1000, "burst_count": 1000},
    "rc_joins": {"local": {"per_second": 1000, "burst_count": 1000}},
    "rc_invites": {
        each: {"per_second": 1000, "burst_count": 1000}
        for each in ("per_room", "per_user", "per_issuer")
    },
    "rc_room_creation": {"per_second": 1000, "burst_count": 1000},
    "rc_login": {"address": {"per_second": 1000, "burst_count": 1000}},
}


class SynapseMissingError(Exception):
    """Synapse cannot be installed here; the message says why."""


def install() -> None:
    """Makes Synapse's environment, unless one of the same requirements is there.

    Raises:
        SynapseMissingError: it cannot be made.
    """
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    made = _ENVIRONMENT / "requirements.sha256"
    if not _UV.exists():
        raise SynapseMissingError("The project's uv is missing; `make` brings it.")
    # Several processes of the tests may come at once.
    with (_UV.parents[2] / "synapse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Its interpreter may have gone since.
        if _PYTHON.exists() and made.exists() and made.read_text("ascii") == wanted:
            return
        shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
        # The interpreter itself: an environment made of another one ends with that one.
        _uv("venv", "--python", str(Path(sys.executable).resolve()), str(_ENVIRONMENT))
        arguments = ("--only-binary", ":all:", "--require-hashes", "-r", str(_REQUIREMENTS))
        _uv("pip", "install", "--python", str(_PYTHON), *arguments)
        made.write_text(wanted, "ascii")


def _uv(*arguments: str) -> None:
    # Without the project's own overrides, which are Rasa's.
    command = [str(_UV), *arguments, "--no-config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["uv failed"])[-1].strip()
        raise SynapseMissingError(f"Synapse cannot be installed: {last}")


class Homeserver:
    """A running Synapse.

    Attributes:
        address: its URL.
    """

    def __init__(self, folder: Path) -> None:
        """Takes the folder that it keeps everything in."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._secret = secrets.token_urlsafe(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: str | None = None
        _write(folder / "homeserver.yaml", {**_CONFIGURATION, **self._own(port)})
        _write(folder / "log.yaml", _logging(folder / "synapse.log"))
        self._run("--generate-keys").wait()

    def _own(self, port: int) -> dict[str, Any]:
        resources = [{"names": ["client"]}]
        listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"]}
        return {
            "listeners": [{**listener, "resources": resources}],
            "database": {"name": "sqlite3", "args": {"database": str(self._folder / "home.db")}},
            "log_config": str(self._folder / "log.yaml"),
            "signing_key_path": str(self._folder / "signing.key"),
            "media_store_path": str(self._folder / "media"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
        }

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._process = self._run()
        until = time.monotonic() + _START_SECONDS
        while not _healthy(self.address):
            assert self._process.poll() is None, "Synapse has ended"
            assert time.monotonic() < until, "Synapse does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends it; what it knows stays."""
        if self._process:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def register(self, name: str, *, admin: bool = False) -> tuple[str, str]:
        """Makes a user; returns the id and an access token."""
        with httpx.Client(base_url=self.address, timeout=20) as client:
            path = "/_synapse/admin/v1/register"
            nonce = client.get(path).raise_for_status().json()["nonce"]
            password = secrets.token_urlsafe(16)
            role = "admin" if admin else "notadmin"
            content = "\0".join((nonce, name, password, role)).encode()
            mac = hmac.new(self._secret.encode(), content, hashlib.sha1).hexdigest()
            body = {"nonce": nonce, "username": name, "password": password, "admin": admin}
            reply = client.post(path, json={**body, "mac": mac}).raise_for_status().json()
        return reply["user_id"], reply["access_token"]

    def limit(self, user: str, per_second: int, burst: int) -> None:
        """Limits how much a user may write; the homeserver refuses more with 429."""
        wanted = {"messages_per_second": per_second, "burst_count": burst}
        self._administer("POST", f"users/{quote(user)}/override_ratelimit", json=wanted)

    def members(self, room: str) -> set[str]:
        """Who is in a room, whoever asks."""
        reply = self._administer("GET", f"rooms/{quote(room)}/members")
        return set(reply.json()["members"])

    def _administer(self, method: str, path: str, **content: Any) -> httpx.Response:
        if self._admin is None:
            _, self._admin = self.register("admin", admin=True)
        headers = {"Authorization": f"Bearer {self._admin}"}
        url = f"{self.address}/_synapse/admin/v1/{path}"
        return httpx.request(method, url, headers=headers, timeout=20, **content).raise_for_status()

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        configuration = str(self._folder / "homeserver.yaml")
        command = [str(_PYTHON), "-m", "synapse.app.homeserver", "-c", configuration, *arguments]
        return subprocess.Popen(
            command,
            cwd=self._folder,
            # Not the project's PYTHONPATH, should there be one.
            env={"PATH": os.environ["PATH"]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextlib.contextmanager
def running_homeserver() -> Iterator[Homeserver]:
    """Starts a homeserver with nobody on it, and ends it.

    Raises:
        SynapseMissingError: it cannot be installed here.
    """
    install()
    with tempfile.TemporaryDirectory() as folder:
        server = Homeserver(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _logging(path: Path) -> dict[str, Any]:
    handler = {"class": "logging.FileHandler", "filename": str(path)}
    root = {"level": "WARNING", "handlers": ["file"]}
    return {"version": 1, "handlers": {"file": handler}, "root": root}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content), "utf-8")


def _healthy(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def main() -> int:
    """Installs Synapse; returns the exit status."""
    try:
        install()
    except SynapseMissingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
