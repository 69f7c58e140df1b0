"""Deleting all that is known of a person: asked once, since nothing brings it back."""

from __future__ import annotations

from assistant.forms.form import Answers, Form
from assistant.forms.question import Question, sha256_of
from assistant.forms.readers import NO, YES, Option, read_consent
from assistant.message import Resource
from assistant.provider import load_provider
from assistant.safety.disclosure import way_to_a_person

SLOT = "deletion_confirmed"
KEEP = "keep"
_TEXT = (
    "I can delete what you wrote in this chat and, if you signed up here, your sign-up. This "
    "can't be undone. Should I delete all of it?"
)
_WHY = "What is deleted is gone for good, so I ask once. If you say no, everything stays as it is."
_OPTIONS = (Option(YES, "Yes, delete everything"), Option(NO, "No, keep it"))


class DeletionForm(Form):
    """Asks whether to delete; anything but a clear yes keeps everything."""

    slots = (SLOT,)
    resuming = "You asked me to delete what I have. Should we go on with that?"

    def question(self, slot: str, answers: Answers) -> Question:
        """The one question."""
        shown = sha256_of(_TEXT)
        return Question(SLOT, _TEXT, _WHY, _OPTIONS, read_consent, agreement=True, shown=shown)

    def person(self) -> tuple[str, tuple[Resource, ...]]:
        """Whom to call about treatment, and about what the provider keeps."""
        way = way_to_a_person(load_provider())
        return way.text, way.resources

    def ending(self, slot: str, value: str) -> str:
        """A no ends the form, and nothing is deleted."""
        return KEEP if value == NO else ""
