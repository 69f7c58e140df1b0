"""What is offered beside an answer: more on a bare topic, and a sign-up to who looks for help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import wording
from assistant.answers.clarifying import Clarifier
from assistant.answers.render import with_choices
from assistant.corpus.model import Corpus
from assistant.message import Choice, Message
from assistant.provider import Provider
from assistant.retrieval.search import Result

_HELP = (
    r"(?:help|treatment|care|therap(?:y|ies|ists?)|rehabs?|detox|counsel\w+|programs?|facilit\w+"
    r"|(?:treatment|rehab|recovery) centers?|clinics?|beds?)"
)
_SEEKS_HELP = re.compile(
    # "where can I find ...", "how do I get into ..."
    rf"\b(?:where|how|which|who|what)\b[^.?!]{{0,40}}\b(?:find|get|go|look|start|begin|call|contact)"
    rf"\b[^.?!]{{0,40}}\b{_HELP}\b"
    # "I need ...", and not "why do I need ...?"
    r"|\b(?:(?<!do )(?<!did )(?<!would )(?<!should )(?:i|we) (?:want|need)|seeking|looking for"
    rf"|find me)\b[^.?!]{{0,30}}\b{_HELP}\b"
    # "... near me", "which ... in Dayton"
    rf"|\b{_HELP}\b[^.?!]{{0,30}}\b(?:near (?:me|here|us|by)|nearby)\b"
    rf"|\b{_HELP}\b[^.?!]{{0,30}}\bin my (?:area|town|city|state)\b"
    rf"|\b(?:which|what|best|good)\b[^.?!]{{0,40}}\b{_HELP} (?:in|near|around) (?-i:[A-Z])"
    # the way in
    r"|\b(?:admission|admitted|enroll?|intake|waiting list|sign(?:ed)? up)\b"
    rf"|\b(?:check|sign|get|put) (?:\w+ ){{0,3}}into (?:an? |the |your )?(?:\w+ ){{0,2}}{_HELP}\b",
    re.IGNORECASE,
)
# Who is answered from a section on these is at the door.
_WAY_IN = frozenset({"admissions", "finding-treatment"})


class Offers:
    """Knows what to offer beside an answer."""

    def __init__(self, clarifier: Clarifier, provider: Provider, corpus: Corpus) -> None:
        """Takes what knows the topics, whom people can call, and what is quoted."""
        self._clarifier = clarifier
        self._corpus = corpus
        self._links = (*provider.links, wording.HELPLINE_LINK)

    def beside(
        self, answer: Message, results: Sequence[Result], shown: Sequence[str], wants_in: bool
    ) -> Message:
        """The answer with what is offered beside it.

        Args:
            answer: the quoted sentences.
            results: of the questions, best sections first.
            shown: keys of the sections that are quoted, the first one first.
            wants_in: a way into treatment may be asked for, whatever the words say of it.
        """
        if wants_in or any(seeks_help(result.query.text) for result in results):
            return self.sign_up_beside(answer)
        if len(results) == 1 and (choices := self._clarifier.more_on(results[0], shown)):
            return _with(answer, wording.MORE_ON, choices)
        if shown and _WAY_IN.intersection(self._corpus.section_by_key[shown[0]][1].topics):
            return self.sign_up_beside(answer)
        return answer

    def sign_up_beside(self, answer: Message) -> Message:
        """An answer, or the lack of one, with the sign-up and people to call."""
        sign_up = (Choice(wording.SIGN_UP, wording.BEGIN_SIGN_UP),)
        told = wording.HELPLINE in answer.text
        words = wording.SIGN_UP_HERE if told else wording.CAN_SIGN_UP
        links = tuple(dict.fromkeys((*answer.resources, *self._links)))
        return replace(_with(answer, words, sign_up), resources=links)


def seeks_help(text: str) -> bool:
    """Whether somebody looks for a place, a person, or a way in, not for what is written of it."""
    return _SEEKS_HELP.search(text) is not None


def _with(answer: Message, words: str, choices: tuple[Choice, ...]) -> Message:
    text = "\n\n".join([answer.text, with_choices(words, choices)])
    return replace(answer, text=text, choices=(*answer.choices, *choices))
