"""One question back where a message asks nothing yet: help is wanted, or something hurts.

Who does ask beside it, and is answered by the articles for certain, gets that answer.
"""

from __future__ import annotations

from abc import abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, certain_answer, latest_text, leans_on_answer, send
from actions.emergencies import crisis_of, still_here
from actions.knowledge import composer
from assistant.answers import wording
from assistant.message import Message


class _Prompt(GuardedAction):
    """Asks what is wanted; after an emergency the crisis line is what is wanted."""

    @abstractmethod
    def greeting(self) -> str:
        """What is said first."""

    def before_an_answer(self) -> Message | None:
        """What is said before an answer, if anything."""
        return None

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends where to begin, and people to talk with; or what the articles answer."""
        before = crisis_of(tracker)
        if before:
            message, events = still_here(tracker, before)
            send(dispatcher, message)
            return events
        known = composer()
        asks = "?" in latest_text(tracker) or leans_on_answer(tracker)
        answer = certain_answer(self.name(), tracker) if asks else None
        if answer is None:
            send(dispatcher, known.begin(self.greeting()))
            return []
        if first := self.before_an_answer():
            send(dispatcher, first)
        send(dispatcher, answer.message)
        return answer.events


class ActionOfferTopics(_Prompt):
    """Asks what kind of help is wanted."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_offer_topics"

    def greeting(self) -> str:
        """That it is good to ask, and what this is."""
        return wording.HELP_WANTED


class ActionAnswerFeeling(_Prompt):
    """Answers somebody who says how they feel: people who listen come first."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_answer_feeling"

    def greeting(self) -> str:
        """That a program cannot know how it feels, and who listens."""
        return wording.FEELING

    def before_an_answer(self) -> Message:
        """The same: a question does not take the feeling away."""
        return Message("notice", wording.FEELING, resources=wording.DANGER_LINKS)
