"""Counts whether answers helped, by section and day."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.gaps.tables import GapTables


@dataclass(frozen=True)
class Vote:
    """Whether an answer helped; conversation and answer as keyed hashes."""

    conversation: str
    answer: str
    helpful: bool


@dataclass(frozen=True)
class SectionVotes:
    """How many people found the answers from a section helpful, and how many not."""

    section: str
    helpful: int
    unhelpful: int


def cast_vote(
    connection: Connection, tables: GapTables, vote: Vote, sections: Sequence[str]
) -> None:
    """Counts a vote for sections, instead of an earlier one on the same answer."""
    votes = tables.votes
    same = (votes.c.conversation == vote.conversation) & (votes.c.answer == vote.answer)
    before = connection.execute(sa.select(votes).where(same)).first()
    if before is not None:
        _tally(connection, tables, sections, before.day, before.helpful, -1)
        connection.execute(votes.delete().where(same))
    today = date.today().isoformat()
    _tally(connection, tables, sections, today, vote.helpful, 1)
    row = {"conversation": vote.conversation, "answer": vote.answer, "helpful": vote.helpful}
    connection.execute(votes.insert(), {**row, "day": today, "voted_at": time.time()})


def read_votes(connection: Connection, tables: GapTables) -> list[SectionVotes]:
    """The votes on each section, most unhelpful ones first."""
    feedback = tables.feedback.c
    helpful, unhelpful = sa.func.sum(feedback.helpful), sa.func.sum(feedback.unhelpful)
    query = sa.select(feedback.section, helpful, unhelpful).group_by(feedback.section)
    found = [SectionVotes(name, int(up), int(down)) for name, up, down in connection.execute(query)]
    cast = [votes for votes in found if votes.helpful or votes.unhelpful]
    return sorted(cast, key=lambda votes: (-votes.unhelpful, votes.helpful, votes.section))


def add_to_row(
    connection: Connection, table: sa.Table, key: Mapping[str, Any], added: Mapping[str, int]
) -> None:
    """Adds to the numbers of a row, which is made when it is not there."""
    where = sa.and_(*(table.c[name] == value for name, value in key.items()))
    sums = {name: table.c[name] + number for name, number in added.items()}
    if not connection.execute(table.update().where(where).values(**sums)).rowcount:
        connection.execute(table.insert(), {**key, **added})


def _tally(
    connection: Connection,
    tables: GapTables,
    sections: Sequence[str],
    day: str,
    helpful: bool,
    by: int,
) -> None:
    added = {"helpful": by if helpful else 0, "unhelpful": 0 if helpful else by}
    for section in dict.fromkeys(sections):
        add_to_row(connection, tables.feedback, {"section": section, "day": day}, added)
