"""What every action shares: one way in, one way out, and no failure that shows.

An exception that leaves an action makes Rasa log the whole conversation, and the
person gets nothing. So each one is caught here: the person reads a plain
sentence, and the log gets the kind of error and its place, never its text.
"""

from __future__ import annotations

import logging
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.emergencies import in_danger, of_help, still_here
from actions.gaps import note_gap
from actions.knowledge import composer
from assistant.answers import wording
from assistant.answers.asking import asks_something
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory
from assistant.answers.telling import Told
from assistant.message import Message
from assistant.retrieval.encoder import EMBEDDING, from_text

logger = logging.getLogger(__name__)

MEMORY_SLOT = "last_answer"
TOPIC_SLOT = "topic"
APOLOGY = Message("notice", wording.SOMETHING_FAILED, resources=wording.DANGER_LINKS)
# From this confidence of the NLU on, nothing is said beside what the intent asks for.
_SURE = 0.7


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
            known = composer()
            reply = self.reply(known, tracker, memory)
            crisis = in_danger(tracker)
            told = _told(known, tracker) if crisis else "all"
        except Exception as error:
            log_without_content(self.name(), error)
            send(dispatcher, APOLOGY)
            return []
        events: list[EventType] = []
        helped = crisis is not None and of_help(tracker, crisis) is not None
        if crisis is not None and (
            helped or not (reply.message.kind == "answer" and told == "all")
        ):
            message, events = still_here(tracker, crisis)
            send(dispatcher, message)
            # "They are working on him" asks nothing of the articles.
            asks = told == "all" and asks_something(latest_text(tracker))
            if reply.message.kind != "answer" or not (asks if helped else told != "little"):
                return events
        send(dispatcher, reply.message)
        note_gap(tracker, reply.missed)
        return [*events, *([] if reply.memory == memory else _remembered(reply.memory))]


class GuardedAction(Action, ABC):
    """An action whose failures end in a plain sentence."""

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends messages; returns what is to be remembered."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Acts; on any failure a plain sentence, and nothing is changed."""
        try:
            return await self.act(dispatcher, tracker)
        except Exception as error:
            log_without_content(self.name(), error)
            send(dispatcher, APOLOGY)
            return []


class FixedFirstAction(Action, ABC):
    """Says something fixed, and then what the articles answer where that may stand beside it.

    The fixed message needs neither the corpus nor the encoder. Right after an emergency
    where to get help is said again instead, and nothing beside it.
    """

    @abstractmethod
    def message(self, text: str, answered: bool) -> Message:
        """What is said in any case, and first.

        Args:
            text: as the person wrote it.
            answered: whether an answer of the articles follows.
        """

    def may_follow(self, composer: Composer, text: str, answer: Message) -> bool:
        """Whether an answer of the articles may be sent too.

        Args:
            composer: what it is from.
            text: as the person wrote it.
            answer: a certain one.
        """
        return True

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Sends the fixed message, and the answer where there is one that may follow."""
        crisis = in_danger(tracker)
        if crisis is not None:
            message, events = still_here(tracker, crisis)
            send(dispatcher, message)
            return events
        answer = certain_answer(self.name(), tracker, self.may_follow)
        send(dispatcher, self.message(latest_text(tracker), answer is not None))
        if answer is None:
            return []
        send(dispatcher, answer.message)
        return answer.events


@dataclass(frozen=True)
class CertainAnswer:
    """An answer from the articles, and the events that remember it."""

    message: Message
    events: list[EventType]


def certain_answer(
    action: str,
    tracker: Tracker,
    allowed: Callable[[Composer, str, Message], bool] = lambda *_: True,
) -> CertainAnswer | None:
    """What the articles answer to the latest message; None when they don't, or on any failure.

    Args:
        action: whose name a failure is logged under.
        tracker: the conversation.
        allowed: whether an answer, to a text, of these articles may be sent.
    """
    try:
        memory = Memory.from_dict(tracker.get_slot(MEMORY_SLOT))
        text, known = latest_text(tracker), composer()
        reply = known.answer(text, memory, in_field=False, vector=latest_vector(tracker))
        if reply.message.kind == "answer" and not allowed(known, text, reply.message):
            return None
    except Exception as error:
        log_without_content(action, error)
        return None
    if reply.message.kind != "answer":
        return None
    return CertainAnswer(reply.message, _remembered(reply.memory))


def send(dispatcher: CollectingDispatcher, message: Message, **beside: str) -> None:
    """Hands a message to Rasa: plain text for any channel, the whole for ours.

    Args:
        dispatcher: Rasa's.
        message: what is said.
        beside: further keys, such as how long it may be kept (assistant/forms/kept.py).
    """
    dispatcher.utter_message(text=message.text, message=message.as_dict(), **beside)


def latest_text(tracker: Tracker) -> str:
    """What the person wrote last; empty when nothing."""
    return (tracker.latest_message or {}).get("text") or ""


def latest_vector(tracker: Tracker) -> npt.NDArray[np.float32] | None:
    """The embedding of that text, (384,), where Rasa has handed it on."""
    return from_text((tracker.latest_message or {}).get(EMBEDDING))


def leans_on_answer(tracker: Tracker) -> bool:
    """Whether an answer of the articles went before, which a message may be about."""
    return bool(Memory.from_dict(tracker.get_slot(MEMORY_SLOT)).latest)


def is_sure(tracker: Tracker) -> bool:
    """Whether the NLU was sure of the latest message's intent."""
    intent = (tracker.latest_message or {}).get("intent") or {}
    return float(intent.get("confidence") or 0.0) >= _SURE


def share_of(tracker: Tracker, intent: str) -> float:
    """How likely the NLU holds an intent of the latest message, from 0 to 1."""
    ranking = (tracker.latest_message or {}).get("intent_ranking") or []
    found = (each.get("confidence") for each in ranking if each.get("name") == intent)
    return float(next(found, None) or 0.0)


def _told(composer: Composer, tracker: Tracker) -> Told:
    """How much a message, or the choice that was pressed, says itself of what it is about."""
    text = latest_text(tracker)
    return "all" if text.startswith("/") else composer.told(text)


def _remembered(memory: Memory) -> list[EventType]:
    topic = memory.topics[0] if memory.topics else None
    return [SlotSet(MEMORY_SLOT, memory.as_dict()), SlotSet(TOPIC_SLOT, topic)]


def log_without_content(action: str, error: Exception) -> None:
    """Logs the kind of an error and its place."""
    # Not the exception's own text: it may quote what the person wrote.
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown place"
    logger.error("%s failed: %s at %s", action, type(error).__name__, place)
