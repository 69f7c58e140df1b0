from __future__ import annotations

from assistant.answers.render import answer_text, with_choices
from assistant.message import Block, Choice, Message, QuotedSentence, Source, Span
from extensions.channels.messaging.spoken import shortened, spoken_text, utf16_length

_SPAN = Span("a", "s", 0, 1, "0" * 64)
_SOURCES = (
    Source(1, "article", "Therapy", None, "a"),
    Source(2, "reference", "NIDA", "https://x", "a"),
)
_BLOCKS = (Block("cbt", "CBT", (QuotedSentence("CBT helps.", (1, 2), _SPAN),)),)
_CHOICES = (Choice("Tell me more", "more"), Choice("Costs", "costs"))


def test_lists_of_what_is_shown_otherwise_are_left_out() -> None:
    text = with_choices(f"{answer_text(_BLOCKS, _SOURCES)}\n\nYou can also ask about:", _CHOICES)
    message = Message("answer", text, _BLOCKS, _SOURCES, choices=_CHOICES).as_dict()
    assert "[2] NIDA https://x" in text
    assert "- Costs" in text
    assert spoken_text(message) == "CBT helps. [1][2]\n\nYou can also ask about:"


def test_the_numbered_choices_of_a_form_are_left_out() -> None:
    message = Message(
        "prompt", "May we call you?\n1. Yes\n2. No", choices=(Choice("Yes", "y"), Choice("No", "n"))
    )
    assert spoken_text(message.as_dict()) == "May we call you?"


def test_a_text_without_lists_stays_as_it_is() -> None:
    text = "Call 911.\n\nSources:\n- stay with them"
    assert spoken_text(Message("crisis", text).as_dict()) == text


def test_what_is_shortened_says_so() -> None:
    assert shortened("Benefits of CBT", 20) == "Benefits of CBT"
    assert shortened("CBT and other talk therapy", 20) == "CBT and other talk\u2026"
    assert utf16_length(shortened("\U0001f600" * 20, 20)) <= 20
