"""The web channel: HTTP and JSON, for the widget on the provider's website.

Unlike Rasa's `rest` channel, the server makes and signs the conversation's
identity, what a person types is never a command, and every turn is answered; an
emergency is answered before anything else is looked at. `openapi.yml` beside
this file describes the interface.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from sqlalchemy.exc import SQLAlchemyError

from assistant.gaps.store import forget
from assistant.provider import Provider
from assistant.settings import Settings
from extensions.channels import browsers, lifecycle
from extensions.channels.bodies import Said, heard, parse, read_said
from extensions.channels.choosing import find_choice
from extensions.channels.confirmations import Confirmations
from extensions.channels.conversing import (
    ENDED,
    STORE_FAILS,
    refuse_retired,
    store_of,
    user_message,
)
from extensions.channels.crisis_turns import CrisisDesk
from extensions.channels.disclosures import Disclosures
from extensions.channels.feedback import count_vote, read_vote
from extensions.channels.flooding import Limits
from extensions.channels.pages import Pages
from extensions.channels.problems import ProblemError, answer_refusals, answers_problems
from extensions.channels.readiness import check
from extensions.channels.rendering import OfferedChoice, Renderer
from extensions.channels.replies import Messages, each, reply
from extensions.channels.tokens import ConversationTokens, Opened
from extensions.channels.turns import WebOutput, run_turn
from extensions.conversation_rows import ConversationRetiredError
from extensions.gate import SafetyGate

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class WebChannel(InputChannel):
    """Connects browsers; register it in credentials.yml."""

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """Takes the settings, whose secrets are known to be in place.

        Args:
            settings: of the deployment.
            gate: looks at each text first; made from the settings if None.
            provider: whom people can call; nobody is known if None.
        """
        self._settings = settings
        self._gate = gate or SafetyGate.open(settings)
        self._desk = CrisisDesk(self._gate, self.name())
        self._limits = Limits(settings)
        self._pages = Pages()
        self._confirmations = Confirmations(settings, self._limits)
        self._disclosures = Disclosures(provider or Provider())
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
        settings = lifecycle.checked_settings()
        gate, provider = lifecycle.checked_texts(settings)
        return cls(settings, gate, provider)

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
        routes.add_route(answers_problems(self.feedback), "/feedback", ["POST"])
        routes.add_route(answers_problems(self.erase), "/session", ["DELETE"])
        routes.add_route(answers_problems(self.health), "/health", ["GET"])
        self._pages.add_routes(routes)
        self._confirmations.add_routes(routes)
        routes.listener("before_server_start")(self._before_start)
        routes.listener("after_server_start")(self._after_start)
        routes.listener("after_server_stop")(self._after_stop)
        return routes

    async def start_session(self, request: Request) -> HTTPResponse:
        """POST /sessions: a token for a new conversation, and what it begins with."""
        self._limits.session(request)
        body = {
            "token": self._tokens.issue(),
            "expires_in": self._tokens.lifetime_seconds,
            "message": self._disclosures.opening,
        }
        return _json(body, 201)

    async def answer(self, request: Request) -> HTTPResponse | None:
        """POST /messages: what the assistant says to a text or a choice."""
        opened = self._opened(request)
        conversation_id = opened.conversation_id
        too_many = self._limits.message(request, conversation_id)
        content = parse(request.body)
        # Before the store, the limits of a text, and all that can fail.
        agent = getattr(request.app.ctx, "agent", None)
        flooding = too_many is not None
        urgent = await self._desk.answer(agent, conversation_id, heard(content), flooding)
        if urgent:
            return await reply(request, each(*urgent))
        if too_many is not None:
            raise too_many
        store = store_of(request)
        said = read_said(content)
        renderer = Renderer(self._tokens, conversation_id)
        try:
            chosen = await find_choice(store, renderer, conversation_id, said)
        except SQLAlchemyError:
            # A person in danger may have written; silence is the worst answer.
            return await reply(request, each(self._desk.apology(conversation_id)))
        output = WebOutput(renderer)
        turn = self._turn(agent, conversation_id, said, chosen, output)
        messages = run_turn(conversation_id, turn, output, self._desk.apology(conversation_id))
        return await reply(request, self._with_reminder(messages, agent, opened))

    async def _with_reminder(self, messages: Messages, agent: Any, opened: Opened) -> Messages:
        try:
            async for message in messages:
                yield message
        except ConversationRetiredError:
            raise ProblemError(401, ENDED) from None
        for message in self._disclosures.reminded(agent, opened):
            yield message

    async def history(self, request: Request) -> HTTPResponse:
        """GET /history: the whole conversation."""
        conversation_id = self._opened(request).conversation_id
        self._limits.other(request, conversation_id)
        store = store_of(request)
        try:
            await refuse_retired(store, conversation_id)
            events = await store.read_events(conversation_id)
        except SQLAlchemyError:
            raise ProblemError(503, STORE_FAILS) from None
        return _json({"messages": Renderer(self._tokens, conversation_id).history(events)})

    async def feedback(self, request: Request) -> HTTPResponse:
        """POST /feedback: whether an answer helped."""
        conversation_id = self._opened(request).conversation_id
        self._limits.other(request, conversation_id)
        vote = read_vote(parse(request.body))
        store = store_of(request)
        try:
            await refuse_retired(store, conversation_id)
            await count_vote(store, self._settings, conversation_id, vote)
        except SQLAlchemyError:
            raise ProblemError(503, STORE_FAILS) from None
        return empty(headers={"Cache-Control": "no-store"})

    async def erase(self, request: Request) -> HTTPResponse:
        """DELETE /session: erases the conversation and ends its token."""
        conversation_id = self._opened(request).conversation_id
        store = store_of(request)
        self._gate.forget(conversation_id)
        try:
            await refuse_retired(store, conversation_id)
            # First: while this fails the token still works, and it can be tried again.
            await asyncio.to_thread(forget, conversation_id, self._settings)
            await store.retire(conversation_id)
        except SQLAlchemyError:
            raise ProblemError(503, STORE_FAILS) from None
        return empty(headers={"Cache-Control": "no-store"})

    async def health(self, request: Request) -> HTTPResponse:
        """GET /health: 200 only when a question can be answered."""
        self._limits.other(request)
        agent: Any = getattr(request.app.ctx, "agent", None)
        found = await check(agent)
        prepared = getattr(request.app.ctx, "prepared", False)
        # A gate that lets an emergency pass is worse than no assistant.
        parts = {"start": prepared, "gate": self._gate.watch.works()}
        failing = [*found.failing, *(part for part, works in parts.items() if not works)]
        if failing:
            raise ProblemError(503, f"Not ready: {', '.join(failing)}.", failing=failing)
        model = agent.processor.model_filename
        return _json({"status": "ok", "model": model, "articles": found.articles})

    def _opened(self, request: Request) -> Opened:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        opened = self._tokens.opened(token.strip())
        if scheme.lower() != "bearer" or opened is None:
            raise ProblemError(401, ENDED)
        return opened

    async def _turn(
        self,
        agent: Agent,
        conversation_id: str,
        said: Said,
        chosen: OfferedChoice | None,
        output: WebOutput,
    ) -> None:
        message = await user_message(
            agent,
            said,
            chosen,
            self._desk.metadata(conversation_id),
            sender_id=conversation_id,
            output_channel=output,
            input_channel=self.name(),
        )
        await self._on_new_message(message)

    async def _before_start(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        lifecycle.set_limits(app)
        prefix = f"/webhooks/{self.url_prefix()}/"
        answer_refusals(app, prefix)
        browsers.guard(app, prefix, self._settings.origins(), self._pages)

    async def _after_start(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        await lifecycle.prepare(app, self._settings)
        app.ctx.prepared = True

    async def _after_stop(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        await lifecycle.close(app)


def _json(body: Any, status: int = 200) -> HTTPResponse:
    return json(body, status, headers={"Cache-Control": "no-store"})
