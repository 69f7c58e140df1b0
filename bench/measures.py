"""The measurements; in each, the bots take turns, so that noise meets both."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from bench import load
from bench.contender import Contender
from bench.figures import Figure, Series, Target, around, percentile
from bench.load import Bot, Talk
from bench.machine import resident_megabytes
from commands.steps import step

T = TypeVar("T")

TURNS = 20
MARKS = (1, 20, 50, 100, 200)
CLIENTS = 16
# Two turns more than the last mark, for its window.
_LONG = MARKS[-1] + 2
_MEMORY_CONVERSATIONS = 10


@dataclass(frozen=True)
class Size:
    """How often each thing is measured.

    Attributes:
        starts: starts of the servers, and readings of the memory.
        conversations: of one client.
        rushes: rounds of many clients.
        each: conversations of each of many clients in a round.
        long: conversations of 200 turns.
    """

    starts: int
    conversations: int
    rushes: int
    each: int
    long: int


FULL = Size(starts=3, conversations=10, rushes=3, each=1, long=3)
QUICK = Size(starts=1, conversations=3, rushes=1, each=1, long=1)


@dataclass
class Measured:
    """What has been measured so far.

    Attributes:
        figures: lines of the table.
        notes: sentences that the table needs beside it.
    """

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Start:
    """One start: seconds to the first answer; memory of both processes, in MB."""

    seconds: float
    rasa: float
    actions: float


def measure_training(ours: Contender, rival: Contender) -> Measured:
    """Trains each once from nothing."""
    with step("Training the bot of rasa init"):
        seconds = rival.train()
    figure = Figure("Training, empty cache", "s", Series((ours.train(),)), Series((seconds,)))
    return Measured([figure])


def measure_starts(ours: Contender, rival: Contender, size: Size) -> Measured:
    """Start-up, and memory after 200 messages; each must have been started before."""
    with step(f"Start-up and memory, {size.starts} starts of each in turn"):
        starts = [
            (_start(ours, _MEMORY_CONVERSATIONS), _start(rival, _MEMORY_CONVERSATIONS))
            for _ in range(size.starts)
        ]
    seconds = _series(starts, lambda start: start.seconds)
    rasa = _series(starts, lambda start: start.rasa)
    actions, _ = _series(starts, lambda start: start.actions)
    everything = _series(starts, lambda start: start.rasa + start.actions)
    return Measured(
        [
            Figure("Start-up to the first answer", "s", *seconds, Target(0.4)),
            Figure("Memory of the Rasa process", "MB", *rasa, Target(0.6)),
            Figure("Memory of the action server", "MB", actions),
            Figure("Memory of all processes", "MB", *everything),
        ]
    )


def _start(contender: Contender, conversations: int) -> _Start:
    started = time.perf_counter()
    with contender.serving() as served:
        load.await_first_answer(served.bot)
        seconds = time.perf_counter() - started
        for number in range(conversations):
            load.converse(served.bot, TURNS, number)
        actions = resident_megabytes(served.actions) if served.actions else 0.0
        return _Start(seconds, resident_megabytes(served.rasa), actions)


def measure_messages(ours: Contender, rival: Contender, size: Size) -> Measured:
    """Times of messages and throughput, both bots up at once and asked in turn."""
    # The first start of either; it is not timed.
    with ours.serving() as our_servers, rival.serving() as rival_servers:
        bots = our_servers.bot, rival_servers.bot
        with step("Starting both, uncounted"):
            for bot in bots:
                load.await_first_answer(bot)
                load.converse(bot, TURNS, 0)
        parts = [
            _one_client(*bots, size.conversations),
            _many_clients(*bots, size.rushes, size.each),
            _long_conversations(*bots, size.long),
        ]
    return Measured(
        [figure for part in parts for figure in part.figures],
        [note for part in parts for note in part.notes],
    )


def _one_client(ours: Bot, rival: Bot, conversations: int) -> Measured:
    with step(f"One client, {conversations} conversations with each in turn"):
        talks = [
            (load.converse(ours, TURNS, number), load.converse(rival, TURNS, number))
            for number in range(conversations)
        ]
    p50 = _series(talks, lambda talk: 1000 * percentile(talk.seconds, 0.5))
    p95 = _series(talks, lambda talk: 1000 * percentile(talk.seconds, 0.95))
    shares = [
        sum(talk.answered for talk in of_bot) / sum(len(talk.seconds) for talk in of_bot)
        for of_bot in zip(*talks, strict=True)
    ]
    return Measured(
        [
            Figure("Message, 1 client, p50", "ms", *p50, Target(0.5)),
            Figure("Message, 1 client, p95", "ms", *p95),
        ],
        [
            f"Of these messages ours answered {100 * shares[0]:.0f} % with quoted sentences, "
            f"and `rasa init` {100 * shares[1]:.0f} % with anything."
        ],
    )


def _many_clients(ours: Bot, rival: Bot, rounds: int, each: int) -> Measured:
    with step(f"{CLIENTS} clients, {rounds} rounds with each in turn"):
        rushes = [
            (load.rush(ours, CLIENTS, each, TURNS), load.rush(rival, CLIENTS, each, TURNS))
            for _ in range(rounds)
        ]
    speed = _series(rushes, lambda rush: rush.per_second)
    p95 = _series(rushes, lambda rush: 1000 * percentile(rush.talk.seconds, 0.95))
    shares = _series(rushes, lambda rush: 100 * rush.client_share)
    return Measured(
        [
            Figure(f"Throughput, {CLIENTS} clients", "messages/s", *speed, Target(3, "at least")),
            Figure(f"Message, {CLIENTS} clients, p95", "ms", *p95),
        ],
        [
            f"The {CLIENTS} clients took {shares[0].median:.0f} % of one core while they asked "
            f"ours, and {shares[1].median:.0f} % while they asked `rasa init`."
        ],
    )


def _long_conversations(ours: Bot, rival: Bot, conversations: int) -> Measured:
    with step(f"Long conversations, {conversations} with each in turn"):
        talks = [
            (load.converse(ours, _LONG, number), load.converse(rival, _LONG, number))
            for number in range(conversations)
        ]
    figures = [
        Figure(f"Message at turn {turn}", "ms", *_series(talks, partial(_milliseconds, turn)))
        for turn in MARKS
    ]
    late, early = MARKS[-1], TURNS
    growth = _series(talks, lambda talk: _milliseconds(late, talk) / _milliseconds(early, talk))
    return Measured(
        [*figures, Figure(f"Turn {late} / turn {early}", "", *growth, Target(1.5, of="ours"))]
    )


def _milliseconds(turn: int, talk: Talk) -> float:
    return 1000 * around(talk.seconds, turn)


def _series(pairs: Sequence[tuple[T, T]], value: Callable[[T], float]) -> tuple[Series, Series]:
    """The value of each repetition, for ours and for the rival."""
    ours, rival = (Series(tuple(map(value, of_bot))) for of_bot in zip(*pairs, strict=True))
    return ours, rival
