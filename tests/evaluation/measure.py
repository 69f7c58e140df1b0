"""What became of each question, and the figures made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from assistant.answers import wording

# Which intents are right for a kind of message. An in-scope question may have
# any of the questions' intents: the aspect only helps the ranking.
_INTENTS: Mapping[str, Callable[[str], bool]] = {
    "in_scope": lambda intent: intent.startswith("ask_") and intent not in _OTHER_ASKS,
    # Of the field, and for anybody; which section is right was not said.
    "information": lambda intent: _INTENTS["in_scope"](intent) or intent == "nlu_fallback",
    "out_of_scope": lambda intent: intent in ("out_of_scope", "nlu_fallback"),
    "near_miss": lambda intent: intent in ("out_of_scope", "nlu_fallback"),
    # Of the field, and yet not in any article: only the articles can tell.
    "unanswered": lambda intent: True,
    "smalltalk": lambda intent: intent in _SMALL_TALK,
    "signup": lambda intent: intent in ("start_signup", "ask_human"),
    "medical_advice": lambda intent: intent == "ask_medical_advice",
}
_SMALL_TALK = {
    *("greet", "goodbye", "thank", "affirm", "deny", "praise", "frustration"),
    *("ask_wellbeing", "ask_identity", "ask_capabilities", "chat"),
}
_OTHER_ASKS = _SMALL_TALK | {"ask_medical_advice", "ask_human", "ask_privacy", "ask_my_data"}


@dataclass(frozen=True)
class Outcome:
    """One question and what the person was shown.

    Attributes:
        question: the line of the question file.
        messages: what came back.
        intent: what the NLU took it for.
        seconds: from sending to the whole reply.
        misquoted: sentences that are not what stands in the article.
    """

    question: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    intent: str
    seconds: float
    misquoted: Sequence[str]

    @property
    def kind(self) -> str:
        """in_scope, out_of_scope, ...; "in_seed" apart, where the file says so."""
        kind = str(self.question["kind"])
        return "in_scope, in_seed" if kind == "in_scope" and self.question.get("in_seed") else kind

    @property
    def answered(self) -> bool:
        """Whether sentences were quoted."""
        return any(message["kind"] == "answer" for message in self.messages)

    @property
    def quoted(self) -> str:
        """All sentences quoted, as one text."""
        return " ".join(
            sentence["text"]
            for message in self.messages
            for block in message["blocks"]
            for sentence in block["sentences"]
        )

    @property
    def right_section(self) -> bool | None:
        """Whether the first block is of an expected section; None where none is named."""
        if not self.question.get("sections"):
            return None
        return bool(self.sections) and self.sections[0] in self.question["sections"]

    @property
    def sections(self) -> list[str]:
        """What was quoted from, one a block: "article#section"."""
        spans = [
            block["sentences"][0]["source"]
            for message in self.messages
            for block in message["blocks"]
        ]
        return [f"{span['article']}#{span['section']}" for span in spans]

    @property
    def expected_met(self) -> bool | None:
        """Whether each group of `expect` is met; None where there is none.

        By what is quoted; where advice is to be declined, by all that is said, since who can
        answer is said in the assistant's own words.
        """
        groups = self.question.get("expect")
        if not groups or self.question["kind"] not in ("in_scope", "medical_advice"):
            return None
        if self.question["kind"] == "medical_advice":
            return _meets(" ".join(message["text"] for message in self.messages), groups)
        return self.answered and _meets(self.quoted, groups)

    @property
    def wrongly_answered(self) -> bool:
        """Answered although it should not be, or answered with something else."""
        if self.kind == "information":
            return False
        return self.answered and not self.expected_met

    @property
    def right_intent(self) -> bool:
        """Whether the intent fits the kind of message.

        Where the NLU guesses at small talk, the articles are looked in first: then what
        the person sees tells whether it was answered as such.
        """
        kind = str(self.question["kind"])
        if kind == "smalltalk" and self.intent == "nlu_fallback":
            return {message["kind"] for message in self.messages} == {"notice"}
        return _INTENTS[kind](self.intent)

    @property
    def offered_sign_up(self) -> bool:
        """Whether the sign-up was begun, or offered beside an answer."""
        titles = {choice["title"] for message in self.messages for choice in message["choices"]}
        return self.intent == "start_signup" or wording.SIGN_UP in titles


def _meets(text: str, groups: Sequence[Sequence[str]]) -> bool:
    return all(
        any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in groups
    )


def table(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> str:
    """A table of shares, one line a group."""
    header = ("", "n", "section", "expected", "abstained", "wrong", "intent", "sign-up", "p50 ms")
    lines = [_LINE.format(*header)]
    for name in sorted({group(outcome) for outcome in outcomes}):
        members = [outcome for outcome in outcomes if group(outcome) == name]
        lines.append(
            _LINE.format(
                name or "(none)",
                len(members),
                share(outcome.right_section for outcome in members),
                share(outcome.expected_met for outcome in members),
                share(not outcome.answered for outcome in members),
                share(outcome.wrongly_answered for outcome in members),
                share(outcome.right_intent for outcome in members),
                share(outcome.offered_sign_up for outcome in members),
                f"{1000 * median(outcome.seconds for outcome in members):.1f}",
            )
        )
    return "\n".join(lines)


_LINE = "{:<28}{:>5}{:>10}{:>10}{:>11}{:>8}{:>8}{:>9}{:>8}"


def share(values: Iterable[bool | None]) -> str:
    """The share of true among the known ones, in per cent."""
    known = [value for value in values if value is not None]
    return f"{100 * sum(known) / len(known):.1f}" if known else "-"
