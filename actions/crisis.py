"""In an emergency: where to get help, and what people ask after that."""

from __future__ import annotations

import asyncio
from typing import cast

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import (
    CertainAnswer,
    GuardedAction,
    certain_answer,
    is_sure,
    latest_text,
    send,
)
from actions.emergencies import CRISIS, crisis_of, of_help, protocol
from actions.questions import ActionAnswerQuestion
from assistant.answers.asking import asks_something
from assistant.message import Message
from assistant.safety.counts import UNKNOWN, CrisisCounts
from assistant.safety.emergency import Emergency
from assistant.safety.protocol import FOLLOW_UPS, Crisis
from assistant.safety.resources import FollowUp
from assistant.settings import load_settings

# Where the NLU component leaves what was noticed (extensions/emergencies.py).
_VERDICT = "emergency"
# So few words may be what somebody looks for: "fentanyl withdrawal symptoms".
_KEYWORDS = 4


class ActionShowCrisisResources(GuardedAction):
    """Answers an emergency in Rasa's own channels and its shell.

    The web channel's gate answers by itself, and Rasa hears of it afterwards.
    """

    def name(self) -> str:
        """The name that the rules use."""
        return "action_show_crisis_resources"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the fixed message; the conversation goes on as it was."""
        emergency = _noticed(tracker)
        message, crisis = _reply(emergency, crisis_of(tracker), latest_text(tracker))
        send(dispatcher, message)
        channel = tracker.get_latest_input_channel() or UNKNOWN
        counts = CrisisCounts(load_settings().state_dir)
        await asyncio.to_thread(counts.add, emergency.situation if emergency else UNKNOWN, channel)
        events: list[EventType] = [SlotSet(CRISIS, crisis.as_dict())] if crisis else []
        if emergency is not None and emergency.certainty == "likely":
            events += _answer_too(self.name(), dispatcher, tracker)
        return events


class ActionAnswerBesideEmergency(GuardedAction):
    """What the articles answer to a message that was only likely an emergency.

    The web channel's gate calls it after its own reply: whoever asked a question and
    was taken for being in danger has lost nothing.
    """

    def name(self) -> str:
        """The name that the gate's desk uses."""
        return "action_answer_beside_emergency"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the answer where there is a certain one, else nothing."""
        return _answer_too(self.name(), dispatcher, tracker)


class ActionAnswerCrisisFollowUp(GuardedAction):
    """Answers "what happens if I call?" and the like, by what was said before.

    Without an emergency before, or where the NLU was not sure, what the articles
    answer is not held back.
    """

    def name(self) -> str:
        """The name that the rules use."""
        return "action_answer_crisis_follow_up"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the fixed answer, the one from the articles, or both."""
        before = crisis_of(tracker)
        intent = tracker.get_intent_of_latest_message()
        worried = intent == "concerned_other" and asks_something(latest_text(tracker))
        if before is None and (worried or not is_sure(tracker)):
            # A guess at what would be rare here, or a question on whom somebody worries about:
            # a question like any other.
            return await ActionAnswerQuestion().run(dispatcher, tracker, {})
        answer: CertainAnswer | None = None
        helped = before is not None and of_help(tracker, before) is not None
        if before is None or not (is_sure(tracker) or helped):
            answer = certain_answer(self.name(), tracker)
        events: list[EventType] = []
        if before is not None or answer is None:
            message, after = follow_up(tracker, before)
            send(dispatcher, message)
            events += [SlotSet(CRISIS, after.as_dict())] if after else []
        if answer is not None:
            send(dispatcher, answer.message)
            events += answer.events
        return events


def _answer_too(action: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Sends what the articles answer; who tells how bad it is, and asks nothing, gets none."""
    text = latest_text(tracker)
    if not (asks_something(text) or len(text.split()) <= _KEYWORDS):
        return []
    answer = certain_answer(action, tracker)
    if answer is None:
        return []
    send(dispatcher, answer.message)
    return answer.events


def follow_up(tracker: Tracker, before: Crisis | None) -> tuple[Message, Crisis | None]:
    """The fixed answer to the latest intent, and what is to be remembered."""
    if before is not None and (helped := of_help(tracker, before)):
        return helped
    intent = tracker.get_intent_of_latest_message() or ""
    message, after = None, before
    if intent in FOLLOW_UPS:
        message, after = protocol().follow_up(cast(FollowUp, intent), before)
    return message or protocol().unknown(), after


def _noticed(tracker: Tracker) -> Emergency | None:
    """What the NLU component noticed; None where somebody sent the bare intent."""
    verdict = (tracker.latest_message or {}).get(_VERDICT)
    return Emergency(**verdict) if verdict else None


def _reply(
    emergency: Emergency | None, before: Crisis | None, text: str
) -> tuple[Message, Crisis | None]:
    if emergency is None:
        return protocol().unknown(), None
    return protocol().reply(emergency, before, text)
