"""Takes in what a platform has sent, answers it in order, and survives what is away.

What came in is noted before the platform is told so; an emergency is answered even when
nothing can be noted.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from typing import Any

from sanic import Sanic

from assistant.safety.disclosure import REMIND_EVERY, reminder
from extensions.channels.flooding import TOO_MANY
from extensions.channels.messaging.desk import Messages, MessagingDesk, OnNewMessage, notice
from extensions.channels.messaging.incoming import Incoming
from extensions.channels.messaging.notebook import Found, Notebook
from extensions.channels.messaging.records import Contact, Noted
from extensions.channels.messaging.rendered import Channel, Rendered
from extensions.channels.messaging.rows import MessageRows
from extensions.channels.messaging.sending import Sender
from extensions.channels.messaging.threads import in_thread
from extensions.channels.messaging.upkeep import every, kept, purge_quietly
from extensions.channels.rates import MovingWindow
from extensions.channels.turns import start_in_order

logger = logging.getLogger(__name__)

# After that long a database is slow, and after that much more it is taken for being away.
# Slack waits for three seconds in all.
_NOTE_SECONDS = 0.5
_SLOW_SECONDS = 1.5
_TAKE_UP_SECONDS = 30.0
_PURGE_SECONDS = 3600.0
# A session of Rasa's ends after that long; who writes then is told anew who answers.
_SESSION_SECONDS = 3600.0
# More than that is answered to emergencies alone, and the platform has to send it again.
_MOST_AT_ONCE = 2000
_MOST_UNNOTED = 10_000
# Who has that many messages waiting is answered with pauses, in which others are.
_MANY_OF_ONE = 5
_PAUSE_SECONDS = 0.5


class Reception:
    """Of one channel.

    Attributes:
        hear: hands a message to Rasa; set before anything is taken in.
        rows: what is kept.
        sender: sends replies.
    """

    hear: OnNewMessage

    def __init__(self, channel: Channel, desk: MessagingDesk, rows: MessageRows) -> None:
        """Takes the channel, who answers, and where things are kept."""
        self._channel = channel
        self._desk = desk
        self.rows = rows
        seconds = kept(channel.settings).total_seconds()
        self.sender = Sender(rows, channel.send, channel.pause, seconds)
        self._notebook = Notebook(rows)
        self._told_to_wait = MovingWindow(1, 60)
        self._in_hand: dict[int, str] = {}
        # Emergencies, and what was answered while the database was away: the platform may
        # send them again.
        self._unnoted: OrderedDict[str, None] = OrderedDict()
        # What is being looked at for an emergency now, by event.
        self._looks: dict[str, asyncio.Task[bool]] = {}
        self._app: Sanic | None = None
        self._running: list[asyncio.Task[None]] = []

    async def open(self, app: Sanic) -> None:
        """Begins to send, and answers what was noted before the server ended."""
        self._app = app
        running = (
            self.sender.run(),
            every(_TAKE_UP_SECONDS, self.take_up, self._catch_up),
            every(_PURGE_SECONDS, self._purge),
        )
        self._running = [asyncio.create_task(each) for each in running]

    async def close(self) -> None:
        """Ends what runs in the background; what is not done goes on after the next start."""
        for task in self._running:
            task.cancel()
        self.rows.close()

    async def take(self, messages: Sequence[Incoming]) -> bool:
        """Takes in what a platform has sent; it is answered afterwards.

        Returns:
            Whether all of it is safe: noted, or answered. If not, it has to come again.
        """
        new = [each for each in messages if each.event_id not in self._unnoted]
        if not new:
            return True
        if len(self._in_hand) > _MOST_AT_ONCE:
            return await self._take_unnoted(new)
        noting = self._notebook.note(new)
        noted = await _done(noting, _NOTE_SECONDS)
        if noted is None:
            # An emergency waits for no database.
            if await self._take_unnoted(new):
                return True
            noted = await _done(noting, _SLOW_SECONDS)
        for each in noted or ():
            self._put(each)
        return noted is not None

    @property
    def agent(self) -> Any:
        """Rasa's, if there is one."""
        return getattr(self._app.ctx, "agent", None) if self._app else None

    async def _take_unnoted(self, messages: Sequence[Incoming]) -> bool:
        """Answers emergencies all the same; whether that was all."""
        answered = await asyncio.gather(*map(self._answer_unnoted, messages))
        return all(answered)

    async def _answer_unnoted(self, message: Incoming) -> bool:
        """Answers an emergency past the outbox, once however often it comes meanwhile."""
        if message.event_id in self._unnoted:
            return True
        look = self._looks.get(message.event_id)
        return await asyncio.shield(look or self._look(message, self._send_unnoted(message)))

    def _look(self, message: Incoming, work: Coroutine[Any, Any, bool]) -> asyncio.Task[bool]:
        look = asyncio.create_task(work)
        self._looks[message.event_id] = look
        look.add_done_callback(lambda _: self._looked(message.event_id, look))
        return look

    def _looked(self, event_id: str, look: asyncio.Task[bool]) -> None:
        if self._looks.get(event_id) is look:
            del self._looks[event_id]

    async def _send_unnoted(self, message: Incoming) -> bool:
        conversation = self.rows.conversation(message.person)
        flooding = self._desk.is_too_many(conversation)
        replies = await self._desk.urgent(self.agent, conversation, message, flooding)
        if not replies:
            return False
        rendered = self._channel.render(replies, message).now
        sent = await self.sender.send_unnoted(message.address, rendered)
        if sent:
            self._remember(message)
        return sent

    def _put(self, noted: Noted) -> None:
        """Begins to answer: an emergency at once, all else in the order of one conversation."""
        if noted.id in self._busy() or noted.incoming.event_id in self._unnoted:
            return
        hurried = self._is_busy_with(noted.conversation)
        self._in_hand[noted.id] = noted.conversation
        too_many = self._desk.is_too_many(noted.conversation)
        before = self._looks.get(noted.incoming.event_id)
        urgent = self._look(noted.incoming, self._urgent(noted, too_many, before))
        name = f"messages of {noted.conversation}"
        task = start_in_order(name, self._in_turn(noted, urgent, too_many, hurried))
        task.add_done_callback(lambda _: self._in_hand.pop(noted.id))

    async def _urgent(
        self, noted: Noted, too_many: bool, before: asyncio.Task[bool] | None
    ) -> bool:
        """Answers an emergency, unless that has just been done; whether it was one."""
        if before is not None and await asyncio.shield(before):
            self._notebook.close(noted.id)
            return True
        replies = await self._desk.urgent(self.agent, noted.conversation, noted.incoming, too_many)
        if replies:
            await self._reply(noted, self._channel.render(replies, noted.incoming), urgent=True)
            self._remember(noted.incoming)
        return bool(replies)

    def _is_busy_with(self, conversation: str) -> bool:
        """Whether what was said last has not been answered, or not been sent."""
        return conversation in self._in_hand.values() or self.sender.is_waiting(conversation)

    async def _in_turn(
        self, noted: Noted, urgent: asyncio.Task[bool], too_many: bool, hurried: bool
    ) -> None:
        if await urgent:
            return
        commanded = await self._channel.command(noted)
        if commanded is not None:
            rendered = self._channel.render(commanded.messages, noted.incoming)
            await self._reply(noted, rendered, **commanded.known)
            await self._catch_up()
        # Once a minute: whoever sends a lot has to pay for a lot of text messages, too.
        elif too_many and self._told_to_wait.wait(noted.conversation) > 0:
            self._notebook.close(noted.id)
        else:
            await self._converse(noted, too_many, hurried)

    async def _converse(self, noted: Noted, too_many: bool, hurried: bool) -> None:
        if list(self._in_hand.values()).count(noted.conversation) > _MANY_OF_ONE:
            await asyncio.sleep(_PAUSE_SECONDS)
        message, contact = noted.incoming, await self._contact(noted.conversation)
        if contact.stopped_at is not None:
            self._notebook.close(noted.id)
        elif too_many:
            await self._reply(noted, self._channel.render([notice(TOO_MANY)], message))
        elif contact.later and _asks_for(contact.later[0], message):
            await self._reply(noted, Rendered([contact.later[0]], contact.later[1:]))
        else:
            replies = await self._desk.turn(
                self.agent, self.hear, noted.conversation, message, hurried
            )
            said, known = self._disclosed(replies, message, contact)
            await self._reply(noted, self._channel.render(said, message), **known)

    def _disclosed(
        self, replies: Messages, to: Incoming, contact: Contact
    ) -> tuple[Messages, dict[str, Any]]:
        """The replies, with what is said of the program itself where that is due."""
        now = time.time()
        since_told = now - (contact.told_at or 0.0)
        if since_told < REMIND_EVERY.total_seconds():
            return replies, {}
        if now - (contact.seen_at or 0.0) > _SESSION_SECONDS or contact.told_at is None:
            return [self._channel.opening(to), *replies], {"told_at": now}
        return [*replies, reminder(self._channel.provider).as_dict()], {"told_at": now}

    async def _contact(self, conversation: str) -> Contact:
        try:
            return await in_thread(self.rows.contact, conversation)
        except Exception as error:
            logger.error("A contact could not be read: %s.", type(error).__name__)
            return Contact()

    async def _reply(
        self, noted: Noted, rendered: Rendered, urgent: bool = False, **known: Any
    ) -> None:
        """Puts a reply into the outbox; past it, where that is away."""
        known = {"later": list(rendered.later), **known}
        try:
            writing = in_thread(self._write, noted, rendered.now, urgent, known)
            # An emergency does not wait for a slow database.
            posts = await asyncio.wait_for(writing, _NOTE_SECONDS if urgent else None)
        except Exception as error:
            logger.error("A reply could not be kept: %s.", type(error).__name__)
            await self.sender.send_unnoted(noted.incoming.address, rendered.now)
            self._remember(noted.incoming)
            return
        if urgent:
            await self.sender.send_now(posts)
        else:
            self.sender.add(posts)

    def _write(
        self, noted: Noted, messages: list[dict[str, Any]], urgent: bool, known: dict[str, Any]
    ) -> Any:
        return self.rows.answer(noted, messages, urgent, **known)

    async def _catch_up(self) -> None:
        try:
            await self._channel.catch_up()
        except Exception as error:
            logger.error("A channel could not catch up: %s.", type(error).__name__)

    async def _purge(self) -> None:
        await purge_quietly(self.rows, self._channel.settings)

    def _busy(self) -> set[int]:
        """Ids of messages that somebody is at."""
        return self._in_hand.keys() | self._notebook.ended

    def _remember(self, message: Incoming) -> None:
        self._unnoted[message.event_id] = None
        if len(self._unnoted) > _MOST_UNNOTED:
            self._unnoted.popitem(last=False)

    async def take_up(self) -> None:
        """Answers what was noted and is in nobody's hand: the server ended, or a turn failed."""
        try:
            for noted in await in_thread(self.rows.unanswered, self._busy()):
                if noted.incoming.event_id in self._unnoted:
                    self._notebook.close(noted.id)
                else:
                    self._put(noted)
        except Exception as error:
            logger.error("What came in before cannot be read: %s.", type(error).__name__)


async def _done(noting: asyncio.Future[Found], seconds: float) -> Found:
    """What a note has become by then; it goes on when the time is over."""
    await asyncio.wait({noting}, timeout=seconds)
    return noting.result() if noting.done() else None


def _asks_for(piece: dict[str, Any], message: Incoming) -> bool:
    return (message.text or "").strip(" .!").casefold() in piece.get("words", ())
