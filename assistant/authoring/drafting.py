"""Makes an article's draft of an imported file: its words, in the corpus's format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from dateutil import parser as dates
from slugify import slugify

from assistant.authoring import page_matter
from assistant.authoring.citations import (
    ListedReference,
    escaped,
    read_references,
    with_footnote_marks,
    without_addresses,
)
from assistant.authoring.pieces import Piece, Source
from assistant.authoring.proposing import Proposer
from assistant.corpus.parse import parse_article
from assistant.errors import ImportRefusedError

_MAX_SLUG = 60
# "July 6, 2024" and "Updated: 6 July 2024" are dates; a sentence with a date is none.
_MAX_DATE_WORDS = 6


@dataclass(frozen=True)
class Draft:
    """An article to be finished by an editor.

    Attributes:
        id: the article's id and file name.
        text: the whole file.
        left_out: what of the source is not in it.
        to_do: what an editor still has to do.
    """

    id: str
    text: str
    left_out: tuple[str, ...]
    to_do: tuple[str, ...]


@dataclass
class _Section:
    heading: str
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class _Outline:
    """A source, sorted."""

    title: str
    published: date | None = None
    updated: date | None = None
    sections: list[_Section] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def make_draft(source: Source, name: str, today: date, proposer: Proposer) -> Draft:
    """Makes a draft.

    Args:
        source: the file, read.
        name: the file's name, for messages.
        today: the date of an article that states none.
        proposer: of topics and questions.

    Raises:
        ImportRefusedError: there are no headings, or nothing below them.
    """
    outline = _outline(source, name)
    references = [*read_references(outline.entries), *_noted(source.notes)]
    to_do: list[str] = []
    body = "\n\n".join(
        [*_sections(outline.sections, references, proposer, to_do), *_footnotes(references, to_do)]
    )
    if outline.published is None:
        to_do.insert(0, "Set `published` and `updated`: the file states no date.")
    published = outline.published or today
    described: dict[str, Any] = {
        "id": slugify(outline.title, max_length=_MAX_SLUG, word_boundary=True),
        "title": outline.title,
        "url": None,
        "published": published,
        # A copy: YAML would write the same object as a mark that points to it.
        "updated": (outline.updated or published).replace(),
        "related": [],
        "draft": True,
    }
    front_matter = yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=1000)
    text = f"---\n{front_matter}---\n{body}\n"
    parse_article(text, f"{described['id']}.md")
    return Draft(str(described["id"]), text, tuple(outline.left_out), tuple(to_do))


def _outline(source: Source, name: str) -> _Outline:
    pieces = list(source.pieces)
    outline = _Outline(_title(source, pieces), left_out=list(source.left_out))
    _take_dates(outline, pieces, source.published)
    if not any(piece.kind == "heading" for piece in pieces):
        raise ImportRefusedError(
            f"{name} has no headings; give each part one, on a line of its own."
        )
    _sort(outline, pieces)
    outline.sections = [section for section in outline.sections if section.paragraphs]
    if not outline.sections:
        raise ImportRefusedError(f"{name} has no text below its headings.")
    return outline


def _title(source: Source, pieces: list[Piece]) -> str:
    """Takes the title from the pieces, where it stands among them."""
    first = pieces[0] if pieces else None
    if source.title and not (first and slugify(first.text) == slugify(source.title)):
        return source.title
    if first is None:
        return source.title
    return pieces.pop(0).text


def _take_dates(outline: _Outline, pieces: list[Piece], published: str) -> None:
    """Takes the dates that stand between the title and the text."""
    found = [_date(published)] if published else []
    for piece in list(pieces[:4]):
        if piece.kind != "item" and (stated := _date(piece.text)):
            found.append(stated)
            pieces.remove(piece)
    known = sorted(day for day in found if day)
    if known:
        outline.published, outline.updated = known[0], known[-1]


def _date(text: str) -> date | None:
    if len(text.split()) > _MAX_DATE_WORDS or not any(char.isdigit() for char in text):
        return None
    words = text.rsplit(":", maxsplit=1)[-1] if ":" in text else text
    for prefix in ("last updated", "published", "updated", "reviewed", "posted"):
        if words.lower().strip().startswith(prefix):
            words = words.strip()[len(prefix) :].removeprefix(" on")
    try:
        # Two defaults: what is not stated would be filled in from them, and differ.
        first, second = (dates.parse(words, default=day) for day in _DEFAULTS)
    except (ValueError, OverflowError):
        return None
    return first.date() if first == second else None


_DEFAULTS = (dates.parse("2001-01-01"), dates.parse("2002-02-02"))


def _sort(outline: _Outline, pieces: Sequence[Piece]) -> None:
    """Gives each piece its place: a section, the references, or what is left out."""
    place = "body"
    for piece in pieces:
        if page_matter.begins_references(piece.text):
            place = "references"
        elif page_matter.ends_article(piece.text):
            place = "below"
            outline.left_out.append(piece.text)
        elif place == "below" or page_matter.is_page_matter(piece.text):
            outline.left_out.append(piece.text)
        elif place == "references":
            if piece.kind == "heading":
                place = "body"
                outline.sections.append(_Section(piece.text))
            else:
                outline.entries.append(piece.text)
        elif piece.kind == "heading":
            outline.sections.append(_Section(piece.text))
        else:
            if not outline.sections:
                outline.sections.append(_Section(outline.title))
            outline.sections[-1].paragraphs.append(piece.text)


def _noted(notes: Sequence[tuple[str, str]]) -> Iterator[ListedReference]:
    for label, words in notes:
        (reference,) = read_references([words])
        yield ListedReference(label, reference.words, reference.url)


def _sections(
    sections: Sequence[_Section],
    references: Sequence[ListedReference],
    proposer: Proposer,
    to_do: list[str],
) -> Iterator[str]:
    known = {reference.label: reference for reference in references if reference.url}
    listed = {reference.url for reference in references}
    ids: dict[str, int] = {}
    asked: set[str] = set()
    for section in sections:
        proposal = proposer.propose(section.heading, section.paragraphs)
        questions = [q for q in proposal.questions if q.lower() not in asked]
        asked |= {question.lower() for question in questions}
        topics, aspects = ",".join(proposal.topics), ",".join(proposal.aspects)
        attributes = f'#{_unique(section.heading, ids)} topics="{topics}" aspects="{aspects}"'
        heading = escaped(section.heading).replace("{", "(").replace("}", ")")
        yield f"## {heading} {{{attributes}}}"
        if questions:
            yield "questions:\n" + "\n".join(f"- {escaped(question)}" for question in questions)
        for paragraph in section.paragraphs:
            words, links = without_addresses(paragraph)
            marked, unknown = with_footnote_marks(words, known)
            unlisted = [link for link in links if link not in listed]
            to_do += [f"The text links to {link}: cite it, if it is a source." for link in unlisted]
            to_do += [f"The text cites [{label}], which is not listed." for label in unknown]
            yield marked
    to_do.append("Rewrite the questions: they were made from the headings. People ask otherwise.")
    to_do.append("Take `draft: true` out, once they are rewritten.")
    to_do.append("Look through each section's topics and aspects: they were guessed.")


def _footnotes(references: Sequence[ListedReference], to_do: list[str]) -> Iterator[str]:
    for reference in references:
        if reference.url:
            yield reference.footnote()
        else:
            to_do.append(f"The reference [{reference.label}] has no address and was left out.")
    if any(reference.url for reference in references):
        to_do.append("Complete the references: publisher, title, year as their pages state them.")


def _unique(heading: str, ids: dict[str, int]) -> str:
    slug = slugify(heading, max_length=_MAX_SLUG, word_boundary=True) or "section"
    ids[slug] = ids.get(slug, 0) + 1
    return slug if ids[slug] == 1 else f"{slug}-{ids[slug]}"
