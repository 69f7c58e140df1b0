"""Shows what the corpus covers, rests on and lacks, as one HTML page for editors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2

from assistant.authoring.findings import Finding
from assistant.corpus.model import ASPECTS, Article, Corpus, Reference

_TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True)
class _Row:
    """An article in the table."""

    title: str
    file: str
    updated: date
    sections: int
    questions: int
    references: int
    grade: float


def corpus_report(
    corpus: Corpus, findings: Sequence[Finding], unreached: Sequence[str], asked: int
) -> str:
    """The page.

    Args:
        corpus: the articles.
        findings: of the lint.
        unreached: keys of sections that none of the questions asked leads to.
        asked: how many questions those were.
    """
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text("utf-8"))
    references = list(_distinct_references(corpus))
    coverage = _coverage(corpus)
    return template.render(
        aspects=ASPECTS,
        coverage=sorted(coverage.items()),
        most=max((n for counts in coverage.values() for n in counts.values()), default=1),
        uncovered=sorted(topic.name for topic in corpus.glossary if topic.id not in coverage),
        rows=[_row(article) for article in corpus.articles],
        publishers=_counted(reference.publisher for reference in references),
        years=sorted(_counted(reference.year for reference in references)),
        references=len(references),
        findings=[str(finding) for finding in findings],
        unreached=unreached,
        asked=asked,
    )


def _coverage(corpus: Corpus) -> Mapping[str, Mapping[str, int]]:
    """How many sections cover each aspect of each topic, by the topic's name."""
    coverage: dict[str, Counter[str]] = defaultdict(Counter)
    for _, section in corpus.sections():
        for topic in section.topics:
            coverage[topic].update(section.aspects)
    return coverage


def _row(article: Article) -> _Row:
    # Imported here: it takes half a second to load.
    import textstat

    text = " ".join(s.text for section in article.sections for s in section.sentences)
    return _Row(
        article.title,
        article.file,
        article.updated,
        len(article.sections),
        sum(len(section.questions) for section in article.sections),
        len(article.references),
        textstat.flesch_kincaid_grade(text),
    )


def _distinct_references(corpus: Corpus) -> Iterable[Reference]:
    by_url = {r.url: r for article in corpus.articles for r in article.references}
    return by_url.values()


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    return Counter(values).most_common()
