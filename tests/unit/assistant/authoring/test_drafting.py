from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.authoring.drafting import Draft, make_draft
from assistant.authoring.from_text import read_text
from assistant.authoring.proposing import Proposer
from assistant.authoring.sources import read_source
from assistant.corpus.model import Article
from assistant.corpus.parse import parse_article
from assistant.errors import ImportRefusedError
from tests.unit.assistant.authoring.conftest import PASTED, SENTENCES

TODAY = date(2024, 6, 1)


@pytest.fixture
def draft(proposer: Proposer) -> Draft:
    return make_draft(read_text(PASTED), "sleep.txt", TODAY, proposer)


@pytest.fixture
def article(draft: Draft) -> Article:
    return parse_article(draft.text, f"{draft.id}.md")


def test_title_and_dates_are_taken_over(article: Article) -> None:
    assert article.title == "Why Sleep Matters in Early Recovery"
    assert article.id == "why-sleep-matters-in-early-recovery"
    assert (article.published, article.updated) == (date(2024, 3, 3), date(2024, 5, 9))


def test_every_sentence_is_there_once_and_verbatim(article: Article) -> None:
    sentences = [s.text for section in article.sections for s in section.sentences]
    assert sentences[:5] == SENTENCES
    assert len(sentences) == len(set(sentences)) == 6


def test_references_are_attached_where_they_are_cited(article: Article) -> None:
    cited = [s.references for section in article.sections for s in section.sentences]
    assert cited[:5] == [("ref-1",), ("ref-1", "ref-2"), (), (), ("ref-2",)]
    first, second = article.references
    assert (first.url, first.title, first.year) == (
        "https://www.nih.gov/sleep",
        "Title not given",
        "n.d.",
    )
    assert (second.url, second.year) == ("https://www.example.gov/rest", "2021")
    assert "Rest and recovery" in second.title


def test_it_says_that_its_questions_are_the_importers(draft: Draft, article: Article) -> None:
    assert article.draft
    assert any("draft: true" in line for line in draft.to_do)


def test_what_is_not_the_article_is_left_out_and_told(draft: Draft) -> None:
    for told in ("learn more now", "cookies", "Ten Facts", "Sign Up", "Oops!", "Related articles"):
        assert told not in draft.text
        assert any(told in line for line in draft.left_out)


def test_an_editor_is_told_what_is_still_to_do(draft: Draft) -> None:
    tasks = "\n".join(draft.to_do)
    assert "[3], which is not listed" in tasks
    assert "[4] has no address" in tasks
    assert "Rewrite the questions" in tasks
    assert "Complete the references" in tasks


def test_sections_get_topics_and_questions(article: Article) -> None:
    sleep, bedtime = article.sections
    assert sleep.id == "sleep-and-recovery"
    assert "recovery" in sleep.topics
    assert bedtime.aspects == ("benefit",)
    assert "What are the benefits of a fixed bedtime?" in bedtime.questions


def test_two_headings_of_the_same_words_are_two_sections(proposer: Proposer) -> None:
    text = "Title\n\nCare\n\nOne is here.\n\nCare\n\nTwo is here."
    sections = parse_article(make_draft(read_text(text), "a", TODAY, proposer).text, "a").sections
    assert [section.id for section in sections] == ["care", "care-2"]
    asked = [question for section in sections for question in section.questions]
    assert len(asked) == len({question.lower() for question in asked})


@pytest.mark.parametrize(
    "sentence",
    [
        "Stars * and _lines_ and `ticks` stay as they are.",
        "A <script>alert(1)</script> and a <b>tag</b> are words.",
        "# is no heading here.",
        "1. is no list here.",
        "- is no list either.",
        "A [link](https://a.org) &amp; a [bracket] stay as they are.",
        "The range 7-9 and a back\\slash stay as they are.",
    ],
)
def test_nothing_in_the_text_turns_into_markup(sentence: str, proposer: Proposer) -> None:
    source = read_text(f"Title\n\nCare\n\nA first paragraph.\n\n{sentence}")
    article = parse_article(make_draft(source, "a.txt", TODAY, proposer).text, "a.md")
    assert " ".join(s.text for s in article.sections[0].sentences[1:]) == sentence


def test_a_text_without_headings_is_refused(proposer: Proposer) -> None:
    with pytest.raises(ImportRefusedError, match=r"a\.txt has no headings"):
        make_draft(read_text("A title\n\nOnly text. It goes on."), "a.txt", TODAY, proposer)


def test_headings_without_text_are_refused(proposer: Proposer) -> None:
    with pytest.raises(ImportRefusedError, match="no text below its headings"):
        make_draft(read_text("A title\n\nOne heading\n\nAnother"), "a.txt", TODAY, proposer)


def test_an_article_without_a_date_is_dated_today_and_told(proposer: Proposer) -> None:
    draft = make_draft(read_text("Title\n\nCare\n\nText is here."), "a.txt", TODAY, proposer)
    assert parse_article(draft.text, "a").published == TODAY
    assert draft.to_do[0].startswith("Set `published` and `updated`")


def test_lines_broken_at_a_margin_are_one_paragraph(proposer: Proposer) -> None:
    line = "This line is as long as a line gets before it must be broken,"
    source = read_text(f"Title\n\nCare\n\n{line}\nand so it goes on here.")
    (section,) = parse_article(make_draft(source, "a", TODAY, proposer).text, "a").sections
    assert [s.text for s in section.sentences] == [f"{line} and so it goes on here."]


def test_markdown_keeps_its_footnotes(tmp_path: Path, proposer: Proposer) -> None:
    path = tmp_path / "care.md"
    path.write_text(
        "---\ntitle: Care\ndate: 2024-02-03\n---\n# Care\n\n## What helps\n\n"
        "Talking **helps** [many](https://a.org) people.[^x] Rest helps.\n\n- One thing.\n\n"
        "```\ncode\n```\n\n[^x]: NIH. *Talk*. 2020. <https://www.nih.gov/talk>\n",
        "utf-8",
    )
    draft = make_draft(read_source(path), path.name, TODAY, proposer)
    article = parse_article(draft.text, "care.md")
    (section,) = article.sections
    texts = [s.text for s in section.sentences]
    assert texts == ["Talking helps many people.", "Rest helps.", "One thing."]
    assert section.sentences[0].references == ("ref-x",)
    assert article.references[0].url == "https://www.nih.gov/talk"
    assert article.published == date(2024, 2, 3)
    assert any("code" in line for line in draft.left_out)
    assert any("https://a.org" in task for task in draft.to_do)
