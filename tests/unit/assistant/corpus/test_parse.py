from __future__ import annotations

import hashlib
import re
from pathlib import Path

import frontmatter
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.corpus.load import article_files
from assistant.corpus.model import Corpus
from assistant.corpus.parse import parse_article, read_article
from assistant.errors import CorpusError
from assistant.settings import ROOT, Settings
from tests.unit.articles import FRONT_MATTER, GOOD, changed, with_paragraph

HEADING = '## Therapy {#therapy topics="cbt"}\n\n'


def test_every_sentence_of_the_real_corpus_stands_at_its_offsets(corpus: Corpus) -> None:
    posts = {
        post["id"]: post.content
        for post in (frontmatter.load(str(path)) for path in article_files(Settings().corpus))
    }
    sentences = [(article, s) for article, section in corpus.sections() for s in section.sentences]
    assert sentences
    for article, sentence in sentences:
        raw = posts[article.id][sentence.start : sentence.end]
        assert raw == sentence.text
        assert hashlib.sha256(raw.encode()).hexdigest() == sentence.sha256


def test_every_sentence_of_the_real_corpus_stands_on_its_line(corpus: Corpus) -> None:
    for article, section in corpus.sections():
        lines = (ROOT / article.file).read_text("utf-8").split("\n")
        assert section.heading in lines[section.line - 1]
        for sentence in section.sentences:
            assert sentence.text in lines[sentence.line - 1]
        for reference in article.references:
            assert lines[reference.line - 1].startswith(f"[^{reference.id}]:")


def test_all_that_an_author_writes_is_read() -> None:
    article = parse_article(GOOD, "care.md")
    section = article.section("cbt")
    assert (article.id, article.title, article.url) == ("care", "A guide to care", None)
    assert section.heading == "Cognitive behavioral therapy"
    assert section.topics == ("cbt",)
    assert section.aspects == ("definition", "process")
    assert section.questions[0] == "What is CBT?"
    assert len(section.questions) == 4
    assert [s.text for s in section.sentences] == [
        "CBT helps a person change habits.",
        "CBT can help with cravings.",
    ]
    (reference,) = article.references
    assert (reference.publisher, reference.title) == (
        "World Health Organization",
        "A guide to care",
    )
    assert (reference.year, reference.url) == ("2020", "https://www.who.int/care")
    with pytest.raises(KeyError):
        article.section("dbt")


def test_a_year_may_be_unknown() -> None:
    (reference,) = parse_article(changed("2020.", "n.d."), "care.md").references
    assert reference.year == "n.d."


CASES = [
    (changed("id: care\n", ""), 1, "no `id`"),
    (changed("title: A guide to care\n", ""), 1, "no `title`"),
    (changed("published: 2024-01-01\n", ""), 1, "no `published`"),
    (changed("updated: 2024-01-02\n", ""), 1, "no `updated`"),
    (changed("2024-01-02", "soon"), 1, "not a date"),
    (changed("id: care", "id: [care"), 4, "not YAML"),
    (changed("2024-01-02", "2024-13-45"), 1, "date"),
    (changed("related: []", "related: 5"), 1, "related"),
    (changed("related: []", "related: care"), 1, "related"),
    (changed("related: []", "draft: perhaps"), 1, "draft"),
    (changed("## Cog", "### Cog"), 8, "Only second-level headings"),
    (changed(' {#cbt topics="cbt" aspects="definition,process"}', ""), 8, "A heading ends in"),
    (changed('process"}', 'process"'), 8, "A heading ends in"),
    (changed("{#cbt ", "{"), 8, "needs an id"),
    (changed("questions:\n", ""), 10, "A list may stand only under `questions:`"),
    (FRONT_MATTER + HEADING + "    CBT helps.", 10, "no code block"),
    (with_paragraph("  CBT helps."), 16, "indent nothing below"),
    (with_paragraph("CBT <b>helps</b>."), 16, "no HTML"),
    (changed("updated: 2024-01-02", "updated: 2025-01-02 10:00:00"), 1, "not a date"),
    (with_paragraph("***"), 16, "no hr"),
    (with_paragraph("> CBT helps."), 16, ""),
    (with_paragraph(" CBT helps.\n  It does."), 16, "may not be indented"),
    (changed("*A guide to care*. ", ""), 18, "Footnote who has no title"),
    (changed("World Health Organization. ", ""), 18, "Footnote who has no publisher"),
    (changed(" 2020.", ""), 18, "Footnote who has no year"),
    (changed(" <https://www.who.int/care>", ""), 18, "Footnote who has no url"),
    (FRONT_MATTER + "CBT helps.\n\n" + HEADING, 8, "before the first section heading"),
    ("", 1, "no `id`"),
    (HEADING + "CBT helps.", 1, "no `id`"),
]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    CASES,
    ids=[f"{number} {words}" for number, (_, _, words) in enumerate(CASES)],
)
def test_a_malformed_article_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(CorpusError) as caught:
        parse_article(text, "data/care.md")
    assert str(caught.value).startswith(f"data/care.md:{line}: ")
    assert words in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("data/care.md", line)


def test_a_malformed_front_matter_is_told_in_one_line() -> None:
    with pytest.raises(CorpusError) as caught:
        parse_article(changed("id: care", "id: [care"), "care.md")

    assert "\n" not in str(caught.value)


def test_a_file_with_windows_line_ends_has_the_same_offsets(tmp_path: Path) -> None:
    path = tmp_path / "care.md"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    article = read_article(path, "care.md")
    assert article == parse_article(GOOD, "care.md")
    content = frontmatter.load(str(path)).content
    for sentence in article.sections[0].sentences:
        assert content[sentence.start : sentence.end] == sentence.text


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "care.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())

    assert read_article(path, "care.md") == parse_article(GOOD, "care.md")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "care.md"
    path.write_bytes(GOOD.replace("care", "caf\xe9").encode("latin-1"))
    with pytest.raises(CorpusError, match=r"care\.md: The file is not UTF-8 text\."):
        read_article(path, "care.md")


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"care\.md: Cannot be read: No such file"):
        read_article(tmp_path / "care.md", "care.md")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_separators_that_only_python_takes_for_line_ends_shift_nothing(separator: str) -> None:

    # Such separators come with text pasted from web pages and word processors.
    text = with_paragraph(f"CBT{separator}helps.\n\nCBT works.")
    article = parse_article(text, "care.md")
    last = article.sections[0].sentences[-1]
    assert article.body[last.start : last.end] == last.text == "CBT works."


def test_a_sentence_over_two_lines_is_one_sentence() -> None:
    article = parse_article(with_paragraph("One.  Two goes\non here.\nThree."), "care.md")
    sentences = article.sections[0].sentences
    assert [s.text for s in sentences] == ["One.", "Two goes on here.", "Three."]
    assert [s.line for s in sentences] == [16, 16, 18]


def test_several_paragraphs_belong_to_one_section() -> None:
    article = parse_article(with_paragraph("One. [^who]\n\nTwo. [^who]\n\nThree."), "care.md")
    assert [s.line for s in article.sections[0].sentences] == [16, 18, 20]
    assert [s.references for s in article.sections[0].sentences] == [("who",), ("who",), ()]


_WORD = st.text(st.characters(whitelist_categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=9)
_SENTENCE = st.builds(
    lambda words, end, marks: (" ".join(words) + end, marks),
    st.lists(_WORD, min_size=1, max_size=8),
    st.sampled_from(".?!"),
    st.lists(st.sampled_from(["who", "nida-2", "pmc1"]), max_size=2),
)
_PARAGRAPH = st.lists(st.tuples(_SENTENCE, st.sampled_from([" ", "\n", "  "])), min_size=1)
_ARTICLE = st.lists(_PARAGRAPH, min_size=1, max_size=5)


def _written(paragraph: list[tuple[tuple[str, list[str]], str]]) -> str:
    pieces = []
    for (sentence, marks), gap in paragraph:
        pieces += [sentence, *(f" [^{mark}]" for mark in marks), gap.replace("  ", " ")]
    return "".join(pieces).strip()


@hypothesis_settings(max_examples=40)
@given(_ARTICLE)
def test_no_word_of_any_article_is_lost(
    paragraphs: list[list[tuple[tuple[str, list[str]], str]]],
) -> None:
    written = [_written(paragraph) for paragraph in paragraphs]
    text = FRONT_MATTER + HEADING + "\n\n".join(written) + "\n"
    article = parse_article(text, "care.md")
    sentences = article.sections[0].sentences
    lines = text.split("\n")
    for sentence in sentences:
        raw = article.body[sentence.start : sentence.end]
        assert hashlib.sha256(raw.encode()).hexdigest() == sentence.sha256
        assert raw.split()[0] in lines[sentence.line - 1]
        if "[^" not in raw and "\n" not in raw:
            assert raw == sentence.text
    words = [word for s in sentences for word in s.text.split()]
    assert words == re.sub(r"\[\^[^\]]+\]", "", " ".join(written)).split()
    marks = [mark for p in paragraphs for (_, marks), _ in p for mark in marks]
    assert {mark for s in sentences for mark in s.references} == set(marks)
