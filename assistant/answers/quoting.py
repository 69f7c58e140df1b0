"""Turns chosen sentences into a verified message with numbered sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from assistant.answers import wording
from assistant.answers.memory import Shown
from assistant.answers.render import answer_text
from assistant.answers.verify import verify
from assistant.corpus.model import (
    Article,
    Corpus,
    Reference,
    Section,
    Sentence,
    digest,
    section_key,
)
from assistant.message import Block, Choice, Message, QuotedSentence, Related, Source, Span


def quote(corpus: Corpus, picked: Shown, *, has_more: bool = False) -> Message:
    """The message that quotes the picked sentences, checked against the corpus.

    Args:
        corpus: what is quoted from.
        picked: sections by key, each with the numbers of its sentences; what the
            corpus no longer has is passed over, and so is a reference that is
            defined nowhere (the lint reports it).
        has_more: offers to go on.

    Raises:
        UnverifiedAnswerError: a sentence does not equal its span.
    """
    numbering = _Numbering()
    blocks: list[Block] = []
    related: dict[str, Related] = {}
    for key, numbers in picked:
        if key not in corpus.section_by_key:
            continue
        article, section = corpus.section_by_key[key]
        sentences = [section.sentences[n] for n in numbers if n < len(section.sentences)]
        if not sentences:
            continue
        blocks.append(_block(article, section, sentences, numbering))
        related.update(_related(corpus, article))
    message = Message(
        kind="answer",
        text=answer_text(blocks, numbering.sources),
        blocks=tuple(blocks),
        sources=numbering.sources,
        related=tuple(related.values()),
        choices=(Choice(wording.MORE, "/ask_more"),) if has_more else (),
        answer_id=_answer_id(corpus, blocks),
    )
    return verify(message, corpus)


class _Numbering:
    """Numbers sources as they are first needed, over all blocks of a message."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(self._sources.values())

    def number(self, key: str, make: Callable[[int], Source]) -> int:
        if key not in self._sources:
            self._sources[key] = make(len(self._sources) + 1)
        return self._sources[key].number


def _block(
    article: Article, section: Section, sentences: Sequence[Sentence], numbering: _Numbering
) -> Block:
    page = numbering.number(
        section_key(article, section), partial(_article_source, article, section)
    )
    quoted = []
    for sentence in sentences:
        defined = article.reference_by_id
        references = [defined[id_] for id_ in sentence.references if id_ in defined]
        numbers = tuple(
            numbering.number(reference.url, partial(_reference_source, article, reference))
            for reference in references
        )
        span = Span(article.id, section.id, sentence.start, sentence.end, sentence.sha256)
        # The article that is quoted first, then what the article rests on.
        quoted.append(QuotedSentence(sentence.text, (page, *numbers), span))
    topic = section.topics[0] if section.topics else ""
    return Block(topic, section.heading, tuple(quoted))


def _article_source(article: Article, section: Section, number: int) -> Source:
    title = f"{article.title} ({section.heading})"
    return Source(number, "article", title, article.url, article.id, section.id)


def _reference_source(article: Article, reference: Reference, number: int) -> Source:
    title = f"{reference.publisher}. {reference.title}. {reference.year}"
    return Source(number, "reference", title, reference.url, article.id)


def _related(corpus: Corpus, article: Article) -> Iterable[tuple[str, Related]]:
    for other in article.related:
        if other in corpus.article_by_id:
            found = corpus.article_by_id[other]
            yield other, Related(found.id, found.title, found.url)


def _answer_id(corpus: Corpus, blocks: Sequence[Block]) -> str:
    spans = [
        f"{s.source.article} {s.source.start} {s.source.end}" for b in blocks for s in b.sentences
    ]
    return digest("\n".join([corpus.version, *spans]))[:32]
