"""Builds on the last answer: more of it, its sources, or something else."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import AssistantAction, latest_text
from assistant.answers.compose import Composer, Reply
from assistant.answers.memory import Memory


class ActionTellMore(AssistantAction):
    """Goes on where the last answer stopped."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_tell_more"

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """The next sentences on the subject."""
        return composer.more(memory)


class ActionShowSources(AssistantAction):
    """Shows where the last answer comes from."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_show_sources"

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """The sources of the last answer, in full."""
        return composer.sources(memory)


class ActionOfferAlternatives(AssistantAction):
    """Offers other sections when the answer was not what the person asked."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_offer_alternatives"

    def reply(self, composer: Composer, tracker: Tracker, memory: Memory) -> Reply:
        """What the person says was meant, or the next nearest sections as choices."""
        return composer.alternatives(memory, latest_text(tracker))
