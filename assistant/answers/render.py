"""The plain text of a message: what the shell and text messages show."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import wording
from assistant.message import Block, Choice, QuotedSentence, Source


def answer_text(blocks: Sequence[Block], sources: Sequence[Source]) -> str:
    """Blocks with source numbers in brackets, then the numbered sources."""
    parts = []
    for block in blocks:
        heading = f"{block.heading}: " if len(blocks) > 1 else ""
        parts.append(heading + " ".join(map(_quoted, block.sentences)))
    parts.append("\n".join([wording.SOURCES, *map(source_line, sources)]))
    return "\n\n".join(parts)


def source_line(source: Source) -> str:
    """One source on one line: `[2] Title. https://...`."""
    return f"[{source.number}] {source.title}" + (f" {source.url}" if source.url else "")


def with_choices(text: str, choices: Sequence[Choice]) -> str:
    """A text that names its choices, for where nothing can be pressed."""
    if not choices:
        return text
    return "\n".join([text, *(f"- {choice.title}" for choice in choices)])


def _quoted(sentence: QuotedSentence) -> str:
    numbers = "".join(f"[{number}]" for number in sentence.citations)
    return f"{sentence.text} {numbers}"
