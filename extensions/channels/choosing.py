"""Which of the choices that were offered a person takes: pressed, named, or numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extensions.channels.bodies import Said
from extensions.channels.conversing import refuse_retired
from extensions.channels.problems import ProblemError
from extensions.channels.rendering import OfferedChoice, Renderer, last_offered
from extensions.tracker_store import EncryptedTrackerStore

_NOT_OFFERED = "This choice is no longer offered. Please write your answer instead."
# Longer texts are no title of a choice.
_LONGEST_TITLE = 120


async def find_choice(
    store: EncryptedTrackerStore,
    renderer: Renderer,
    conversation_id: str,
    said: Said,
    *,
    numbered: bool = False,
) -> OfferedChoice | None:
    """The choice that was pressed, or that a text means; None for any other text.

    Args:
        store: of the conversations.
        renderer: of this conversation.
        conversation_id: the id.
        said: from the person.
        numbered: whether choices are shown with numbers to answer with.

    Raises:
        ProblemError: the one that was pressed: 400, it is not offered; 401, the conversation
            was erased.
    """
    if said.choice is None:
        return await _meant(store, conversation_id, said.text or "", numbered)
    await refuse_retired(store, conversation_id)
    tracker = await store.retrieve(conversation_id)
    events = [event.as_dict() for event in tracker.events] if tracker else []
    chosen = renderer.chosen(said.choice, events)
    if chosen is None:
        raise ProblemError(400, _NOT_OFFERED)
    return chosen


async def _meant(
    store: EncryptedTrackerStore, conversation_id: str, text: str, numbered: bool
) -> OfferedChoice | None:
    # The turn of a text cannot be kept when the conversation was erased: nobody has to ask.
    if len(text) > _LONGEST_TITLE:
        return None
    tracker = await store.retrieve(conversation_id)
    offered = last_offered(event.as_dict() for event in tracker.events) if tracker else []
    place = picked(text, [choice.title for choice in offered], numbered=numbered)
    return None if place is None else offered[place]


def picked(text: str, titles: Sequence[str], *, numbered: bool) -> int | None:
    """Which of the choices offered last a text means, by its title or its number.

    Args:
        text: as the person wrote it.
        titles: of the choices, in the order of their numbers.
        numbered: whether they are shown with numbers.

    Returns:
        Its place, from 0; None where the text is something else.
    """
    plain = _plain(text)
    if numbered and (number := re.fullmatch(r"#?(\d{1,2})", plain)):
        place = int(number[1]) - 1
        return place if 0 <= place < len(titles) else None
    named = [place for place, title in enumerate(titles) if _plain(title) == plain]
    return named[0] if len(named) == 1 else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .!,;:()\"'").split())
