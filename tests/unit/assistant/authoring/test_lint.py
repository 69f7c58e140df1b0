from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant.authoring.lint import STALE_AFTER, lint
from assistant.corpus.model import Corpus
from tests.unit.articles import GOOD, changed, corpus_of, with_paragraph

TODAY = date(2024, 6, 1)


def _findings(*texts: str, today: date = TODAY) -> list[str]:
    return [str(finding) for finding in lint(corpus_of(*texts), today)]


def test_the_real_corpus_has_no_finding(corpus: Corpus) -> None:
    # Its age is for `make lint-corpus` to say, which knows the day.
    newest = max(article.updated for article in corpus.articles)
    assert [str(finding) for finding in lint(corpus, newest)] == []


def test_a_good_article_has_no_finding() -> None:
    assert _findings(GOOD) == []


CASES = [
    (changed("related: []", "draft: true"), 1, "The questions are the importer's."),
    (with_paragraph("CBT helps. [^who] CBT works. [^x]"), 16, "[^x] is defined nowhere."),
    (GOOD + "\n[^x]: P. *T*. 2020. <https://a.org/>\n", 20, "[^x] is never cited."),
    (changed("https://www", "http://www"), 18, "http://www.who.int/care is not an https"),
    (changed("https://www.who.int/care", "https://who"), 18, "https://who is not an https"),
    (with_paragraph("CBT helps. CBT works. [^who]"), 16, "This sentence has no reference."),
    (changed('topics="cbt"', 'topics="cbt,knitting"'), 8, "`knitting` is not in the glossary."),
    (changed("definition,", "meaning,"), 8, "`meaning` is no aspect."),
    (changed('topics="cbt" ', ""), 8, "The section has no topics."),
    (changed("- What happens in CBT?\n", ""), 8, "The section has 3 questions."),
    (with_paragraph("CBT helps a person. [^who]"), 8, "The section has 1 sentences."),
    (
        with_paragraph(
            "Psychotherapeutic interventions necessitate considerable interdisciplinary "
            "collaboration. [^who] Individualized rehabilitation incorporates "
            "multidimensional considerations. [^who]"
        ),
        8,
        "The section reads at grade",
    ),
    (with_paragraph("An addict can heal. [^who] CBT works. [^who]"), 16, "`addict` can hurt."),
    (with_paragraph("Drug users can heal. [^who] CBT works. [^who]"), 16, "`users` can hurt."),
    (with_paragraph("Drug abuse is hard. [^who] CBT works. [^who]"), 16, "`Drug abuse` can"),
    (with_paragraph("You can stay clean. [^who] CBT works. [^who]"), 16, "`stay clean` can"),
    (with_paragraph("An alcoholic heals. [^who] CBT works. [^who]"), 16, "`alcoholic` can"),
    (with_paragraph("Have a dirty test. [^who] CBT works. [^who]"), 16, "`dirty test` can"),
    (with_paragraph("A drug habit is hard. [^who] CBT works. [^who]"), 16, "`drug habit` can"),
    (
        with_paragraph("Click here for more. [^who] CBT works. [^who]"),
        16,
        "`Click here` looks like a part of the web page.",
    ),
    (
        with_paragraph("CBT works. [^who] It helps. [^who]"),
        16,
        "A sentence that begins with `It` cannot be quoted alone.",
    ),
    (with_paragraph("CBT *really* helps. [^who] CBT works. [^who]"), 16, "has markup"),
    (with_paragraph("CBT\nhelps. [^who] CBT works. [^who]"), 16, "a line break"),
    (with_paragraph("CBT [^who] helps. CBT works. [^who]"), 16, "a reference inside"),
    (changed("related: []", "related: [dbt]"), 1, "The related article `dbt` is not there."),
    (changed("updated: 2024-01-02", "updated: 2023-01-02"), 1, "before `published`"),
    (changed("updated: 2024-01-02", "updated: 2025-01-02"), 1, "in the future"),
    (changed("- What happens in CBT?", "- What is CBT?\n- Why CBT?"), 8, "A question stands"),
    (
        with_paragraph("CBT helps you. [^who] CBT works. [^who] CBT helps you. [^who]"),
        16,
        "A sentence stands",
    ),
    (GOOD + "\n[^who]: P. *T*. 2020. <https://a.org/>\n", 20, "A reference id stands"),
]


@pytest.mark.parametrize(
    ("text", "line", "words"), CASES, ids=[f"{line} {words}" for _, line, words in CASES]
)
def test_what_falls_short_is_said_with_its_line(text: str, line: int, words: str) -> None:
    findings = _findings(text)
    assert [f for f in findings if f.startswith(f"1.md:{line}: ") and words in f], findings
    # Nothing else is wrong with it.
    assert len(findings) == 1


def test_advice_needs_no_reference() -> None:
    text = with_paragraph("CBT helps. [^who] CBT works. [^who] Ask the program about CBT.")
    assert _findings(text) == []


def test_names_that_hold_a_hurtful_word_are_left() -> None:
    text = with_paragraph("Alcoholics Anonymous can help. [^who] CBT works. [^who]")
    assert _findings(text) == []


def test_an_article_is_stale_after_three_years() -> None:
    updated = date(2024, 1, 2)
    assert _findings(GOOD, today=updated + STALE_AFTER) == []
    (finding,) = _findings(GOOD, today=updated + STALE_AFTER + timedelta(days=1))
    assert "1.md:1: The article was last updated on 2024-01-02." in finding


def test_what_stands_in_two_articles_is_said_with_both_places() -> None:
    findings = _findings(GOOD, changed("id: care", "id: more"))
    assert "2.md:16: A sentence stands at 1.md:16 already. Keep one of the two." in findings
    assert "2.md:8: A question stands at 1.md:8 already. Keep one of the two." in findings


def test_a_section_id_stands_once_in_an_article() -> None:
    again = GOOD[GOOD.index("## ") : GOOD.index("[^who]:")]
    findings = _findings(GOOD + "\n" + again.replace("CBT", "the therapy"))
    assert any(": A section id stands at 1.md:8 already." in finding for finding in findings)


def test_findings_come_in_the_order_of_the_file() -> None:
    text = with_paragraph("It helps. CBT works. [^x]").replace('"cbt"', '"knitting"')
    lines = [int(finding.split(":")[1]) for finding in _findings(text)]
    assert lines == sorted(lines)
    assert len(lines) >= 4
