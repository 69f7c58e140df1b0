"""Reads one article file into an `Article`.

A file that cannot be an article raises `CorpusError` with its line; what is
merely poor is left for `lint`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from markdown_it.token import Token
from mdit_py_plugins.attrs.parse import ParseError
from mdit_py_plugins.attrs.parse import parse as parse_attributes

from assistant.corpus.markup import block_tokens
from assistant.corpus.model import Article, Reference, Section, Sentence
from assistant.corpus.sentences import split_sentences
from assistant.errors import CorpusError

_QUESTIONS = "questions:"


def parse_article(text: str, file: str) -> Article:
    """Parses the text of an article file.

    Args:
        text: the whole file.
        file: its path, for messages.

    Raises:
        CorpusError: front matter, a heading or a footnote is missing or malformed.
    """
    try:
        post = frontmatter.loads(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or error
        line = mark.line + 2 if mark else 1
        raise CorpusError(f"The front matter is not YAML: {problem}.", file, line) from None
    except ValueError as error:
        raise CorpusError(f"A date in the front matter is none: {error}.", file, 1) from None
    body = _Body(post.content, file, _lines_before(text, post.content))
    sections, references = _read_blocks(body)
    return Article(
        **_front_matter(post.metadata, file),
        body=body.text,
        sections=tuple(section.finished() for section in sections),
        references=tuple(references),
        file=file,
    )


def read_article(path: Path, shown_as: str) -> Article:
    """Reads and parses an article file.

    Raises:
        CorpusError: as `parse_article`, or the file is not UTF-8 text.
    """
    try:
        # A byte order mark, as some editors write, is not part of the text.
        return parse_article(path.read_text("utf-8-sig"), shown_as)
    except UnicodeDecodeError:
        raise CorpusError("The file is not UTF-8 text.", shown_as) from None
    except OSError as error:
        raise CorpusError(f"Cannot be read: {error.strerror}.", shown_as) from None


@dataclass
class _Body:
    text: str
    file: str
    lines_before: int
    offsets: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.offsets = [0]
        # Not splitlines(): Markdown's lines end in "\n" alone, Unicode's also elsewhere.
        for line in self.text.split("\n"):
            self.offsets.append(self.offsets[-1] + len(line) + 1)

    def line(self, token: Token) -> int:
        """1-based line of the file on which a block begins."""
        return self.lines_before + (token.map[0] if token.map else 0) + 1

    def error(self, message: str, token: Token) -> CorpusError:
        return CorpusError(message, self.file, self.line(token))

    def sentences(self, inline: Token) -> list[Sentence]:
        """Sentences of a paragraph's inline token."""
        start = self.offsets[inline.map[0] if inline.map else 0]
        content = inline.content
        if self.text[start : start + len(content)] != content:
            raise self.error("A paragraph's lines may not be indented or end in spaces.", inline)
        return split_sentences(content, start, self.line(inline))


@dataclass
class _SectionDraft:
    id: str
    heading: str
    topics: tuple[str, ...]
    aspects: tuple[str, ...]
    line: int
    questions: list[str] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    def finished(self) -> Section:
        return Section(
            self.id,
            self.heading,
            self.topics,
            self.aspects,
            tuple(self.questions),
            tuple(self.sentences),
            self.line,
        )


def _read_blocks(body: _Body) -> tuple[list[_SectionDraft], list[Reference]]:
    sections: list[_SectionDraft] = []
    references: list[Reference] = []
    listing_questions = False
    for inside, inline in _inlines(body):
        if inside == "footnote":
            references.append(_reference(inline, inline.meta["label"], body))
        elif inside == "heading":
            sections.append(_heading(inline, body))
        elif not sections:
            raise body.error("There is text before the first section heading.", inline)
        elif inline.content.strip() == _QUESTIONS:
            listing_questions = True
            continue
        elif inside == "list" and listing_questions:
            sections[-1].questions.append(" ".join(inline.content.split()))
            continue
        elif inside == "list":
            raise body.error(f"A list may stand only under `{_QUESTIONS}`.", inline)
        else:
            sections[-1].sentences.extend(body.sentences(inline))
        listing_questions = False
    return sections, references


def _inlines(body: _Body) -> Iterator[tuple[str, Token]]:
    """Each piece of inline text, with what it stands in."""
    inside: list[Token] = []
    filled: Token | None = None
    for token in block_tokens(body.text):
        _refuse_foreign(token, body)
        if token.nesting == 1:
            inside.append(token)
        elif token.nesting == -1:
            inside.pop()
        else:
            kind, owner = _owner(inside)
            if kind == "footnote":
                token.meta["label"] = owner.meta["label"]
            elif kind == "list" and owner is filled:
                raise body.error("A question is one paragraph; indent nothing below it.", token)
            filled = owner
            yield kind, token


def _refuse_foreign(token: Token, body: _Body) -> None:
    """Raises CorpusError for what an article cannot have: tables, code, HTML, other headings."""
    if token.type == "heading_open" and token.tag != "h2":
        raise body.error("Only second-level headings (##) make sections.", token)
    if token.nesting == 0 and token.type != "inline":
        raise body.error(f"An article has no {token.type.replace('_', ' ')}.", token)
    if any(child.type == "html_inline" for child in token.children or []):
        raise body.error("An article has no HTML.", token)


def _owner(inside: list[Token]) -> tuple[str, Token]:
    """What a piece of text belongs to: a footnote, a list item, else its own block."""
    for token in inside:
        if token.type == "footnote_reference_open":
            return "footnote", token
        if token.type == "list_item_open":
            return "list", token
    return inside[-1].type.removesuffix("_open"), inside[-1]


def _heading(inline: Token, body: _Body) -> _SectionDraft:
    heading, brace, rest = inline.content.partition("{")
    try:
        _, attributes = parse_attributes(brace + rest)
    except ParseError:
        raise body.error('A heading ends in {#id topics="..." aspects="..."}.', inline) from None
    if not attributes.get("id"):
        raise body.error("A heading needs an id, as in {#cbt}.", inline)
    return _SectionDraft(
        id=attributes["id"],
        heading=heading.strip(),
        topics=_listed(attributes.get("topics", "")),
        aspects=_listed(attributes.get("aspects", "")),
        line=body.line(inline),
    )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _reference(inline: Token, label: str, body: _Body) -> Reference:
    """A footnote `Publisher. *Title*. Year. <https://...>`."""
    parts = {"publisher": "", "title": "", "year": "", "url": ""}
    place = "publisher"
    for token in inline.children or []:
        if token.type == "em_open":
            place = "title"
        elif token.type == "em_close":
            place = "year"
        elif token.type == "link_open":
            parts["url"] = str(token.attrGet("href"))
            place = "link"
        elif token.type == "text" and place in parts:
            parts[place] += token.content
    parts = {name: value.strip().strip(".").strip() for name, value in parts.items()}
    if parts["year"] == "n.d":
        parts["year"] = "n.d."
    missing = [name for name, value in parts.items() if not value]
    if missing:
        raise body.error(
            f"Footnote {label} has no {missing[0]}; "
            "it reads `Publisher or authors. *Title*. Year. <https://...>`.",
            inline,
        )
    return Reference(id=label, line=body.line(inline), **parts)


def _front_matter(metadata: dict[str, Any], file: str) -> dict[str, Any]:
    for key in ("id", "title", "published", "updated"):
        if not metadata.get(key):
            raise CorpusError(f"The front matter has no `{key}`.", file, 1)
    for key in ("published", "updated"):
        if type(metadata[key]) is not date:
            raise CorpusError(f"`{key}` is not a date such as 2024-07-06.", file, 1)
    related = metadata.get("related") or []
    if not (isinstance(related, list) and all(isinstance(other, str) for other in related)):
        raise CorpusError("`related` is not a list of article ids.", file, 1)
    draft = metadata.get("draft") or False
    if not isinstance(draft, bool):
        raise CorpusError("`draft` is not true or false.", file, 1)
    return {
        "id": str(metadata["id"]),
        "title": str(metadata["title"]),
        "url": metadata.get("url"),
        "published": metadata["published"],
        "updated": metadata["updated"],
        "related": tuple(related),
        "draft": draft,
    }


def _lines_before(text: str, body: str) -> int:
    return text[: text.find(body)].count("\n") if body else 0
