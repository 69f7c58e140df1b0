"""The web channel: HTTP and JSON, for the widget on the provider's website.

Unlike Rasa's `rest` channel, the server makes and signs the conversation's
identity, what a person types is never a command, and every turn is answered.
`openapi.yml` beside this file describes the interface.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from sqlalchemy.exc import SQLAlchemyError

from assistant.settings import Settings
from extensions.channels import lifecycle
from extensions.channels.bodies import Said, read_said
from extensions.channels.person_text import parsed_as_text
from extensions.channels.problems import ProblemError, answers_problems, refused_by_sanic
from extensions.channels.readiness import check, conversations
from extensions.channels.rendering import CHOICE_TITLE, OfferedChoice, Renderer
from extensions.channels.tokens import ConversationTokens
from extensions.channels.turns import APOLOGY, WebOutput, run_turn
from extensions.conversation_rows import ConversationRetiredError
from extensions.tracker_store import EncryptedTrackerStore

_OPENAPI = Path(__file__).with_name("openapi.yml")
_ENDED = "This chat has ended. Please start a new one."
_STORE_FAILS = "Something failed here and this could not be done. Please try again in a moment."

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class WebChannel(InputChannel):
    """Connects browsers; register it in credentials.yml."""

    def __init__(self, settings: Settings) -> None:
        """Takes the settings, whose secrets are known to be in place."""
        self._settings = settings
        self._tokens = ConversationTokens(
            settings.signing_secret(), int(settings.session_hours * 3600)
        )

    @classmethod
    def name(cls) -> str:
        """The channel's name: its routes are below /webhooks/web."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Makes the channel from the environment's settings.

        Raises:
            RasaException: a setting is missing; the server does not start.
        """
        return cls(lifecycle.checked_settings())

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes of the channel and what happens at start and stop.

        Args:
            on_new_message: hands a message to Rasa.
        """
        routes = Blueprint("web_channel")
        self._on_new_message = on_new_message
        routes.add_route(answers_problems(self.start_session), "/sessions", ["POST"])
        routes.add_route(answers_problems(self.answer), "/messages", ["POST"])
        routes.add_route(answers_problems(self.history), "/history", ["GET"])
        routes.add_route(answers_problems(self.erase), "/session", ["DELETE"])
        routes.add_route(answers_problems(self.health), "/health", ["GET"])
        routes.add_route(answers_problems(self.openapi), "/openapi.json", ["GET"])
        routes.listener("before_server_start")(self._before_start)
        routes.listener("after_server_start")(self._after_start)
        routes.listener("after_server_stop")(self._after_stop)
        return routes

    async def start_session(self, request: Request) -> HTTPResponse:
        """POST /sessions: a token for a new conversation."""
        body = {"token": self._tokens.issue(), "expires_in": self._tokens.lifetime_seconds}
        return _json(body, 201)

    async def answer(self, request: Request) -> HTTPResponse:
        """POST /messages: what the assistant says to a text or a choice."""
        conversation_id = self._conversation(request)
        store = _store(request)
        said = read_said(request.body)
        renderer = Renderer(self._tokens, conversation_id)
        try:
            chosen = await self._chosen(store, renderer, conversation_id, said)
        except SQLAlchemyError:
            # A person in danger may have written; silence is the worst answer.
            return _json({"messages": [APOLOGY]})
        output = WebOutput(renderer)
        turn = self._turn(request.app.ctx.agent, conversation_id, said, chosen, output)
        try:
            return _json({"messages": await run_turn(conversation_id, turn, output)})
        except ConversationRetiredError:
            raise ProblemError(401, _ENDED) from None

    async def history(self, request: Request) -> HTTPResponse:
        """GET /history: the whole conversation."""
        conversation_id = self._conversation(request)
        store = _store(request)
        try:
            await self._refuse_retired(store, conversation_id)
            events = await store.read_events(conversation_id)
        except SQLAlchemyError:
            raise ProblemError(503, _STORE_FAILS) from None
        return _json({"messages": Renderer(self._tokens, conversation_id).history(events)})

    async def erase(self, request: Request) -> HTTPResponse:
        """DELETE /session: erases the conversation and ends its token."""
        conversation_id = self._conversation(request)
        store = _store(request)
        try:
            await self._refuse_retired(store, conversation_id)
            await store.retire(conversation_id)
        except SQLAlchemyError:
            raise ProblemError(503, _STORE_FAILS) from None
        return empty(headers={"Cache-Control": "no-store"})

    async def health(self, request: Request) -> HTTPResponse:
        """GET /health: 200 only when a question can be answered."""
        agent: Any = getattr(request.app.ctx, "agent", None)
        found = await check(agent)
        prepared = getattr(request.app.ctx, "prepared", False)
        failing = [*found.failing, *([] if prepared else ["start"])]
        if failing:
            raise ProblemError(503, f"Not ready: {', '.join(failing)}.", failing=failing)
        model = agent.processor.model_filename
        return _json({"status": "ok", "model": model, "articles": found.articles})

    async def openapi(self, request: Request) -> HTTPResponse:
        """GET /openapi.json: the description of this interface."""
        return _json(yaml.safe_load(_OPENAPI.read_text("utf-8")))

    def _conversation(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        conversation_id = self._tokens.conversation(token.strip())
        if scheme.lower() != "bearer" or conversation_id is None:
            raise ProblemError(401, _ENDED)
        return conversation_id

    async def _refuse_retired(self, store: EncryptedTrackerStore, conversation_id: str) -> None:
        if await store.is_retired(conversation_id):
            raise ProblemError(401, _ENDED)

    async def _chosen(
        self,
        store: EncryptedTrackerStore,
        renderer: Renderer,
        conversation_id: str,
        said: Said,
    ) -> OfferedChoice | None:
        # A text needs no look: its turn cannot be kept when the conversation was erased.
        if said.choice is None:
            return None
        await self._refuse_retired(store, conversation_id)
        tracker = await store.retrieve(conversation_id)
        events = [event.as_dict() for event in tracker.events] if tracker else []
        chosen = renderer.chosen(said.choice, events)
        if chosen is None:
            raise ProblemError(
                400, "This choice is no longer offered. Please write your answer instead."
            )
        return chosen

    async def _turn(
        self,
        agent: Agent,
        conversation_id: str,
        said: Said,
        chosen: OfferedChoice | None,
        output: WebOutput,
    ) -> None:
        text = chosen.payload if chosen else said.text
        # A payload may be a command: the server offered it.
        parsed = None if chosen else await parsed_as_text(agent, text or "")
        await self._on_new_message(
            UserMessage(
                text,
                output,
                conversation_id,
                parse_data=parsed,
                input_channel=self.name(),
                metadata={CHOICE_TITLE: chosen.title} if chosen else None,
            )
        )

    async def _before_start(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        lifecycle.set_limits(app)
        prefix = f"/webhooks/{self.url_prefix()}/"

        def refuse(request: Request, error: SanicException) -> HTTPResponse:
            if request.path.startswith(prefix):
                return refused_by_sanic(request, error)
            return app.error_handler.default(request, error)

        app.error_handler.add(SanicException, refuse)

    async def _after_start(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        await lifecycle.prepare(app, self._settings)
        app.ctx.prepared = True

    async def _after_stop(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        await lifecycle.close(app)


def _json(body: Any, status: int = 200) -> HTTPResponse:
    return json(body, status, headers={"Cache-Control": "no-store"})


def _store(request: Request) -> EncryptedTrackerStore:
    store = conversations(getattr(request.app.ctx, "agent", None))
    if store is None:
        raise ProblemError(503, _STORE_FAILS)
    return store
