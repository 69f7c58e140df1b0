"""What every form shares: reading the conversation, taking a step, asking the next question.

Rasa's own mappings would put words into slots before anything is decided: "i want to
die" as a name. So the slots are filled by the validating action alone, and what is no
answer is rejected: Rasa's rules then answer it, and come back to the form by themselves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar
from uuid import uuid4

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from actions.base import APOLOGY, GuardedAction, log_without_content, send
from actions.emergencies import CRISIS, crisis_of
from assistant.errors import AssistantError
from assistant.forms.form import Answers, Form, Step
from assistant.forms.kept import PERSONAL, WHILE_ASKED
from assistant.forms.progress import Progress
from assistant.forms.said import CHOOSE, Pressed, Said
from assistant.message import CHOICE_TITLE
from assistant.safety.protocol import FOLLOW_UPS

_CHOICE_ENTITY = "choice"
_TOPIC_ENTITY = "topic"


class FormPart(ABC):
    """What the actions of a form have in common.

    Attributes:
        form: its questions.
        progress_slot: where its progress is kept.
    """

    form: ClassVar[Form]
    progress_slot: ClassVar[str]

    def progress(self, tracker: Tracker) -> Progress | None:
        """How far the form is; None when it has not begun."""
        return Progress.from_dict(tracker.get_slot(self.progress_slot))

    def answers(self, tracker: Tracker) -> Answers:
        """The answers so far."""
        values = {slot: tracker.get_slot(slot) for slot in self.form.slots}
        return {slot: value for slot, value in values.items() if value is not None}

    def events(self, step: Step) -> list[EventType]:
        """What is to be remembered after a step."""
        changed: list[EventType] = [SlotSet(slot, value) for slot, value in step.changes.items()]
        return [*changed, SlotSet(self.progress_slot, step.progress.as_dict())]

    def forgotten(self) -> list[EventType]:
        """Empties all slots of the form."""
        return [SlotSet(slot, None) for slot in (*self.form.slots, self.progress_slot)]


class ValidateForm(FormPart, FormValidationAction, ABC):
    """Decides what a message is to the form that is being filled in."""

    @abstractmethod
    def name(self) -> str:
        """`validate_` and the name of the form."""

    async def begun(self, tracker: Tracker) -> str:
        """How the form ends before its first question; empty where it does not."""
        return ""

    async def completed(self, step: Step, answers: Answers, tracker: Tracker) -> Step:
        """Carries out what a step leads to, and says how that ended."""
        return step

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Takes the step; on any failure a plain sentence, and nothing is changed."""
        try:
            return await self._decide(dispatcher, tracker)
        except Exception as error:
            log_without_content(self.name(), error)
            send(dispatcher, APOLOGY)
            # Without an event Rasa would take the message for no matter of the form's.
            return [SlotSet(self.progress_slot, tracker.get_slot(self.progress_slot))]

    async def _decide(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        progress = self.progress(tracker)
        slot = tracker.get_slot(REQUESTED_SLOT)
        if progress is None or slot is None:
            return await self._begin(tracker)
        said = said_of(tracker)
        if _is_back_from_others(tracker) or said.intent == CRISIS:
            return []
        answers = self.answers(tracker)
        step = self.form.step(said, slot, answers, progress, crisis_mark(tracker))
        if step.interrupted:
            return []
        step = await self.completed(step, answers, tracker)
        for message in step.messages:
            send(dispatcher, message)
        ended = [SlotSet(REQUESTED_SLOT, None)] if step.progress.ending else []
        return [*self.events(step), *ended]

    async def _begin(self, tracker: Tracker) -> list[EventType]:
        ending = await self.begun(tracker)
        fresh = Progress(run=uuid4().hex, crisis=crisis_mark(tracker), ending=ending)
        # What an earlier run has left behind, such as one that a failure cut off.
        left = [SlotSet(slot, None) for slot in self.answers(tracker)]
        ended = [SlotSet(REQUESTED_SLOT, None)] if ending else []
        return [*left, SlotSet(self.progress_slot, fresh.as_dict()), *ended]


class AskForSlot(FormPart, GuardedAction, ABC):
    """Asks the question of one slot."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """Which one."""

    def name(self) -> str:
        """The name that Rasa looks for."""
        return f"action_ask_{self.slot}"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the question; nothing where an emergency was just answered."""
        progress = self.progress(tracker)
        if progress is None:
            raise AssistantError("A form asks before it has begun.")
        mark = crisis_mark(tracker)
        paused = progress.is_paused(mark)
        urgent = said_of(tracker).intent in (CRISIS, *FOLLOW_UPS)
        if paused and (urgent or (progress.offered and _has_spoken(tracker))):
            return []
        question, message, progress = self.form.ask(
            self.slot, self.answers(tracker), progress, mark
        )
        beside = {PERSONAL: WHILE_ASKED} if question and question.personal else {}
        send(dispatcher, message, **beside)
        return [SlotSet(self.progress_slot, progress.as_dict())]


def said_of(tracker: Tracker) -> Said:
    """The latest message as a form looks at it.

    A pressed choice is one only where a channel vouches for it: what is typed into
    Rasa's shell can look the same.
    """
    latest = tracker.latest_message or {}
    intent = latest.get("intent") or {}
    name = intent.get("name") or ""
    entities = latest.get("entities") or []
    title = (latest.get("metadata") or {}).get(CHOICE_TITLE)
    pressed = None
    if name == CHOOSE and title:
        values = [each["value"] for each in entities if each.get("entity") == _CHOICE_ENTITY]
        pressed = Pressed.from_entity(values[0]) if values else None
    return Said(
        text=latest.get("text") or "",
        intent=name,
        confidence=float(intent.get("confidence") or 0.0),
        has_topic=any(each.get("entity") == _TOPIC_ENTITY for each in entities),
        pressed=pressed,
    )


def crisis_mark(tracker: Tracker) -> str:
    """Tells one emergency from the next, without a word of it; empty for none.

    What was only likely one leaves the form where it is: it may have been an answer to it.
    """
    crisis = crisis_of(tracker)
    if crisis is None or not crisis.said:
        return ""
    return f"{crisis.situation}-{crisis.concerned}-{crisis.times}"


def without(step: Step, slot: str) -> Step:
    """The step, but for one of its changes."""
    return replace(step, changes={key: v for key, v in step.changes.items() if key != slot})


def _is_back_from_others(tracker: Tracker) -> bool:
    """Whether the form has already rejected this message, and others have answered it."""
    return any(event["event"] == "action_execution_rejected" for event in _turn(tracker))


def _has_spoken(tracker: Tracker) -> bool:
    return any(event["event"] == "bot" for event in _turn(tracker))


def _turn(tracker: Tracker) -> list[dict[str, Any]]:
    """The events from the latest message on."""
    starts = [at for at, event in enumerate(tracker.events) if event["event"] == "user"]
    return tracker.events[starts[-1] :] if starts else []
