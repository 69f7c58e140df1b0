"""A person's rights in the chat: to see, to take back, to delete.

Whose data they are is proved by the conversation itself: its id is signed by the server.
"""

from __future__ import annotations

import asyncio

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.base import GuardedAction, latest_text, log_without_content, send
from actions.desk import desk
from actions.forms import AskForSlot, FormPart, ValidateForm, said_of
from actions.signup import channel_of, known
from assistant.errors import LedgerError, StoreUnavailableError
from assistant.forms import rights_wording as texts
from assistant.forms.deletion import SLOT, DeletionForm
from assistant.forms.kept import FORGET, FORM, NEVER, ONCE_KEPT, PERSONAL, THE_CONVERSATION
from assistant.forms.readers import YES
from assistant.gaps.store import forget
from assistant.message import Choice, Message
from assistant.settings import load_settings

_STORE_FAILS = (StoreUnavailableError, LedgerError)
_FORM = DeletionForm()
_PROGRESS = "deletion_progress"


class ActionWithdrawConsent(GuardedAction):
    """Takes consent back at once, as easily as it was given."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_withdraw_consent"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Records the withdrawal; says what was done, or that there is nothing."""
        purposes = texts.purposes_named(latest_text(tracker))
        try:
            withdrawn = await asyncio.to_thread(
                lambda: desk().withdraw(tracker.sender_id, purposes, channel_of(tracker))
            )
            signed_up = None if withdrawn else await known(tracker)
        except _STORE_FAILS as error:
            log_without_content(self.name(), error)
            send(dispatcher, Message("notice", texts.FAILED))
            return []
        if withdrawn:
            text = texts.withdrawn(purposes)
        elif signed_up is None:
            text = texts.NOTHING_FROM_HERE
        else:
            text = texts.nothing_to_withdraw(signed_up)
        send(dispatcher, Message("notice", text))
        return []


class ActionShowMyData(GuardedAction):
    """Says what is stored of the person, or shows all of it."""

    def name(self) -> str:
        """The name that the rules use."""
        return "action_show_my_data"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends what is stored; the full copy is not kept in the conversation."""
        try:
            signed_up = await known(tracker)
            stored = await asyncio.to_thread(lambda: desk().export(tracker.sender_id))
        except _STORE_FAILS as error:
            log_without_content(self.name(), error)
            send(dispatcher, Message("notice", texts.FAILED))
            return []
        if stored and _wants_everything(tracker):
            copy = Message("notice", texts.everything(stored))
            send(dispatcher, copy, **{PERSONAL: NEVER})
            return []
        signing_up = (tracker.active_loop or {}).get("name") == FORM and not stored
        nothing = texts.NOT_SENT_YET if signing_up else _nothing(stored)
        text = texts.known(signed_up) if signed_up else nothing
        choices = (Choice(texts.SHOW_ALL, f"/ask_my_data{_ALL}"),) if stored else ()
        send(dispatcher, Message("notice", text, choices=choices))
        return []


class ValidateDeleteDataForm(ValidateForm):
    """Takes the one answer."""

    form = _FORM
    progress_slot = _PROGRESS

    def name(self) -> str:
        """The name that Rasa looks for."""
        return "validate_delete_data_form"


class AskDeletionConfirmed(AskForSlot):
    """Whether to delete."""

    form = _FORM
    progress_slot = _PROGRESS
    slot = SLOT


class ActionDeleteData(FormPart, GuardedAction):
    """Deletes the sign-up and the conversation once the person has said yes."""

    form = _FORM
    progress_slot = _PROGRESS

    def name(self) -> str:
        """The name that the rules use."""
        return "action_delete_data"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Deletes at once; the store of conversations does its part when it saves the turn."""
        if self.answers(tracker).get(SLOT) != YES:
            send(dispatcher, Message("notice", texts.KEPT))
            return self.forgotten()
        try:
            await asyncio.to_thread(_erase, tracker.sender_id, channel_of(tracker))
        except (*_STORE_FAILS, SQLAlchemyError) as error:
            log_without_content(self.name(), error)
            send(dispatcher, Message("notice", texts.FAILED))
            return self.forgotten()
        send(dispatcher, Message("notice", texts.DELETED), **{ONCE_KEPT: "yes"})
        return [*self.forgotten(), SlotSet(FORGET, THE_CONVERSATION)]


def _erase(conversation_id: str, channel: str) -> None:
    # First what can simply be tried again.
    forget(conversation_id, load_settings())
    desk().erase(conversation_id, channel)


_ALL = f'{{"choice": "{texts.ALL}"}}'


def _wants_everything(tracker: Tracker) -> bool:
    entities = (tracker.latest_message or {}).get("entities") or []
    pressed = any(each.get("value") == texts.ALL for each in entities)
    return pressed or texts.wants_everything(said_of(tracker).text)


def _nothing(stored: object) -> str:
    if stored:
        return f"{texts.DELETED_BEFORE} {texts.CHAT_IS_KEPT}"
    return f"{texts.NOTHING_FROM_HERE} {texts.CHAT_IS_KEPT}"
