"""What every action shares: one way in, one way out, and no failure that shows.

An exception that leaves an action makes Rasa log the whole conversation, and the
person gets nothing. So each one is caught here: the person reads a plain
sentence, and the log gets the kind of error and its place, never its text.
"""

from __future__ import annotations

import logging
import traceback
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import composer
from assistant.answers import wording
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory
from assistant.message import Message

logger = logging.getLogger(__name__)

MEMORY_SLOT = "last_answer"
TOPIC_SLOT = "topic"


class AssistantAction(Action, ABC):
    """An action that replies with one message and remembers what it answered."""

    @abstractmethod
    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """What to say.

        Args:
            composer: answers from the corpus.
            tracker: the conversation; its latest message is what was asked.
            memory: of the last answer.
        """

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Sends the reply; on any failure a plain sentence, and nothing is changed."""
        try:
            memory = Memory.from_dict(tracker.get_slot(MEMORY_SLOT))
            reply = self.reply(composer(), tracker, memory)
        except Exception as error:
            _log_without_content(self.name(), error)
            send(
                dispatcher,
                Message("notice", wording.SOMETHING_FAILED, resources=wording.DANGER_LINKS),
            )
            return []
        send(dispatcher, reply.message)
        if reply.memory == memory:
            return []
        topic = reply.memory.topics[0] if reply.memory.topics else None
        return [SlotSet(MEMORY_SLOT, reply.memory.as_dict()), SlotSet(TOPIC_SLOT, topic)]


def send(dispatcher: CollectingDispatcher, message: Message) -> None:
    """Hands a message to Rasa: plain text for any channel, the whole for ours."""
    dispatcher.utter_message(text=message.text, message=message.as_dict())


def latest_text(tracker: Tracker) -> str:
    """What the person wrote last; empty when nothing."""
    return (tracker.latest_message or {}).get("text") or ""


def _log_without_content(action: str, error: Exception) -> None:
    # Not the exception's own text: it may quote what the person wrote.
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown place"
    logger.error("%s failed: %s at %s", action, type(error).__name__, place)
