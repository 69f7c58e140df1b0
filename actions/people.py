"""The way from the program to a person."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, send
from actions.emergencies import CRISIS, crisis_of, protocol
from assistant.answers import wording
from assistant.answers.render import with_choices
from assistant.message import Choice, Message
from assistant.provider import load_provider
from assistant.safety.disclosure import way_to_a_person
from assistant.safety.protocol import Crisis

_NO_TRANSFER = "I'm an automated program and can't connect you in this chat."


class ActionOfferPerson(GuardedAction):
    """Says whom to call: the provider about treatment, a crisis line in a crisis.

    Who would rather be called is offered the sign-up.
    """

    def name(self) -> str:
        """The name that the rules use."""
        return "action_offer_person"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the number of people who can talk."""
        before = crisis_of(tracker)
        if before is not None:
            return _send_crisis_line(dispatcher, before)
        way = way_to_a_person(load_provider())
        danger = "In an emergency call 911; for thoughts of suicide call or text 988."
        text = f"{_NO_TRANSFER} {way.text} {danger}"
        choices: tuple[Choice, ...] = ()
        if not (tracker.active_loop or {}).get("name"):
            choices = (Choice(wording.SIGN_UP, wording.BEGIN_SIGN_UP),)
            text = f"{text}\n\n{with_choices(wording.SIGN_UP_HERE, choices)}"
        send(dispatcher, Message("notice", text, choices=choices, resources=way.resources))
        return []


class ActionOfferPersonInCrisis(GuardedAction):
    """After an emergency: names the people who can talk, beside what the program is."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_offer_person_in_crisis"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the crisis line where there was an emergency before, else nothing."""
        before = crisis_of(tracker)
        return [] if before is None else _send_crisis_line(dispatcher, before)


def _send_crisis_line(dispatcher: CollectingDispatcher, before: Crisis) -> list[EventType]:
    message, after = protocol().follow_up("ask_human", before)
    send(dispatcher, message or protocol().still_here(before))
    return [SlotSet(CRISIS, after.as_dict())] if after else []
