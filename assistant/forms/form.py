"""A form: its questions, and what each message does to it.

The same for every form: an answer is taken, a question goes its own way and is asked
again afterwards, "why?" is explained, "stop" ends it, and after an emergency nothing
is asked before the person wants to go on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.errors import FieldError
from assistant.forms import wording, words
from assistant.forms.progress import Progress
from assistant.forms.question import Question, Value, prompt
from assistant.forms.readers import NO, YES, Option, read_option
from assistant.forms.said import Pressed, Said
from assistant.message import Message, Resource

Answers = Mapping[str, Value]

STOPPED = "stopped"
# A choice of the question that is asked after an emergency.
RESUME = "resume"
_RESUME_OPTIONS = (Option(YES, wording.GO_ON), Option(NO, wording.LEAVE_IT))
# After so many answers that could not be read, a person is offered.
_MANY = 3
_STOP_INTENTS = ("stop_form", "withdraw_consent", "goodbye")
# Whoever wants to begin while a form is filled in has begun: no rule leads anywhere else.
_SIGN_UP = "start_signup"


@dataclass(frozen=True)
class Step:
    """What a message does to a form.

    Attributes:
        progress: what is remembered from now on.
        changes: slots and their new values; None empties one.
        messages: what is said before the next question.
        interrupted: the message is no matter of the form's; others answer it.
    """

    progress: Progress
    changes: dict[str, Value | None] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    interrupted: bool = False

    @property
    def answered(self) -> tuple[str, Value] | None:
        """The one slot that was filled, and its value."""
        filled = [(slot, value) for slot, value in self.changes.items() if value is not None]
        return filled[-1] if filled else None


class Form(ABC):
    """The questions of a form and what is its own.

    Attributes:
        slots: of the answers, in the order in which they are asked for.
        resuming: the question whether to go on, after an emergency.
    """

    slots: tuple[str, ...]
    resuming: str

    @abstractmethod
    def question(self, slot: str, answers: Answers) -> Question:
        """What is asked for a slot, given the answers so far."""

    @abstractmethod
    def person(self) -> tuple[str, tuple[Resource, ...]]:
        """A sentence that names people who can be called instead, and their links."""

    def about(self, said: Said) -> str | None:
        """The answer to a question about the form itself; None for anything else."""
        return None

    def correction(self, said: Said, slot: str, answers: Answers) -> dict[str, Value | None] | None:
        """Changes of earlier answers that a message asks for; None where it does not."""
        return None

    def taken(self, slot: str, value: str, answers: Answers) -> dict[str, Value | None]:
        """What changes with an answer: its own slot, and those that depend on it."""
        return {slot: value}

    def ending(self, slot: str, value: str) -> str:
        """How the form ends with an answer; empty where it goes on."""
        return ""

    def step(
        self, said: Said, slot: str, answers: Answers, progress: Progress, crisis: str = ""
    ) -> Step:
        """What a message does to the form.

        Args:
            said: the message.
            slot: what was asked for.
            answers: so far.
            progress: so far.
            crisis: a mark of the latest emergency of the conversation; empty for none.
        """
        if said.pressed and said.pressed.run != progress.run:
            return Step(progress, messages=(Message("notice", wording.STALE),))
        if progress.is_paused(crisis):
            return self._paused(said, slot, answers, progress, crisis)
        if said.pressed and said.pressed.slot == RESUME:
            return Step(progress)
        return self._asked(said, slot, answers, progress)

    def ask(
        self, slot: str, answers: Answers, progress: Progress, crisis: str = ""
    ) -> tuple[Question | None, Message, Progress]:
        """The next question; after an emergency whether to go on comes first.

        Returns:
            The question, None where it is whether to go on; the message; what is
            remembered from now on.
        """
        if progress.is_paused(crisis):
            message = prompt(self.resuming, progress.run, RESUME, _RESUME_OPTIONS)
            return None, message, replace(progress, offered=True, shown="")
        question = self.question(slot, answers)
        message = question.prompt(progress.run)
        return question, message, replace(progress, shown=question.shown, crisis=crisis)

    def _paused(
        self, said: Said, slot: str, answers: Answers, progress: Progress, crisis: str
    ) -> Step:
        resumed = replace(progress, crisis=crisis, offered=False, shown="")
        if said.pressed and said.pressed.slot != RESUME:
            return self._asked(said, slot, answers, resumed)
        answer = said.pressed.value if said.pressed else _goes_on(said, progress.offered)
        if answer == YES:
            return Step(resumed)
        if answer == NO or stops(said):
            return Step(replace(progress, ending=STOPPED))
        return Step(progress, interrupted=said.asks or not progress.offered)

    def _asked(self, said: Said, slot: str, answers: Answers, progress: Progress) -> Step:
        question = self.question(slot, answers)
        # Some answers count only where the very text was shown, and are else asked for again.
        unseen = question.shown != "" and question.shown != progress.shown
        if said.pressed:
            return self._pressed(said.pressed, question, answers, progress, unseen)
        option = None if said.asks else read_option(said, question.options)
        if option is None:
            early = self._no_answer(said, question, answers, progress)
            if early is not None:
                return early
        if unseen:
            return Step(progress)
        try:
            value = option or question.read(said)
            hint = ""
        except FieldError as error:
            value, hint = None, str(error)
        if value is not None and (option or _may_answer(said, question)):
            return self._answered(slot, value, answers, progress)
        if said.is_sure(*_STOP_INTENTS) and said.plain not in words.LOOSE_YES:
            return Step(replace(progress, ending=STOPPED))
        if said.is_sure("explain_slot"):
            return Step(progress, messages=(Message("notice", question.why),))
        return self._something_else(said, question, hint, answers, progress)

    def _something_else(
        self, said: Said, question: Question, hint: str, answers: Answers, progress: Progress
    ) -> Step:
        """What is done with what neither answers nor has a meaning in any form."""
        if said.intent == _SIGN_UP:
            return Step(progress, messages=(Message("notice", wording.UNDER_WAY),))
        if said.asks:
            return Step(progress, interrupted=True)
        return self._unclear(question, hint, answers, progress)

    def _pressed(
        self,
        pressed: Pressed,
        question: Question,
        answers: Answers,
        progress: Progress,
        unseen: bool,
    ) -> Step:
        if pressed.slot == question.slot and unseen:
            return Step(progress)
        if pressed.slot != question.slot and self._too_late(pressed, question, answers):
            return Step(progress, messages=(Message("notice", wording.STALE),))
        return self._answered(pressed.slot, pressed.value, answers, progress)

    def _too_late(self, pressed: Pressed, question: Question, answers: Answers) -> bool:
        if self.slots.index(pressed.slot) > self.slots.index(question.slot):
            # What comes before it is asked anew.
            return True
        # The text beside a late yes may not be the one that would be recorded.
        return pressed.value == YES and self.question(pressed.slot, answers).agreement

    def _no_answer(
        self, said: Said, question: Question, answers: Answers, progress: Progress
    ) -> Step | None:
        """What is done with words that have a meaning of their own in any form."""
        if stops(said):
            return Step(replace(progress, ending=STOPPED))
        told = self.about(said) or (question.why if words.WHY.match(said.plain) else None)
        if told:
            return Step(progress, messages=(Message("notice", told),))
        changes = self.correction(said, question.slot, answers)
        if changes is None and said.plain in words.GO_BACK:
            changes = self._one_back(question.slot, answers)
        if changes is not None:
            return Step(replace(progress, failures=0), changes)
        return None

    def _one_back(self, slot: str, answers: Answers) -> dict[str, Value | None] | None:
        earlier = [each for each in self.slots[: self.slots.index(slot)] if each in answers]
        return {earlier[-1]: None} if earlier else None

    def _answered(self, slot: str, value: str, answers: Answers, progress: Progress) -> Step:
        return Step(
            replace(progress, failures=0, ending=self.ending(slot, value)),
            self.taken(slot, value, answers),
        )

    def _unclear(self, question: Question, hint: str, answers: Answers, progress: Progress) -> Step:
        failures = progress.failures + 1
        if question.agreement and failures > 1:
            return self._answered(question.slot, NO, answers, progress)
        text = wording.PLAIN_YES_OR_NO if question.agreement else hint or wording.FIRST_TROUBLE
        resources: tuple[Resource, ...] = ()
        if failures > 1:
            text = f"{text} {question.why}"
        if failures >= _MANY:
            person, resources = self.person()
            text = f"{text} {wording.WAY_OUT} {person}"
        message = Message("notice", text, resources=resources)
        return Step(replace(progress, failures=failures), messages=(message,))


def stops(said: Said) -> bool:
    """Whether a message says that a form is to end."""
    # "Stop please, I need to ask my wife first."
    for text in (said.plain, said.first_clause):
        alone = text.removesuffix(" please")
        if alone in words.STOP or words.BEFORE_STOP.sub("", alone) in words.STOP:
            return True
    return words.STOPPING.search(said.plain) is not None


def _goes_on(said: Said, offered: bool) -> str | None:
    """The answer to whether to go on; a bare yes counts only where that was asked."""
    option = read_option(said, _RESUME_OPTIONS)
    if option and offered:
        return option
    if said.plain in words.GO_ON or said.intent == _SIGN_UP:
        return YES
    if offered and said.plain in words.YES:
        return YES
    return NO if offered and said.plain in words.NO else None


def _may_answer(said: Said, question: Question) -> bool:
    return not said.asks or len(said.plain.split()) <= question.words_asking
