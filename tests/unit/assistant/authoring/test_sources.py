from __future__ import annotations

import html
from datetime import date
from pathlib import Path

import pytest
from fpdf import FPDF

from assistant.authoring import sources
from assistant.authoring.drafting import make_draft
from assistant.authoring.proposing import Proposer
from assistant.authoring.sources import read_source
from assistant.corpus.model import Article
from assistant.corpus.parse import parse_article
from assistant.errors import ImportRefusedError
from tests.unit.assistant.authoring.conftest import SENTENCES, blocks

TODAY = date(2024, 6, 1)


def _article(path: Path, proposer: Proposer, *, drop_scripts: bool = False) -> Article:
    source = read_source(path, drop_scripts=drop_scripts)
    return parse_article(make_draft(source, path.name, TODAY, proposer).text, "a.md")


def _page(extra: str = "") -> str:
    written = []
    for text in map(html.escape, blocks()):
        heading = len(text) < 60 and not text.endswith((".", "!")) and not text.startswith("[")
        written.append(f"<h2>{text}</h2>" if heading else f"<p>{text}</p>")
    title, *rest = written
    return (
        "<!doctype html><html><head><title>Sleep | A site</title></head><body>"
        "<nav><a href='/'>Home</a> <a href='/about'>About us</a></nav>"
        "<div class='cookie-banner'>This site keeps crumbs. <button>Accept</button></div>"
        f"<main><h1>{title[4:-5]}</h1>{''.join(rest)}{extra}</main>"
        "<footer>All rights reserved</footer></body></html>"
    )


def _pdf(path: Path) -> None:
    document = FPDF()
    document.add_page()

    def write(text: str, size: int, style: str = "") -> None:
        document.set_font("Helvetica", style, size)
        document.multi_cell(0, size / 2, text, new_x="LMARGIN", new_y="NEXT")
        document.ln(4)

    for number, text in enumerate(blocks()):
        heading = len(text) < 60 and not text.endswith((".", "!")) and not text.startswith("[")
        is_date = text.endswith("2024")
        write(text, 20 if number == 0 else 11, "B" if heading and not is_date else "")
    document.output(str(path))


def test_a_web_page_gives_what_its_text_gives(tmp_path: Path, proposer: Proposer) -> None:
    path = tmp_path / "sleep.html"
    path.write_text(_page(), "utf-8")
    article = _article(path, proposer)
    assert article.title == "Why Sleep Matters in Early Recovery"
    assert [s.text for x in article.sections for s in x.sentences][:5] == SENTENCES
    assert len(article.references) == 2
    for around in ("Home", "crumbs", "All rights reserved", "Dreams"):
        assert around not in article.body


def test_what_stands_around_a_page_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sleep.html"
    path.write_text(_page("<table><tr><td>A cell</td></tr></table>"), "utf-8")
    left_out = read_source(path).left_out
    for told in ("Home", "This site keeps crumbs.", "All rights reserved", "A cell"):
        assert told in left_out


def test_references_that_are_links_keep_their_address(tmp_path: Path, proposer: Proposer) -> None:
    path = tmp_path / "care.html"
    path.write_text(
        "<body><h1>Care</h1><h2>Rest</h2><p>Rest heals<sup><a href='#r'>[1]</a></sup>.</p>"
        "<h2>References</h2><ol><li><a href='https://www.nih.gov/r'>On rest</a></li></ol></body>",
        "utf-8",
    )
    article = _article(path, proposer)
    (sentence,) = article.sections[0].sentences
    assert (sentence.text, sentence.references) == ("Rest heals.", ("ref-1",))
    assert (article.references[0].title, article.references[0].url) == (
        "On rest",
        "https://www.nih.gov/r",
    )


@pytest.mark.parametrize(
    "extra",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)'>Press here.</p>",
        "<p>Go <a href='javascript:alert(1)'>there</a>.</p>",
        "<SCRIPT SRC=https://a.org/x.js></SCRIPT>",
    ],
)
def test_a_page_that_would_run_something_is_refused_unless_it_is_dropped(
    extra: str, tmp_path: Path, proposer: Proposer
) -> None:
    path = tmp_path / "sleep.html"
    path.write_text(_page(extra), "utf-8")
    with pytest.raises(ImportRefusedError, match=r"^sleep\.html holds a script; .*SCRIPTS=drop"):
        read_source(path)
    article = _article(path, proposer, drop_scripts=True)
    assert "alert" not in article.body


def test_a_pages_description_for_search_engines_is_no_script(tmp_path: Path) -> None:
    path = tmp_path / "sleep.html"
    path.write_text(_page('<script type="application/ld+json">{"a": 1}</script>'), "utf-8")
    assert not any('"a"' in piece.text for piece in read_source(path).pieces)


def test_a_pdf_gives_what_its_text_gives(tmp_path: Path, proposer: Proposer) -> None:
    path = tmp_path / "sleep.pdf"
    _pdf(path)
    article = _article(path, proposer)
    assert article.title == "Why Sleep Matters in Early Recovery"
    assert [s.text for x in article.sections for s in x.sentences][:5] == SENTENCES
    assert [reference.url for reference in article.references] == [
        "https://www.nih.gov/sleep",
        "https://www.example.gov/rest",
    ]


def test_a_pdf_of_a_picture_is_refused(tmp_path: Path) -> None:
    document = FPDF()
    document.add_page()
    document.output(str(tmp_path / "scan.pdf"))
    with pytest.raises(ImportRefusedError, match=r"^scan\.pdf has no text, only pictures of it\.$"):
        read_source(tmp_path / "scan.pdf")


BAD = [
    ("a.txt", b"", "is empty"),
    ("a.txt", b" \n\t ", "is empty"),
    ("a.html", b"\x7fELF\x02\x01\x00", "is not UTF-8 text"),
    ("a.txt", "Café".encode("latin-1"), "is not UTF-8 text"),
    ("a.txt", "A title".encode("utf-16"), "is not UTF-8 text"),
    ("a.pdf", b"\x7fELF\x02\x01\x00 no document", "cannot be read|is no PDF"),
    ("a.docx", b"text", "is none of .txt"),
    ("a.html", b"<!-- -->", "is no web page|no headings"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD)
def test_bad_input_is_one_sentence(
    name: str, content: bytes, message: str, tmp_path: Path, proposer: Proposer
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError, match=message) as caught:
        _article(path, proposer)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr(sources.Path, "read_bytes", lambda _: pytest.fail("read"))
    with pytest.raises(ImportRefusedError, match=r"^a\.txt has 50 MB; an article has at most 5\.$"):
        read_source(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="cannot be read: No such file"):
        read_source(tmp_path / "a.txt")
