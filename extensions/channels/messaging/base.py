"""A channel of a messaging platform: what they all do alike.

A channel of its own adds: how it knows the platform (`verify`), what came in (`parse`),
how a reply looks there (`render`) and how it is sent (`send`).
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa.core.channels.channel import InputChannel
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from assistant.errors import SettingsError
from assistant.provider import Provider
from assistant.safety.disclosure import opening
from assistant.settings import Settings
from extensions import lean_imports
from extensions.channels import lifecycle
from extensions.channels.messaging.desk import Messages, MessagingDesk, OnNewMessage
from extensions.channels.messaging.incoming import Incoming
from extensions.channels.messaging.reception import Reception
from extensions.channels.messaging.records import Noted
from extensions.channels.messaging.rendered import Commanded, Rendered
from extensions.channels.messaging.rows import MessageRows
from extensions.channels.messaging.texts import whole
from extensions.channels.problems import ProblemError, answers_problems
from extensions.gate import SafetyGate

FORGED = "This request is not signed as it should be."
_NOT_NOTED = "This could not be noted. Please send it again."


class OffChannel(InputChannel):
    """Stands for a channel whose credentials are not set: nothing is at its address."""

    def __init__(self, name: str) -> None:
        """Takes the name of the channel that is off."""
        self._name = name

    @classmethod
    def name(cls) -> str:
        """Of no channel."""
        return "off"

    def url_prefix(self) -> str:
        """Of the channel that is off."""
        return self._name

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Without a route."""
        return Blueprint(f"{self._name}_off")


class MessagingChannel(InputChannel, ABC):
    """Connects a messaging platform; register the class in credentials.yml.

    Attributes:
        packages: what it imports that the lean server leaves out (`lean_imports`).
        pause: what the platform wants between two messages to one person, in seconds.
        settings: of the deployment.
        provider: whom people can call.
        reception: takes in what `take` is given, and answers it.
    """

    packages: ClassVar[tuple[str, ...]] = ()
    pause: ClassVar[float] = 0.0

    def __init__(
        self, settings: Settings, gate: SafetyGate | None = None, provider: Provider | None = None
    ) -> None:
        """Takes the settings, whose secrets and credentials are known to be in place.

        Args:
            settings: of the deployment.
            gate: looks at each text first; made from the settings if None.
            provider: whom people can call; nobody is known if None.
        """
        self.settings = settings
        self.provider = provider or Provider()
        desk = MessagingDesk(settings, self.name(), gate or SafetyGate.open(settings))
        self.reception = Reception(self, desk, MessageRows(settings, self.name()))

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Makes the channel from the environment's settings; one that is off without any.

        Raises:
            RasaException: it is set by halves; the server does not start.
        """
        settings = lifecycle.checked_settings()
        try:
            if not cls.is_on(settings):
                return OffChannel(cls.name())
        except SettingsError as error:
            raise RasaException(str(error)) from None
        for package in cls.packages:
            lean_imports.bring(package)
        gate, provider = lifecycle.checked_texts(settings)
        return cls(settings, gate, provider)

    @classmethod
    def is_on(cls, settings: Settings) -> bool:
        """Whether all that the channel needs is set.

        Raises:
            SettingsError: it is set by halves; names what is missing.
        """
        return settings.is_on(cls.name())

    def verify(self, request: Request) -> None:
        """Raises ProblemError (403, `FORGED`) unless the platform itself has sent the request.

        Secrets are compared in constant time (`hmac.compare_digest`).
        """
        raise ProblemError(403, FORGED)

    def parse(self, request: Request) -> list[Incoming]:
        """The messages in a request that was verified; none for what is not for us.

        Raises:
            ProblemError: 400, it is malformed.
        """
        return []

    @abstractmethod
    async def send(self, address: str, message: dict[str, Any]) -> None:
        """Hands one message to the platform.

        Args:
            address: where it goes.
            message: as `render` has made it.

        Raises:
            NotSentError: the platform did not take it. Any other error is tried again.
        """

    def render(self, messages: Messages, to: Incoming) -> Rendered:
        """All messages of a turn as the platform takes them; what is of a crisis is never cut.

        Args:
            messages: in the web channel's JSON.
            to: what they answer.
        """
        texts, number = [], 1
        for message in messages:
            texts.append({"text": whole(message, number)})
            number += len(message["choices"])
        return Rendered(texts)

    def opening(self, to: Incoming) -> dict[str, Any]:
        """What a conversation begins with."""
        return opening(self.provider).as_dict()

    async def command(self, noted: Noted) -> Commanded | None:
        """The reply to what only this channel understands, such as STOP; None for all else."""
        return None

    async def catch_up(self) -> None:
        """Does what a command has left to be done; called after one, and now and then."""

    async def begin(self, app: Sanic) -> None:
        """Opens connections, after the server has started."""

    async def end(self) -> None:
        """Closes them."""

    def add_routes(self, routes: Blueprint) -> None:
        """The addresses below /webhooks/<name>/."""
        routes.add_route(answers_problems(self.receive), "/webhook", ["POST"], name="receive")

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes of the channel and what happens at start and stop.

        Args:
            on_new_message: hands a message to Rasa.
        """
        self.reception.hear = on_new_message
        routes = Blueprint(f"{self.name()}_channel")
        self.add_routes(routes)
        routes.listener("after_server_start")(self._after_start)
        routes.listener("before_server_stop")(self._before_stop)
        return routes

    async def receive(self, request: Request) -> HTTPResponse:
        """POST /webhook: acknowledged when everything in it is noted or answered."""
        self.verify(request)
        if not await self.reception.take(self.parse(request)):
            raise ProblemError(503, _NOT_NOTED)
        return self.acknowledged()

    def acknowledged(self) -> HTTPResponse:
        """What the platform gets for a request that is safe."""
        return empty(200)

    async def _after_start(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        await self.begin(app)
        await self.reception.open(app)

    async def _before_stop(self, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
        await self.end()
        await self.reception.close()
