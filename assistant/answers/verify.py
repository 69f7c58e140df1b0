"""The last check of an answer: every sentence is, to the letter, in the corpus."""

from __future__ import annotations

from assistant.corpus.markup import plain_text
from assistant.corpus.model import Corpus, digest
from assistant.errors import UnverifiedAnswerError
from assistant.message import Message


def verify(message: Message, corpus: Corpus) -> Message:
    """Returns the message when each of its sentences equals the span that it names.

    Raises:
        UnverifiedAnswerError: a span is missing or changed, a text is not its
            span's, or a citation has no source. Such an answer is never sent.
    """
    numbers = {source.number for source in message.sources}
    for block in message.blocks:
        for sentence in block.sentences:
            span = sentence.source
            article = corpus.article_by_id.get(span.article)
            if article is None:
                raise UnverifiedAnswerError(f"There is no article {span.article}.")
            raw = article.body[span.start : span.end]
            place = f"{span.article}#{span.section}, characters {span.start} to {span.end}"
            if digest(raw) != span.sha256 or plain_text(raw) != sentence.text:
                raise UnverifiedAnswerError(f"A sentence is not what stands at {place}.")
            if not sentence.citations or not numbers.issuperset(sentence.citations):
                raise UnverifiedAnswerError(f"The sentence at {place} has no source.")
    return message
