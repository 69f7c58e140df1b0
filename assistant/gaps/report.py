"""Shows editors what people asked that the articles do not answer, as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2

from assistant.corpus.model import Corpus
from assistant.gaps.grouping import ALIKE, MIN_CONVERSATIONS, Group, Grouped
from assistant.gaps.votes import SectionVotes

_TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True)
class Nearest:
    """The section that comes nearest to a question.

    Attributes:
        section: its key.
        likeness: cosine of the question and the likest of the section's own questions.
        answers: whether the assistant would answer from it now.
        topics: glossary ids that the question names.
    """

    section: str
    likeness: float
    answers: bool
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A group as the page shows it."""

    group: Group
    nearest: str
    proposal: str

    @property
    def question(self) -> str:
        """The most typical text."""
        return self.group.examples[0]


def rows(corpus: Corpus, grouped: Grouped, nearest: Sequence[Nearest]) -> list[Row]:
    """The groups with what is proposed for each.

    Args:
        corpus: the articles.
        grouped: the gaps.
        nearest: for each group in turn.
    """
    return [
        Row(group, _place(corpus, near.section), proposal(corpus, group, near))
        for group, near in zip(grouped.groups, nearest, strict=True)
    ]


def proposal(corpus: Corpus, group: Group, nearest: Nearest) -> str:
    """What an editor may do about a group, in a sentence.

    Args:
        corpus: the articles.
        group: what was asked.
        nearest: the section that comes nearest to it.
    """
    place = _place(corpus, nearest.section)
    if nearest.answers and not group.missed:
        return f"It is answered by now: {place}. Nothing to do."
    if nearest.answers or nearest.likeness >= ALIKE:
        return f"Read {place}. If it answers this, add the question to it; if not, add a section."
    topic = next((t for t in (*nearest.topics, *group.topics) if t in corpus.topic_by_id), None)
    if topic is None:
        return f"No article is about this. Write one, or add a section. Nearest: {place}."
    name = corpus.topic_by_id[topic].name
    title = _article_on(corpus, topic)
    if title is None:
        return f'No article is about "{name}" yet. Write one.'
    return f'"{title}" is about "{name}" and lacks a section on this.'


def gaps_report(
    grouped: Grouped, shown: Sequence[Row], votes: Sequence[SectionVotes], off: int
) -> str:
    """The page.

    Args:
        grouped: the gaps.
        shown: from `rows`.
        votes: on sections.
        off: how many messages were of another field altogether.
    """
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text("utf-8"))
    return template.render(
        rows=shown,
        small=grouped.small,
        textless=grouped.textless,
        least=MIN_CONVERSATIONS,
        votes=votes,
        off=off,
        day=date.today(),
    )


def _place(corpus: Corpus, key: str) -> str:
    found = corpus.section_by_key.get(key)
    if found is None:
        return key
    article, section = found
    return f'"{section.heading}" in "{article.title}"'


def _article_on(corpus: Corpus, topic: str) -> str | None:
    """Title of the article most of whose sections are really about a topic."""
    counts: dict[str, int] = {}
    for article, section in corpus.sections():
        if section.topics[:1] == (topic,):
            counts[article.title] = counts.get(article.title, 0) + 1
    return max(counts, key=lambda title: counts[title], default=None)
