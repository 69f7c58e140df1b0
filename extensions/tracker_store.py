"""Conversations, encrypted at rest, at the same cost for each turn.

A row holds the events of one turn and the state after them. A turn reads the
last few rows and appends one, however long the conversation is; what the turns
before those have left behind (slots, an active form) comes from the state that
the row before them holds.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy.exc import SQLAlchemyError

from assistant.database import open_engine
from assistant.forms.kept import FORM, THE_CONVERSATION, THE_FORM
from assistant.settings import Settings, load_settings
from extensions.conversation_history import history_of, state_of, wish_to_forget
from extensions.conversation_rows import Change, ConversationNotErasedError, ConversationRows
from extensions.conversation_tables import define_tables
from extensions.forgetting import Turn, as_kept, only_the_last, without_answers
from extensions.patches import apply_patches

apply_patches()

T = TypeVar("T")

# Enough for the rules, which look at the latest turn, and for a late press on an
# earlier choice. What a turn costs grows with it.
WINDOW_TURNS = 3
# Where a tracker remembers how many of its events the store knows already.
# Counting the stored ones, as Rasa does, loses events when a session begins.
_STORED = "_stored_event_count"
# What is left of a conversation by what the slot `FORGET` says.
_CHANGES: dict[str, Change] = {THE_FORM: without_answers, THE_CONVERSATION: only_the_last}


class EncryptedTrackerStore(TrackerStore):
    """Keeps conversations in SQLite or PostgreSQL.

    It is no `SQLTrackerStore`: that one waits for ever for its database, ends the
    process on some errors, and reads the whole session at each turn.

    Attributes:
        fails_loudly: keeps Rasa from wrapping it in its `FailSafeTrackerStore`,
            which would lose turns without a word (see `patches`).
    """

    fails_loudly = True

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        settings: Settings | None = None,
        **_: Any,
    ) -> None:
        """Opens the database and makes its tables.

        Args:
            domain: of the model; Rasa sets it later.
            event_broker: gets all new events too, where one is configured.
            settings: where the database is and its keys; the process's own if None.

        Raises:
            SettingsError: a key is missing or malformed.
            sqlalchemy.exc.SQLAlchemyError: the database cannot be reached.
        """
        settings = settings or load_settings()
        if not settings.database_url:
            settings.state_dir.mkdir(parents=True, exist_ok=True)
        self._hash_key = settings.signing_secret().encode()
        self._rows = ConversationRows(
            open_engine(settings.conversations_url), define_tables(settings.cipher())
        )
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as of its last turns; None when it is unknown.

        Raises:
            RasaException: the id is malformed, or the data cannot be decrypted.
            sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
        """
        turns, before = await self._run(self._rows.last_turns, self._name(sender_id), WINDOW_TURNS)
        if not turns:
            return None
        events = [event for turn in turns for event in turn]
        return self._tracker(sender_id, history_of(events, before))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The conversation with all its events; None when it is unknown.

        Raises:
            As `retrieve`.
        """
        events = await self.read_events(conversation_id)
        return self._tracker(conversation_id, deserialise_events(events)) if events else None

    async def read_events(self, sender_id: str) -> list[dict[str, Any]]:
        """All events of a conversation as dictionaries, in order.

        Raises:
            As `retrieve`.
        """
        return await self._run(self._rows.all_events, self._name(sender_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the events that are not stored yet; may be called again at any time.

        What the slot `FORGET` says is forgotten in the same transaction.

        Raises:
            ConversationNotErasedError: the conversation was to be deleted, and was not.
            ConversationRetiredError: the conversation was erased meanwhile.
            RasaException: the id is malformed.
            sqlalchemy.exc.SQLAlchemyError: nothing was stored.
        """
        name = self._name(tracker.sender_id)
        events = list(tracker.events)
        stored = getattr(tracker, _STORED, None)
        if stored is None:
            # Not one that this store has loaded: it holds the whole conversation.
            stored = await self._run(self._rows.count_events, name)
        new = events[stored:]
        if new:
            turn = Turn([as_kept(event.as_dict()) for event in new], state_of(tracker))
            await self._keep(name, turn, wish_to_forget(new))
            if self.event_broker:
                await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        setattr(tracker, _STORED, len(events))

    async def _keep(self, name: str, turn: Turn, forget: str | None) -> None:
        change = _CHANGES.get(forget or "")
        if change is None:
            asking = turn.state["active_loop"] == FORM
            await self._run(self._rows.append, name, turn, asking)
            return
        try:
            await self._run(self._rows.rewrite, name, change, turn)
        except SQLAlchemyError:
            if forget != THE_CONVERSATION:
                raise
            raise ConversationNotErasedError("The conversation was not deleted.") from None

    async def forget_abandoned(self, older_than: timedelta) -> int:
        """Forgets what was told to forms that nobody has gone on with.

        Args:
            older_than: time since the last turn.

        Returns:
            Number of conversations.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: not all of them were reached.
        """
        before = time.time() - older_than.total_seconds()
        abandoned = await self._run(self._rows.abandoned, before)
        for name in abandoned:
            await self._run(self._rows.rewrite, name, without_answers)
        return len(abandoned)

    async def keys(self) -> Iterable[str]:
        """Refused: ids are kept as keyed hashes, so nobody can list them."""
        raise RasaException("The ids of conversations are not kept and cannot be listed.")

    async def erase(self, sender_id: str) -> None:
        """Deletes all that is kept of a conversation; it may begin anew.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
        """
        await self._run(self._rows.erase, self._name(sender_id))

    async def retire(self, sender_id: str) -> None:
        """Deletes all that is kept of a conversation and refuses its id from now on.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
        """
        await self._run(self._rows.retire, self._name(sender_id))

    async def is_retired(self, sender_id: str) -> bool:
        """Whether a conversation was erased for good.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
        """
        return await self._run(self._rows.is_retired, self._name(sender_id))

    async def purge(self, older_than: timedelta, retired_older_than: timedelta) -> int:
        """Deletes conversations whose last turn is long ago.

        Args:
            older_than: age of the last turn.
            retired_older_than: age of the mark of a retired conversation; no
                shorter than a token lives.

        Returns:
            Number of turns deleted.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: nothing was deleted.
        """
        now = time.time()
        return await self._run(
            self._rows.purge,
            now - older_than.total_seconds(),
            now - retired_older_than.total_seconds(),
        )

    async def check_writable(self) -> None:
        """Writes one row, to see whether the next turn can be kept.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it cannot.
        """
        await self._run(self._rows.check_writable)

    async def close(self) -> None:
        """Closes all connections to the database."""
        await self._run(self._rows.close)

    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        # In a thread: a database that is slow or gone must not stop the event
        # loop, and with it the turns of all others.
        return await asyncio.to_thread(work, *arguments)

    def _name(self, sender_id: str) -> str:
        if not isinstance(sender_id, str) or not 0 < len(sender_id) <= 255:
            raise RasaException("A conversation id must be a text of 1 to 255 characters.")
        if not sender_id.isprintable():
            raise RasaException("A conversation id must not hold control characters.")
        # Ids of some channels are phone numbers; a plain hash of one is guessed at once.
        return hmac.new(self._hash_key, sender_id.encode(), hashlib.sha256).hexdigest()

    def _tracker(self, sender_id: str, events: list[Event]) -> DialogueStateTracker:
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker
