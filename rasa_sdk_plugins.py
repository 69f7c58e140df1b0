"""Hardens the action server, and sends beside it; the Rasa SDK finds this module by its name.

As the SDK comes, anybody who reaches the port can run any action, from any web
page, with a body of 100 MB, and an error answers with the request.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import sys

import pluggy
from sanic import Sanic
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json

from actions.desk import Deliveries
from assistant.settings import load_settings

logger = logging.getLogger(__name__)
hookimpl = pluggy.HookimplMarker("rasa_sdk")

KEY_HEADER = "X-Actions-Key"
_MAX_BODY_BYTES = 1024 * 1024


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Registers the hooks of this module with the SDK."""
    manager.register(sys.modules[__name__])


@hookimpl
def attach_sanic_app_extensions(app: Sanic) -> None:
    """Called by the SDK with its application before it starts.

    Raises:
        SettingsError: a setting is malformed; the action server does not start.
    """
    key = load_settings().actions_key

    def refuse_strangers(request: Request) -> HTTPResponse | None:
        return None if _may_call(request, key) else json({"error": "unauthorized"}, 401)

    app.config.REQUEST_MAX_SIZE = _MAX_BODY_BYTES
    # First of all: what the SDK has registered must not run for a stranger.
    app.request_middleware.appendleft(refuse_strangers)
    app.request_middleware.append(_refuse_compressed)
    app.register_listener(_forbid_other_origins, "before_server_start")
    app.register_listener(_start_deliveries, "after_server_start")
    app.register_listener(_stop_deliveries, "before_server_stop")
    app.error_handler = _QuietErrors()


class _QuietErrors(ErrorHandler):
    """Answers errors without a word of the request, and logs none either."""

    def response(self, request: Request | None, exception: BaseException) -> HTTPResponse:
        status = getattr(exception, "status_code", None) or 500
        if status >= 500:
            logger.error("An action call failed: %s.", type(exception).__name__)
        return json({"error": "the action call failed"}, status)


def _may_call(request: Request, key: str | None) -> bool:
    if key is not None:
        sent = request.headers.get(KEY_HEADER, "")
        return hmac.compare_digest(sent.encode(), key.encode())
    try:
        return ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False


def _refuse_compressed(request: Request) -> HTTPResponse | None:
    # The SDK would unpack it without a limit: 1 MB of zeros is 1 GB.
    if request.headers.get("Content-Encoding"):
        return json({"error": "compressed bodies are not accepted"}, 415)
    return None


async def _start_deliveries(app: Sanic, _: object) -> None:
    app.ctx.deliveries = Deliveries()
    app.ctx.deliveries.start()


async def _stop_deliveries(app: Sanic, _: object) -> None:
    await asyncio.to_thread(app.ctx.deliveries.stop)


async def _forbid_other_origins(app: Sanic, _: object) -> None:
    # The SDK allows every origin unless it is started otherwise, with a
    # middleware that sets itself up at this moment; this one runs after it.
    app.response_middleware.append(_drop_cors)


def _drop_cors(request: Request, response: BaseHTTPResponse) -> None:
    for name in [name for name in response.headers if name.lower().startswith("access-control-")]:
        del response.headers[name]
