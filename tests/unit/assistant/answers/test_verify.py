from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.answers.compose import Composer
from assistant.answers.memory import Memory
from assistant.answers.verify import verify
from assistant.corpus.model import Corpus, digest
from assistant.errors import UnverifiedAnswerError
from assistant.message import Message, QuotedSentence

Tamper = Callable[[QuotedSentence], QuotedSentence]


def _span(**change: object) -> Tamper:
    return lambda sentence: replace(sentence, source=replace(sentence.source, **change))


def _tampered(message: Message, tamper: Tamper) -> Message:
    (block,) = message.blocks
    *others, last = block.sentences
    return replace(message, blocks=(replace(block, sentences=(*others, tamper(last))),))


@pytest.fixture(scope="module")
def message(composer: Composer) -> Message:
    return composer.answer("what is CBT?", Memory()).message


def test_an_answer_that_is_quoted_rightly_passes(message: Message, corpus: Corpus) -> None:
    assert verify(message, corpus) is message


@pytest.mark.parametrize(
    "tamper",
    [
        lambda s: replace(s, text=s.text.replace("CBT", "DBT")),
        lambda s: replace(s, text=s.text + " "),
        lambda s: replace(s, text=""),
        lambda s: replace(s, source=replace(s.source, start=s.source.start + 1)),
        lambda s: replace(s, source=replace(s.source, end=s.source.end - 1)),
        lambda s: replace(s, source=replace(s.source, start=-5, end=-1)),
        _span(start=10**9, end=10**9 + 5),
        _span(sha256="0" * 64),
        _span(sha256=""),
        _span(article="another"),
        lambda s: replace(s, citations=()),
        lambda s: replace(s, citations=(*s.citations, 99)),
        # A made-up sentence with a right hash of itself.
        lambda s: QuotedSentence("CBT heals.", s.citations, replace(s.source, sha256=digest("x"))),
    ],
)
def test_whatever_is_tampered_with_is_not_sent(
    message: Message, corpus: Corpus, tamper: Tamper
) -> None:
    with pytest.raises(UnverifiedAnswerError):
        verify(_tampered(message, tamper), corpus)


def test_a_citation_without_its_source_is_not_sent(message: Message, corpus: Corpus) -> None:
    with pytest.raises(UnverifiedAnswerError, match="has no source"):
        verify(replace(message, sources=message.sources[:1]), corpus)


def test_a_sentence_is_of_the_section_that_it_names(message: Message, corpus: Corpus) -> None:

    with pytest.raises(UnverifiedAnswerError):
        verify(_tampered(message, _span(section="dbt")), corpus)


def test_what_is_shown_as_text_is_what_was_checked(message: Message, corpus: Corpus) -> None:

    with pytest.raises(UnverifiedAnswerError):
        verify(replace(message, text="CBT heals everyone. [1]"), corpus)


def test_a_message_without_quotations_passes(corpus: Corpus) -> None:
    notice = Message("notice", "Hello.")
    assert verify(notice, corpus) is notice
