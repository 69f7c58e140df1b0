"""`make gaps`: writes what people asked that the articles do not answer as an HTML page."""

from __future__ import annotations

import sys
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from assistant.gaps.grouping import distinct_texts, group_gaps
from assistant.gaps.redaction import GONE
from assistant.gaps.report import Nearest, gaps_report, rows
from assistant.gaps.store import GapStore
from assistant.retrieval.search import Searcher
from assistant.settings import ROOT, load_settings
from commands.steps import fail, step

REPORT = ROOT / "results" / "gaps.html"
_SHOWN_IN_TERMINAL = 10


def main() -> int:
    """Writes the page; returns the exit status."""
    try:
        settings = load_settings()
        store = GapStore(settings)
        gaps = store.gaps()
        texts = distinct_texts(gaps)
        with step(f"Grouping {len(gaps)} questions without an answer"):
            searcher = Searcher.load(settings.corpus, settings.models_dir)
            vectors = searcher.parts.encoder.encode([_readable(text) for text in texts])
            grouped = group_gaps(gaps, texts, vectors, date.today())
            nearest = [_nearest(searcher, group.examples[0]) for group in grouped.groups]
        shown = rows(searcher.corpus, grouped, nearest)
        page = gaps_report(grouped, shown, store.votes(), store.out_of_scope())
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(page, "utf-8")
    except AssistantError as error:
        return fail(str(error))
    except SQLAlchemyError:
        return fail("The store of content gaps cannot be read.")
    except OSError as error:
        return fail(f"{REPORT} cannot be written: {error.strerror}.")
    for row in shown[:_SHOWN_IN_TERMINAL]:
        print(f"{row.group.conversations:>5}  {row.question}\n       {row.proposal}")
    print(f"Small groups: {grouped.small}. Written: {REPORT.relative_to(ROOT)}")
    return 0


def _nearest(searcher: Searcher, text: str) -> Nearest:
    query = searcher.read(_readable(text))
    result = searcher.search(query)
    best = result.sections[0]
    questions = searcher.parts.encoder.encode(best.section.questions)
    likeness = float((questions @ result.vector).max(initial=0.0))
    return Nearest(best.key, likeness, result.answerable, query.topics)


def _readable(text: str) -> str:
    """Without the marks of what was left out, which mean nothing to a search."""
    return " ".join(word for word in text.split() if word.rstrip("?") != GONE)


if __name__ == "__main__":
    sys.exit(main())
