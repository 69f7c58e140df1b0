"""Clients that talk to a bot and take the time; the same for every bot.

aiohttp, because it costs a fraction of httpx's time for a request, and that time
is taken from the servers on a machine with few cores.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp

from commands.steps import StepFailedError

# Says something in one conversation; whether the bot answered it as it should.
Say = Callable[[str], Awaitable[bool]]

_POLL = 0.05
_START_LIMIT = 180.0
_MESSAGE_LIMIT = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class Bot:
    """A bot that is being served.

    Attributes:
        name: how it is called in messages.
        hello: something that it always answers.
        phrases: what people say to it, in order, over and over.
        open: begins a conversation.
        require_running: raises StepFailedError when its server has ended.
    """

    name: str
    hello: str
    phrases: Sequence[str]
    open: Callable[[aiohttp.ClientSession], Awaitable[Say]]
    require_running: Callable[[], None]


@dataclass(frozen=True)
class Talk:
    """One or more conversations.

    Attributes:
        seconds: of each message, in the order of its conversation.
        answered: how many of them were answered as they should be.
    """

    seconds: tuple[float, ...]
    answered: int


@dataclass(frozen=True)
class Rush:
    """Many conversations at once.

    Attributes:
        per_second: messages answered a second.
        client_share: CPU time of the clients by wall time; 1 is a whole core.
        talk: all of their messages.
    """

    per_second: float
    client_share: float
    talk: Talk


def await_first_answer(bot: Bot) -> None:
    """Returns when the bot answers its hello.

    Raises:
        StepFailedError: its server ended, or the time is up.
    """
    asyncio.run(_await_first_answer(bot))


def converse(bot: Bot, turns: int, number: int) -> Talk:
    """One client, one conversation.

    Args:
        bot: whom to talk to.
        turns: how many messages.
        number: of the conversation; each begins with other phrases.

    Raises:
        StepFailedError: a message failed.
    """
    return asyncio.run(_converse(bot, turns, number))


def rush(bot: Bot, clients: int, conversations: int, turns: int) -> Rush:
    """Many clients at once, each with some conversations one after the other.

    Raises:
        StepFailedError: a message failed.
    """
    cpu, started = time.process_time(), time.perf_counter()
    talks = asyncio.run(_rush(bot, clients, conversations, turns))
    seconds = time.perf_counter() - started
    everything = tuple(second for talk in talks for second in talk.seconds)
    return Rush(
        per_second=len(everything) / seconds,
        client_share=(time.process_time() - cpu) / seconds,
        talk=Talk(everything, sum(talk.answered for talk in talks)),
    )


async def _await_first_answer(bot: Bot) -> None:
    until = time.monotonic() + _START_LIMIT
    async with aiohttp.ClientSession(timeout=_MESSAGE_LIMIT) as http:
        while time.monotonic() < until:
            try:
                if await (await bot.open(http))(bot.hello):
                    return
            except aiohttp.ClientError:
                bot.require_running()
            await asyncio.sleep(_POLL)
    raise StepFailedError(f"{bot.name} did not answer in {_START_LIMIT:.0f} s.")


async def _rush(bot: Bot, clients: int, conversations: int, turns: int) -> list[Talk]:
    async def client(number: int) -> list[Talk]:
        first = number * conversations
        return [await _converse(bot, turns, first + at) for at in range(conversations)]

    talks = await asyncio.gather(*map(client, range(clients)))
    return [talk for of_client in talks for talk in of_client]


async def _converse(bot: Bot, turns: int, number: int) -> Talk:
    seconds, answered = [], 0
    try:
        async with aiohttp.ClientSession(timeout=_MESSAGE_LIMIT) as http:
            say = await bot.open(http)
            for turn in range(number * turns, (number + 1) * turns):
                phrase = bot.phrases[turn % len(bot.phrases)]
                started = time.perf_counter()
                answered += await say(phrase)
                seconds.append(time.perf_counter() - started)
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        bot.require_running()
        raise StepFailedError(f"{bot.name} failed a message: {error!r}.") from error
    return Talk(tuple(seconds), answered)
