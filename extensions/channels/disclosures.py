"""Says that this is a program: when a conversation begins, and after hours of it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.events import BotUttered

from assistant.provider import Provider
from assistant.safety.disclosure import REMIND_EVERY, opening, reminder
from extensions.channels.crisis_turns import keep_events
from extensions.channels.tokens import Opened
from extensions.channels.turns import start_in_order

_MAX_CONVERSATIONS = 10_000


class Disclosures:
    """What is said of the assistant itself, without being asked.

    A conversation's age is in its token, so that nothing has to be stored; after a
    restart of the server one may be reminded once more than needed.

    Attributes:
        opening: what a conversation begins with, in the channel's JSON.
    """

    def __init__(self, provider: Provider) -> None:
        """Takes whom people can call."""
        self.opening = opening(provider).as_dict()
        self._reminder = reminder(provider)
        self._told: OrderedDict[str, int] = OrderedDict()

    def due(self, opened: Opened, now: datetime | None = None) -> bool:
        """Whether three more hours have passed; says so once for each three.

        Args:
            opened: the conversation.
            now: another time than the present, for tests.
        """
        passed = ((now or datetime.now(timezone.utc)) - opened.since) // REMIND_EVERY
        if passed <= self._told.get(opened.conversation_id, 0):
            return False
        self._told[opened.conversation_id] = passed
        self._told.move_to_end(opened.conversation_id)
        if len(self._told) > _MAX_CONVERSATIONS:
            self._told.popitem(last=False)
        return True

    def reminded(self, agent: Any, opened: Opened) -> list[dict[str, Any]]:
        """The reminder where it is due, in the channel's JSON; kept after the turn."""
        if not self.due(opened):
            return []
        message = self._reminder.as_dict()
        bot = BotUttered(self._reminder.text, metadata={"message": message})
        name = opened.conversation_id
        start_in_order(name, keep_events(agent, name, [bot]))
        return [message]
