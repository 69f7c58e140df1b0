"""One turn in an emergency: answered at once, kept where that is possible."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT

from assistant.safety.emergency import Emergency
from assistant.safety.help_called import help_called
from assistant.safety.protocol import Crisis
from extensions.channels.action_calls import call_action
from extensions.channels.person_text import MAX_CHARACTERS
from extensions.channels.readiness import conversations
from extensions.channels.turns import APOLOGY, start_in_order
from extensions.emergencies import CRISIS_INTENT, VERDICT
from extensions.gate import CRISIS, CrisisReply, SafetyGate

logger = logging.getLogger(__name__)

# How long the reply waits for the tracker, to be read where this process knows of no
# emergency yet, and to be written; and for an answer to stand beside it. Together below
# the second that is allowed.
_LOOK_SECONDS = 0.2
_BESIDE_SECONDS = 0.3
_KEEP_SECONDS = 0.3
# Of a text that is longer the end is kept: that is where long letters say it.
_KEPT_CHARACTERS = 10_000

_readers = ThreadPoolExecutor(2, thread_name_prefix="emergencies")
# A look at a message takes some milliseconds, in which nobody else is answered. In a thread
# beside them it would take the others more: each of their steps would wait for it.
_FLOOD_PAUSE_SECONDS = 0.02


class CrisisDesk:
    """The safety gate as a channel uses it: before anything else, for any text."""

    def __init__(self, gate: SafetyGate, channel: str) -> None:
        """Takes the gate and the name of the channel."""
        self._gate = gate
        self._channel = channel
        self._floods: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(
        self, agent: Any, conversation_id: str, text: str | None, flooding: bool = False
    ) -> list[dict[str, Any]]:
        """The reply to an emergency, in the channel's JSON.

        Where the emergency is only likely, what the articles answer to the text follows:
        a question that was taken for one is answered all the same.

        Args:
            agent: Rasa's, if there is one; nothing depends on it.
            conversation_id: who writes.
            text: as it came, of any length; None for none.
            flooding: more comes from there than is allowed; an emergency is answered, no question.

        Returns:
            One message or two; none where there is no emergency, and the turn goes its way.
        """
        emergency = await self._noticed(conversation_id, text, flooding) if text else None
        if text is None or emergency is None:
            return []
        before = None
        if self._gate.crisis(conversation_id) is None:
            before = await _kept_crisis(agent, conversation_id)
        reply = self._gate.reply(conversation_id, emergency, before, text)
        # "They are working on him" asks nothing of the articles.
        helped = help_called(text, reply.crisis.situation) is not None
        asked = emergency.certainty == "likely" and not (flooding or helped)
        beside = await _beside(agent, text) if asked else None
        events = _events(text[-_KEPT_CHARACTERS:], reply, self._channel, beside)
        keeping = start_in_order(
            conversation_id, self._keep(agent, conversation_id, reply.emergency, events)
        )
        await asyncio.wait({keeping}, timeout=_KEEP_SECONDS)
        return [reply.message.as_dict(), *([beside.message] if beside else [])]

    def apology(self, conversation_id: str) -> dict[str, Any]:
        """What is said when a turn fails: in a crisis where help is, in the channel's JSON."""
        still_here = self._gate.still_here(conversation_id)
        return still_here.as_dict() if still_here else APOLOGY

    def metadata(self, conversation_id: str) -> dict[str, Any]:
        """What Rasa's actions are told beside a message: the crisis, where there was one."""
        crisis = self._gate.crisis(conversation_id)
        return {CRISIS: crisis.as_dict()} if crisis else {}

    async def _noticed(self, conversation_id: str, text: str, flooding: bool) -> Emergency | None:
        if not flooding:
            return await self._looked_at(conversation_id, text)
        # One at a time of each conversation and with pauses, in which others are answered.
        async with self._floods.setdefault(conversation_id, asyncio.Lock()):
            emergency = await self._looked_at(conversation_id, text)
            if emergency is None:
                await asyncio.sleep(_FLOOD_PAUSE_SECONDS)
            return emergency

    async def _looked_at(self, conversation_id: str, text: str) -> Emergency | None:
        if len(text) <= MAX_CHARACTERS:
            return self._gate.notice(conversation_id, text)
        # Many sentences: others must not wait for them, nor they for a dead database,
        # whose calls fill the threads that all share.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_readers, self._gate.notice, conversation_id, text)

    async def _keep(
        self, agent: Any, conversation_id: str, emergency: Emergency, events: list[Event]
    ) -> None:
        await asyncio.to_thread(self._gate.counts.add, emergency.situation, self._channel)
        await keep_events(agent, conversation_id, events)


@dataclass(frozen=True)
class _Beside:
    """An answer from the articles, and what the conversation remembers of it."""

    message: dict[str, Any]
    events: list[dict[str, Any]]


async def _beside(agent: Any, text: str) -> _Beside | None:
    """What the articles answer, where they are sure of it and quick."""
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        reply = await asyncio.wait_for(
            call_action(agent, "action_answer_beside_emergency", {TEXT: text}), _BESIDE_SECONDS
        )
        message = reply["responses"][0]["message"]
        return _Beside(message, reply["events"]) if message["kind"] == "answer" else None
    except Exception:
        # None, late or broken: the reply to the emergency stands alone.
        return None


async def keep_events(agent: Any, conversation_id: str, events: list[Event]) -> None:
    """Adds to a conversation what was said beside Rasa; its slots and form stay.

    Any failure is logged by its kind alone: what was said is said.
    """
    try:
        store = conversations(agent)
        if store is None:
            return
        async with agent.lock_store.lock(conversation_id):
            tracker = await _tracker(agent, store, conversation_id)
            for event in events:
                if not (isinstance(event, SlotSet) and event.key not in tracker.slots):
                    tracker.update(_with_told(event, tracker))
            await store.save(tracker)
    except Exception as error:
        logger.error("A turn beside Rasa could not be kept: %s.", type(error).__name__)


def _events(text: str, reply: CrisisReply, channel: str, beside: _Beside | None) -> list[Event]:
    """The same events as when Rasa's own rule answers (data/rules/crisis.yml)."""
    intent = {"name": CRISIS_INTENT, "confidence": 1.0}
    parsed = {TEXT: text, INTENT: intent, ENTITIES: [], VERDICT: asdict(reply.emergency)}
    events = [
        UserUttered(text, intent, parse_data=parsed, input_channel=channel),
        ActionExecuted("action_show_crisis_resources", policy="safety_gate", confidence=1.0),
        _uttered(reply.message.as_dict()),
        SlotSet(CRISIS, reply.crisis.as_dict()),
    ]
    if beside:
        events += [_uttered(beside.message), *deserialise_events(beside.events)]
    return [*events, ActionExecuted("action_listen")]


def _uttered(message: dict[str, Any]) -> BotUttered:
    return BotUttered(message["text"], metadata={"message": message})


def _with_told(event: Event, tracker: DialogueStateTracker) -> Event:
    # What follow-ups were answered is known to the tracker alone.
    if not (isinstance(event, SlotSet) and event.key == CRISIS):
        return event
    kept = Crisis.from_dict(tracker.get_slot(CRISIS))
    return SlotSet(CRISIS, {**event.value, "told": list(kept.told)}) if kept else event


async def _tracker(agent: Any, store: Any, conversation_id: str) -> DialogueStateTracker:
    begin = getattr(agent.processor, "fetch_tracker_and_update_session", None)
    if begin is None:
        # No model: the conversation is kept without a session.
        return await store.get_or_create_tracker(conversation_id, append_action_listen=False)
    return await begin(conversation_id, CollectingOutputChannel())


async def _kept_crisis(agent: Any, conversation_id: str) -> Crisis | None:
    store = conversations(agent)
    if store is None:
        return None
    try:
        tracker = await asyncio.wait_for(store.retrieve(conversation_id), _LOOK_SECONDS)
    except Exception:
        return None
    return Crisis.from_dict(tracker.get_slot(CRISIS)) if tracker else None
