"""What a browser loads: the widget's script, the demo page, the description.

The widget is built from `widget/` while the server may be running already, so
files are looked at anew when they have changed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.settings import ROOT
from extensions.channels.problems import Handler, ProblemError, answers_problems

WIDGET = ROOT / "widget"

# What may stand beside the demo page.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_SCRIPT_TYPE = "text/javascript; charset=utf-8"
# What the page has for the script's address and integrity.
_SCRIPT, _INTEGRITY = b'src="widget.js"', b"%INTEGRITY%"
_OPENAPI = Path(__file__).with_name("openapi.yml")
_SHORT = "public, max-age=300"
_FOR_EVER = "public, max-age=31536000, immutable"
_CHECKED = "no-cache"
_METHODS = ["GET", "HEAD"]
# The page's own files and this server, nothing else.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Content:
    """A file as it is sent.

    Attributes:
        body: its bytes.
        zipped: the same with gzip.
        version: 16 hexadecimal digits of its SHA-256.
        integrity: for the attribute of that name (SRI, SHA-384).
    """

    body: bytes
    zipped: bytes
    version: str
    integrity: str

    @classmethod
    def of(cls, body: bytes) -> Content:
        """Hashes and compresses."""
        integrity = base64.b64encode(hashlib.sha384(body).digest()).decode("ascii")
        version = hashlib.sha256(body).hexdigest()[:16]
        return cls(body, gzip.compress(body, mtime=0), version, f"sha384-{integrity}")


class Pages:
    """The routes of what is not the chat itself."""

    def __init__(self, folder: Path | None = None) -> None:
        """Takes the widget's folder, with `dist` and `demo` in it; the project's if None."""
        self._script = (folder or WIDGET) / "dist" / "widget.js"
        self._demo = (folder or WIDGET) / "demo"

    def add_routes(self, routes: Blueprint) -> None:
        """Adds what can be loaded; of the demo's files those that are there now."""
        handlers: dict[str, Handler] = {
            "/": self.page,
            "/widget.js": self.script,
            "/widget.json": self.embedding,
        }
        for path in sorted(self._demo.glob("*")):
            if path.suffix in _TYPES:
                handlers[f"/{path.name}"] = _file(path)
        for uri, handler in handlers.items():
            name = f"page_{uri.strip('/').replace('.', '_')}"
            routes.add_route(answers_problems(handler), uri, _METHODS, name=name)
        routes.add_route(answers_problems(self.openapi), "/openapi.json", ["GET"])

    def has_page(self) -> bool:
        """Whether the demo page would show anything."""
        return self._script.is_file() and (self._demo / "index.html").is_file()

    async def page(self, request: Request) -> HTTPResponse:
        """GET /: the demo page, with the script's version and integrity filled in."""
        if not request.path.endswith("/"):
            # What the page loads is named relative to the folder.
            return response.redirect(f"{request.path}/")
        script, page = _read(self._script), _read(self._demo / "index.html")
        # With its version, so that no older script in a cache meets a newer integrity.
        filled = page.body.replace(_SCRIPT, f'src="widget.js?v={script.version}"'.encode())
        filled = filled.replace(_INTEGRITY, script.integrity.encode())
        headers = {"Content-Security-Policy": PAGE_POLICY}
        return _sent(request, Content.of(filled), "text/html; charset=utf-8", _CHECKED, headers)

    async def script(self, request: Request) -> HTTPResponse:
        """GET /widget.js: for ever under its version, else for five minutes."""
        script = _read(self._script)
        cached = _FOR_EVER if request.args.get("v") == script.version else _SHORT
        return _sent(request, script, _SCRIPT_TYPE, cached, {"Access-Control-Allow-Origin": "*"})

    async def embedding(self, request: Request) -> HTTPResponse:
        """GET /widget.json: the script's versioned name and its integrity."""
        script = _read(self._script)
        body = {"script": f"widget.js?v={script.version}", "integrity": script.integrity}
        headers = {"Cache-Control": _CHECKED, "Access-Control-Allow-Origin": "*"}
        return response.json(body, headers=headers)

    async def openapi(self, request: Request) -> HTTPResponse:
        """GET /openapi.json: the description of this interface."""
        return response.json(_description(), headers={"Cache-Control": "no-store"})


def _file(path: Path) -> Handler:
    async def file(request: Request) -> HTTPResponse:
        """GET /demo.css and the like: a file beside the demo page."""
        return _sent(request, _read(path), _TYPES[path.suffix], _CHECKED)

    return file


def _read(path: Path) -> Content:
    try:
        state = path.stat()
        return _content(path, state.st_mtime_ns, state.st_size)
    except OSError:
        raise ProblemError(404, "The widget has not been built here: `make widget`.") from None


@lru_cache(maxsize=32)
def _content(path: Path, modified: int, size: int) -> Content:
    return Content.of(path.read_bytes())


@lru_cache(maxsize=1)
def _description() -> Any:
    return yaml.safe_load(_OPENAPI.read_text("utf-8"))


def _sent(
    request: Request,
    content: Content,
    content_type: str,
    cached: str,
    extra: dict[str, str] | None = None,
) -> HTTPResponse:
    # Weak: with gzip and without it are the same file.
    tag = f'W/"{content.version}"'
    headers = {"ETag": tag, "Cache-Control": cached, "Vary": "Accept-Encoding", **(extra or {})}
    if tag in request.headers.get("if-none-match", ""):
        return response.empty(304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return response.raw(content.body, headers=headers, content_type=content_type)
    headers["Content-Encoding"] = "gzip"
    return response.raw(content.zipped, headers=headers, content_type=content_type)
