"""Whether an answer helped: counted for its sections, without who said so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.gaps.store import opened
from assistant.settings import Settings
from extensions.channels.problems import ProblemError
from extensions.tracker_store import EncryptedTrackerStore

_WHAT = 'Send a JSON object with "answer_id" and, as true or false, "helpful".'
_UNKNOWN = "There is no such answer in this chat."


@dataclass(frozen=True)
class Vote:
    """What a person thinks of an answer."""

    answer_id: str
    helpful: bool


def read_vote(content: Any) -> Vote:
    """Checks the parsed body of a vote.

    Raises:
        ProblemError: 400, with a sentence for the person.
    """
    if not isinstance(content, dict) or set(content) != {"answer_id", "helpful"}:
        raise ProblemError(400, _WHAT)
    answer_id, helpful = content["answer_id"], content["helpful"]
    if not isinstance(answer_id, str) or not isinstance(helpful, bool):
        raise ProblemError(400, _WHAT)
    return Vote(answer_id, helpful)


async def count_vote(
    conversations: EncryptedTrackerStore, settings: Settings, conversation_id: str, vote: Vote
) -> None:
    """Counts a vote; a later one on the same answer takes the place of an earlier one.

    Args:
        conversations: has the answers, and so the sections that they quoted.
        settings: say where votes are counted, and whether.
        conversation_id: who votes.
        vote: what was said of which answer.

    Raises:
        ProblemError: 404, the conversation has no such answer.
        sqlalchemy.exc.SQLAlchemyError: it could not be counted.
    """
    events = await conversations.read_events(conversation_id)
    sections = quoted_sections(events, vote.answer_id)
    if not sections:
        raise ProblemError(404, _UNKNOWN)
    if settings.gaps:
        await asyncio.to_thread(_count, settings, conversation_id, vote, sections)


def quoted_sections(events: Iterable[Mapping[str, Any]], answer_id: str) -> list[str]:
    """Keys of the sections that an answer of a conversation quoted; none where it has none."""
    for event in events:
        message = (event.get("metadata") or {}).get("message") or {}
        if event["event"] == "bot" and message.get("answer_id") == answer_id:
            return list(dict.fromkeys(_sections(message)))
    return []


def _sections(message: Mapping[str, Any]) -> Iterable[str]:
    for block in message.get("blocks", ()):
        for sentence in block["sentences"]:
            yield f"{sentence['source']['article']}#{sentence['source']['section']}"


def _count(settings: Settings, conversation_id: str, vote: Vote, sections: list[str]) -> None:
    with opened(settings) as store:
        store.vote(conversation_id, vote.answer_id, sections, vote.helpful)
