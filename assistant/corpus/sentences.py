"""Cuts a paragraph into sentences, with their place and their references."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer

from assistant.corpus.markup import FOOTNOTE_MARK, plain_text
from assistant.corpus.model import Sentence, digest


def split_sentences(paragraph: str, offset: int, line: int) -> list[Sentence]:
    """Sentences of one paragraph.

    Args:
        paragraph: the paragraph as it stands in the body, marks included.
        offset: where in the body it begins, in characters.
        line: 1-based line of the file on which it begins.

    Returns:
        Its sentences in order; a footnote mark belongs to the sentence that it
        stands in or after.
    """
    # Marks become spaces: offsets stay, and the splitter sees only words.
    blanked = FOOTNOTE_MARK.sub(lambda mark: " " * len(mark[0]), paragraph)
    spans = list(_spans(blanked))
    sentences = []
    for number, (start, end) in enumerate(spans):
        since = start if number else 0
        until = spans[number + 1][0] if number + 1 < len(spans) else len(paragraph)
        raw = paragraph[start:end]
        sentences.append(
            Sentence(
                text=plain_text(raw),
                start=offset + start,
                end=offset + end,
                sha256=digest(raw),
                references=tuple(dict.fromkeys(FOOTNOTE_MARK.findall(paragraph[since:until]))),
                line=line + paragraph.count("\n", 0, start),
            )
        )
    return sentences


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for sentence in _splitter()(text).sents:
        stripped = sentence.text.strip()
        if stripped:
            start = sentence.start_char + sentence.text.index(stripped[0])
            yield start, start + len(stripped)


@lru_cache(maxsize=1)
def _splitter() -> Language:
    # spaCy's English tokenizer knows abbreviations such as "Dr." and "e.g.", not these.
    language = spacy.blank("en")
    tokenizer = language.tokenizer
    assert isinstance(tokenizer, Tokenizer)  # noqa: S101 - tells mypy what spaCy's types do not
    for abbreviation in ("al.", "Fig.", "No.", "approx."):
        tokenizer.add_special_case(abbreviation, [{"ORTH": abbreviation}])
    language.add_pipe("sentencizer")
    return language
