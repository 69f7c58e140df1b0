"""How much one conversation, and one address, may ask for.

A school or a clinic shares one address, so an address may have many conversations.
What is counted is in this process's memory, and gone with it.
"""

from __future__ import annotations

import math

from sanic.request import Request

from assistant.settings import Settings
from extensions.channels.addresses import Addresses
from extensions.channels.problems import IN_DANGER, ProblemError
from extensions.channels.rates import MovingWindow

# Reading the history, feedback and the like, for each message that is allowed.
_OTHERS_A_MESSAGE = 4
TOO_MANY = f"That was a lot at once. Please wait a little and try again. {IN_DANGER}"


class Limits:
    """Counts requests; refuses those that are too many with 429 and Retry-After."""

    def __init__(self, settings: Settings) -> None:
        """Takes the deployment's limits; 0 is no limit."""
        self._addresses = Addresses(settings.proxies())
        by_conversation = settings.messages_per_minute
        by_address = settings.address_messages_per_minute
        self._messages = MovingWindow(by_conversation, 60)
        self._address_messages = MovingWindow(by_address, 60)
        self._others = MovingWindow(by_conversation * _OTHERS_A_MESSAGE, 60)
        self._address_others = MovingWindow(by_address * _OTHERS_A_MESSAGE, 60)
        self._sessions = MovingWindow(settings.address_sessions_per_hour, 3600)

    def message(self, request: Request, conversation_id: str) -> ProblemError | None:
        """Counts a message; what to refuse it with, once it is known to be no emergency."""
        return _problem(self._messages.wait(conversation_id)) or self._at_address(
            self._address_messages, request
        )

    def session(self, request: Request) -> None:
        """Counts a new conversation.

        Raises:
            ProblemError: 429, too many come from there.
        """
        if problem := self._at_address(self._sessions, request):
            raise problem

    def other(self, request: Request, conversation_id: str | None = None) -> None:
        """Counts any other request, such as for the history or the health.

        Raises:
            ProblemError: 429, too many.
        """
        wait = self._others.wait(conversation_id) if conversation_id else 0.0
        if problem := _problem(wait) or self._at_address(self._address_others, request):
            raise problem

    def _at_address(self, window: MovingWindow, request: Request) -> ProblemError | None:
        place = self._addresses.place(request)
        return _problem(window.wait(place)) if place else None


def _problem(wait: float) -> ProblemError | None:
    return ProblemError(429, TOO_MANY, retry_after=math.ceil(wait)) if wait else None
