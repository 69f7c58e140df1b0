"""What is said next in an emergency: the whole message first, then shorter ones.

What may be none gets a short message that says so: its numbers help whoever is in
danger, and whoever is not has little to scroll past.

What is remembered of a conversation is the kind of emergency and what was told,
never a word of the person's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from assistant.message import Message
from assistant.safety.emergency import SITUATIONS, Concerned, Emergency, Language, Situation
from assistant.safety.help_called import help_called
from assistant.safety.resources import CrisisTexts, FollowUp, Line

FOLLOW_UPS: tuple[FollowUp, ...] = get_args(FollowUp)


@dataclass(frozen=True)
class Crisis:
    """The latest emergency of a conversation.

    Attributes:
        situation: what kind.
        concerned: who is in danger.
        language: that was answered in.
        times: how often it was answered in a row.
        told: follow-up questions that were answered since.
        said: whether it was said directly once; what was only likely may have been none.
        over: whether help was said to be there since.
    """

    situation: Situation
    concerned: Concerned
    language: Language
    times: int = 1
    told: tuple[str, ...] = ()
    said: bool = True
    over: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As a slot or metadata keeps it."""
        return {**asdict(self), "told": list(self.told)}

    @classmethod
    def from_dict(cls, kept: Any) -> Crisis | None:
        """What `as_dict` made; None for anything else, such as an older version's."""
        try:
            crisis = cls(**{**kept, "told": tuple(kept["told"])})
        except (TypeError, KeyError):
            return None
        known = (
            crisis.situation in SITUATIONS
            and crisis.concerned in get_args(Concerned)
            and crisis.language in get_args(Language)
            and isinstance(crisis.times, int)
        )
        return crisis if known else None


class Protocol:
    """Chooses the fixed text."""

    def __init__(self, texts: CrisisTexts) -> None:
        """Takes the texts to choose from."""
        self._texts = texts

    def reply(
        self, emergency: Emergency, before: Crisis | None, text: str = ""
    ) -> tuple[Message, Crisis]:
        """What to say to an emergency.

        Args:
            emergency: what was noticed.
            before: the conversation's latest emergency; None when this is the first.
            text: as the person wrote it, which may say that help is coming or there.

        Returns:
            The message, and what is to be remembered.
        """
        direct = emergency.certainty == "direct"
        said = direct or (before is not None and before.said and not before.over)
        now = Crisis(emergency.situation, emergency.concerned, emergency.language, said=said)
        if before is not None and before.said and (_is_same(now, before) or not direct):
            # "I gave the nose spray, they're coming" tells no second emergency.
            helped = self.of_help(text, before)
            if helped is not None:
                return helped
        if before is not None and not before.over and _is_same(now, before):
            return self._again(before), replace(before, times=before.times + 1)
        if said:
            return self._texts.emergency(now.situation, now.concerned, now.language), now
        return self._texts.likely(now.situation, now.language), now

    def follow_up(
        self, name: FollowUp, before: Crisis | None
    ) -> tuple[Message | None, Crisis | None]:
        """What to say to a question such as "what happens if I call?".

        Args:
            name: what is asked.
            before: the conversation's latest emergency; None when there was none.

        Returns:
            The message, None where nothing is fixed for it; and what is to be remembered.
        """
        if before is None:
            return self._texts.follow_up(name, "general", "en"), None
        if name in before.told:
            # The same block twice helps nobody.
            message = self._again(before)
            return message, replace(before, times=before.times + 1)
        line: Line = self._texts.situations[before.situation].line
        message_or_none = self._texts.follow_up(name, line, before.language)
        return message_or_none, replace(before, told=(*before.told, name))

    def of_help(self, text: str, before: Crisis) -> tuple[Message, Crisis] | None:
        """What to say to whom help comes, or is there, and what is to be remembered.

        Args:
            text: as the person wrote it; where it says nothing of help, there is nothing to say.
            before: the conversation's latest emergency.
        """
        helped = help_called(text, before.situation)
        if helped is None:
            return None
        name: FollowUp = "help_is_there" if helped == "there" else "help_is_coming"
        line: Line = self._texts.situations[before.situation].line
        message = self._texts.follow_up(name, line, before.language)
        if message is None:
            return None
        return message, replace(before, over=before.over or helped == "there")

    def still_here(self, crisis: Crisis) -> Message:
        """What to say in a crisis when anything else fails."""
        return self._again(crisis)

    def _again(self, crisis: Crisis) -> Message:
        return self._texts.again(crisis.situation, crisis.concerned, crisis.language, crisis.times)

    def unknown(self) -> Message:
        """What to say to an emergency whose kind is not known."""
        return self._texts.unknown()


def _is_same(now: Crisis, before: Crisis) -> bool:
    """Whether the whole message for it was sent; the short one for a likely one names nobody."""
    concerned = before.concerned if before.said else now.concerned
    return replace(before, times=1, told=(), concerned=concerned) == now
