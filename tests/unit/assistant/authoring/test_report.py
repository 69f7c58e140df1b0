from __future__ import annotations

import re

from assistant.authoring.findings import Finding
from assistant.authoring.report import corpus_report
from tests.unit.articles import GOOD, changed, corpus_of


def test_the_report_shows_coverage_references_findings_and_gaps() -> None:
    corpus = corpus_of(GOOD, changed("id: care", "id: more"))
    finding = Finding("1.md", 8, "The section has 3 questions.", "Write 4.")
    page = corpus_report(corpus, [finding], ["more#cbt"], 7)
    assert "2 articles, 2 sections" in " ".join(page.split())
    # One row for the topic; "definition" and "process" are covered twice, the rest not.
    (row,) = re.findall(r"<tr><th scope=\"row\">cbt</th>(.*?)</tr>", page, re.DOTALL)
    assert re.findall(r">(\d*)</td>", row).count("2") == 2
    assert "World Health Organization" in page
    assert "1.md:8: The section has 3 questions. Write 4." in page
    assert "more#cbt" in page
    assert "7 of the project" in page


def test_what_an_article_says_is_text_in_the_report() -> None:
    corpus = corpus_of(changed("title: A guide to care", "title: <script>alert(1)</script>"))
    page = corpus_report(corpus, [], [], 0)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_report_asks_nobody_else_for_anything() -> None:
    page = corpus_report(corpus_of(GOOD), [], [], 0)
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=|url\(|@import", page)
