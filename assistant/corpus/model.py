"""What an article is made of, once parsed. Frozen: nothing changes a corpus in place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

ASPECTS = (
    "definition",
    "reason",
    "process",
    "benefit",
    "evidence",
    "duration",
    "cost",
    "risk",
    "comparison",
    "who",
    "how-to",
)


def aspect_of_intent(intent: str) -> str | None:
    """The aspect that an intent such as `ask_how_to` asks for; None for other intents."""
    aspect = intent.removeprefix("ask_").replace("_", "-")
    return aspect if aspect in ASPECTS else None


@dataclass(frozen=True)
class Reference:
    """A publication that an article cites, as its footnote states it."""

    id: str
    publisher: str
    title: str
    year: str
    url: str
    line: int


@dataclass(frozen=True)
class Sentence:
    """One sentence of an article.

    Attributes:
        text: the sentence as shown: without markup, white space folded.
        start: offset of its first character in the article's body.
        end: offset after its last character, footnote marks not counted.
        sha256: of `body[start:end]` in UTF-8, hexadecimal.
        references: ids of the references that support it, in order.
        line: 1-based line in the file.
    """

    text: str
    start: int
    end: int
    sha256: str
    references: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Section:
    """A heading, the questions that it answers, and its sentences."""

    id: str
    heading: str
    topics: tuple[str, ...]
    aspects: tuple[str, ...]
    questions: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    line: int


@dataclass(frozen=True)
class Article:
    """An article of the corpus.

    Attributes:
        body: the text after the front matter, white space at both ends taken off;
            what every offset counts in.
        file: path of its file, for messages to an editor.
        draft: its questions are still those that the importer proposed.
    """

    id: str
    title: str
    url: str | None
    published: date
    updated: date
    related: tuple[str, ...]
    body: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    file: str
    draft: bool = False

    def section(self, section_id: str) -> Section:
        """The section of that id.

        Raises:
            KeyError: there is none.
        """
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    @cached_property
    def reference_by_id(self) -> dict[str, Reference]:
        """References by their id."""
        return {reference.id: reference for reference in self.references}


@dataclass(frozen=True)
class Topic:
    """A glossary entry: one thing that people ask about, and its names."""

    id: str
    category: str
    name: str
    other_names: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, the plain one first."""
        return (self.name, *self.other_names)


@dataclass(frozen=True)
class Corpus:
    """All articles and the glossary, as of one moment.

    Attributes:
        version: SHA-256 over all that was read; the same files, the same version.
    """

    articles: tuple[Article, ...]
    glossary: tuple[Topic, ...]
    version: str

    @property
    def drafted(self) -> bool:
        """Whether no editor has written the questions of any article yet."""
        return all(article.draft for article in self.articles)

    @cached_property
    def article_by_id(self) -> dict[str, Article]:
        """Articles by their id."""
        return {article.id: article for article in self.articles}

    @cached_property
    def topic_by_id(self) -> dict[str, Topic]:
        """Glossary entries by their id."""
        return {topic.id: topic for topic in self.glossary}

    @cached_property
    def section_by_key(self) -> dict[str, tuple[Article, Section]]:
        """Every section with its article, by `section_key`."""
        return {
            section_key(article, section): (article, section)
            for article, section in self.sections()
        }

    def sections(self) -> Iterator[tuple[Article, Section]]:
        """Every section with its article, in the corpus's order."""
        for article in self.articles:
            for section in article.sections:
                yield article, section


def section_key(article: Article, section: Section) -> str:
    """Names a section in the whole corpus: "article#section"."""
    return f"{article.id}#{section.id}"


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
