"""The sign-up in the chat."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import GuardedAction, is_sure, send
from actions.desk import desk
from actions.forms import FormPart, ValidateForm, said_of, without
from actions.questions import ActionAnswerQuestion
from assistant.answers import wording
from assistant.errors import (
    ApplicationError,
    LedgerError,
    StoreUnavailableError,
    TermsChangedError,
)
from assistant.forms import signup_wording as texts
from assistant.forms.form import STOPPED, Answers, Step
from assistant.forms.kept import FORGET, THE_FORM
from assistant.forms.progress import Progress
from assistant.forms.signup import (
    ALREADY,
    ERASING,
    MINOR,
    REFUSED,
    SENT,
    SignupForm,
    application,
    changed_terms,
)
from assistant.forms.signup_questions import CONFIRMED, METHOD, SEND
from assistant.forms.wording import NO_LONGER_OPEN
from assistant.message import Message
from assistant.signup.application import Known, Receipt

logger = logging.getLogger(__name__)

UNKNOWN_CHANNEL = "unknown"
PROGRESS_SLOT = "signup_progress"
FORM = SignupForm()


def channel_of(tracker: Tracker) -> str:
    """Where the person writes."""
    return tracker.get_latest_input_channel() or UNKNOWN_CHANNEL


async def known(tracker: Tracker) -> Known | None:
    """The conversation's sign-up, if it has one.

    Raises:
        StoreUnavailableError: nobody knows.
    """
    return await asyncio.to_thread(lambda: desk().known(tracker.sender_id))


class ValidateSignupForm(ValidateForm):
    """Takes the answers, and hands the sign-up in when the person says so."""

    form = FORM
    progress_slot = PROGRESS_SLOT

    def name(self) -> str:
        """The name that Rasa looks for."""
        return "validate_signup_form"

    async def begun(self, tracker: Tracker) -> str:
        """Nobody is asked all of it twice, unless the consent was taken back since."""
        try:
            signed_up = await known(tracker)
        except StoreUnavailableError:
            # Told when there is something to store; it may be back by then.
            return ""
        if signed_up is None:
            return ""
        return ALREADY if {"contact", signed_up.contact_method} <= {*signed_up.granted} else ""

    async def completed(self, step: Step, answers: Answers, tracker: Tracker) -> Step:
        """Stores the sign-up; only what is stored is ever called received."""
        if step.changes.get(CONFIRMED) != SEND:
            return step
        handed_in = application(answers, step.progress, tracker.sender_id, channel_of(tracker))
        try:
            receipt = await asyncio.to_thread(lambda: desk().submit(handed_in))
        except TermsChangedError:
            return _not_sent(replace(step, changes={**step.changes, **changed_terms()}))
        except ApplicationError as error:
            return _not_sent(step, str(error))
        except (StoreUnavailableError, LedgerError) as error:
            logger.error("A sign-up could not be stored: %s.", type(error).__name__)
            return _not_sent(step, texts.NOT_SENT)
        sent = {"reference": receipt.reference, "awaiting": str(receipt.awaiting_confirmation)}
        return replace(
            step,
            changes={**step.changes, CONFIRMED: sent},
            progress=replace(step.progress, ending=SENT),
        )


class ActionCloseSignup(FormPart, GuardedAction):
    """Says how the sign-up ended, and forgets all answers."""

    form = FORM
    progress_slot = PROGRESS_SLOT

    def name(self) -> str:
        """The name that the rules use."""
        return "action_close_signup"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends one message; what was answered is kept nowhere but in the store."""
        progress = self.progress(tracker) or Progress(run="", ending=STOPPED)
        answers = self.answers(tracker)
        if progress.ending == ALREADY:
            send(dispatcher, await _already(tracker))
        else:
            send(dispatcher, _farewell(progress, answers))
        ended: list[EventType] = [*self.forgotten(), SlotSet(FORGET, THE_FORM)]
        if progress.ending == ERASING:
            ended.append(FollowupAction("delete_data_form"))
        return ended


class ActionAnswerLateChoice(FormPart, GuardedAction):
    """Answers a choice of a form that is no longer filled in."""

    form = FORM
    progress_slot = PROGRESS_SLOT

    def name(self) -> str:
        """The name that the rules use."""
        return "action_answer_late_choice"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Says what became of the sign-up where "send" was pressed twice.

        What a failure cut off before the end was told is ended now, receipt and all.
        """
        left = self.progress(tracker)
        if left is not None and left.ending:
            return await ActionCloseSignup().act(dispatcher, tracker)
        pressed = said_of(tracker).pressed
        if pressed and (pressed.slot, pressed.value) == (CONFIRMED, SEND):
            send(dispatcher, await _already(tracker))
        else:
            send(dispatcher, Message("notice", NO_LONGER_OPEN))
        return []


class ActionExplainSignup(GuardedAction):
    """Outside of the form: why details are asked for, or how to correct them.

    Where the NLU was not sure that this is meant, the articles are asked: "can I change my
    therapist?" sounds much the same.
    """

    def name(self) -> str:
        """The name that the rules use."""
        return "action_explain_signup"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Sends the fixed text, or the answer."""
        if not is_sure(tracker):
            return await ActionAnswerQuestion().run(dispatcher, tracker, {})
        corrects = said_of(tracker).intent == "correct_slot"
        text = texts.NO_CORRECTION if corrects else texts.WHY_DETAILS
        send(dispatcher, Message("notice", text))
        return []


def _not_sent(step: Step, text: str = texts.TERMS_CHANGED) -> Step:
    message = Message("notice", text)
    return replace(without(step, CONFIRMED), messages=(*step.messages, message))


def _farewell(progress: Progress, answers: Answers) -> Message:
    if progress.ending == SENT:
        sent = answers.get(CONFIRMED)
        given = sent if isinstance(sent, dict) else {}
        receipt = Receipt(given["reference"], given["awaiting"] == str(True), repeated=False)
        return Message("notice", texts.receipt(receipt, str(answers[METHOD])))
    if progress.ending == MINOR:
        return Message("notice", texts.MINOR, resources=wording.DANGER_LINKS)
    said = {REFUSED: texts.REFUSED, ERASING: texts.STOPPED_FIRST}
    return Message("notice", said.get(progress.ending, texts.STOPPED))


async def _already(tracker: Tracker) -> Message:
    signed_up = await known(tracker)
    if signed_up is None:
        return Message("notice", NO_LONGER_OPEN)
    return Message("notice", texts.ALREADY.format(reference=signed_up.reference))
