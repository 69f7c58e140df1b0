"""One question back where a message asks nothing yet: help is wanted, or something hurts."""

from __future__ import annotations

from abc import abstractmethod

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, send
from actions.crisis import crisis_of, protocol
from actions.knowledge import composer
from assistant.answers import wording


class _Prompt(GuardedAction):
    """Asks what is wanted; after an emergency the crisis line is what is wanted."""

    @abstractmethod
    def greeting(self) -> str:
        """What is said first."""

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends where to begin, and people to talk with."""
        before = crisis_of(tracker)
        send(
            dispatcher,
            protocol().still_here(before) if before else composer().begin(self.greeting()),
        )
        return []


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
