"""The last check of an answer: every sentence is, to the letter, in the corpus."""

from __future__ import annotations

from assistant.corpus.markup import plain_text
from assistant.corpus.model import Article, Corpus, Section, digest
from assistant.errors import UnverifiedAnswerError
from assistant.message import Message, Span


def verify(message: Message, corpus: Corpus) -> Message:
    """Returns the message when each of its sentences equals the span that it names.

    Raises:
        UnverifiedAnswerError: a span is missing or changed, a text is not its
            span's or not in the message, or a citation has no source. Such an
            answer is never sent.
    """
    numbers = {source.number for source in message.sources}
    for block in message.blocks:
        for sentence in block.sentences:
            span = sentence.source
            place = f"{span.article}#{span.section}, characters {span.start} to {span.end}"
            found = corpus.section_by_key.get(f"{span.article}#{span.section}")
            if found is None or not _stands_in(span, *found):
                raise UnverifiedAnswerError(f"There is no sentence at {place}.")
            raw = found[0].body[span.start : span.end]
            if digest(raw) != span.sha256 or plain_text(raw) != sentence.text:
                raise UnverifiedAnswerError(f"A sentence is not what stands at {place}.")
            if sentence.text not in message.text:
                raise UnverifiedAnswerError(f"The message's text lacks the sentence at {place}.")
            if not sentence.citations or not numbers.issuperset(sentence.citations):
                raise UnverifiedAnswerError(f"The sentence at {place} has no source.")
    return message


def _stands_in(span: Span, article: Article, section: Section) -> bool:
    return any((each.start, each.end) == (span.start, span.end) for each in section.sentences)
