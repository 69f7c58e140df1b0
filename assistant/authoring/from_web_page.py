"""Reads a saved web page: its article, without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from assistant.authoring.page_matter import begins_references
from assistant.authoring.pieces import Kind, Piece, Source
from assistant.errors import ImportRefusedError

# What a page says about itself for search engines is no script.
_DATA_TYPES = ("application/ld+json", "application/json")
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//article//time/@datetime",
)
_ARTICLE = ("//article", "//main", "//*[@role='main']", "//body")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Parts of a page that are never the article's text.
_AROUND = (
    *("nav", "footer", "aside", "form", "button", "table", "iframe", "figure", "svg"),
    *("script", "style", "noscript", "template"),
)
_AROUND_NAMES = re.compile(
    r"cookie|consent|breadcrumb|newsletter|sidebar|popup|modal|\bmenu\b|social-|share-"
)
# A paragraph of links leads elsewhere, unless it stands among the references.
_LINK_SHARE = 0.8


def read_web_page(text: str, name: str, *, drop_scripts: bool = False) -> Source:
    """The pieces of the page's article.

    Raises:
        ImportRefusedError: it holds a script and `drop_scripts` is not set, or it
            is no web page.
    """
    try:
        # lxml refuses a declaration of the encoding in text that is decoded already.
        page = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (lxml.etree.LxmlError, ValueError):
        raise ImportRefusedError(f"{name} is no web page.") from None
    if not drop_scripts and any(map(_runs, page.iter("*"))):
        raise ImportRefusedError(
            f"{name} holds a script; import it with SCRIPTS=drop to take only its text."
        )
    root = next((found for path in _ARTICLE for found in _find(page, path)), page)
    pieces = tuple(_pieces(root))
    return Source(
        pieces,
        title=_title(page),
        published=next((str(each) for path in _PUBLISHED for each in _find(page, path)), "")[:10],
        left_out=tuple(_left_out(page, pieces)),
    )


def _runs(element: HtmlElement) -> bool:
    """Whether an element would run something: a script, a handler, a `javascript:` address."""
    script = element.tag == "script" and element.get("type", "") not in _DATA_TYPES
    handler = any(name.startswith("on") for name in element.attrib)
    address = (element.get("href") or element.get("src") or "").strip().lower()
    return script or handler or address.startswith("javascript:")


def _find(page: HtmlElement, path: str) -> list[Any]:
    """What an XPath of elements or texts finds; lxml types every other result, too."""
    return cast(list[Any], page.xpath(path))


def _title(page: HtmlElement) -> str:
    for path in ("//h1", "//title"):
        for found in _find(page, path):
            title = " ".join(found.text_content().split())
            if title:
                return title
    return ""


def _pieces(root: HtmlElement) -> Iterator[Piece]:
    in_references = False
    for kind, element in _blocks(root):
        text = _text(element)
        in_references = begins_references(text) if kind == "heading" else in_references
        if text and (in_references or _link_share(element) < _LINK_SHARE):
            yield Piece(kind, text)


def _blocks(element: HtmlElement) -> Iterator[tuple[Kind, HtmlElement]]:
    """Elements that are one heading, paragraph or list item each, in order."""
    for child in element.iterchildren("*"):
        named = f"{child.get('class', '')} {child.get('id', '')}".lower()
        if child.tag in _AROUND or _AROUND_NAMES.search(named):
            continue
        if child.tag in _HEADINGS:
            yield "heading", child
        elif child.tag in ("p", "li", "dd", "dt") or _has_own_text(child):
            yield ("item" if child.tag == "li" else "paragraph"), child
        else:
            yield from _blocks(child)


def _has_own_text(element: HtmlElement) -> bool:
    texts = [element.text, *(child.tail for child in element.iterchildren())]
    return any(text and text.strip() for text in texts)


def _link_share(element: HtmlElement) -> float:
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return linked / max(1, len(element.text_content()))


def _text(element: HtmlElement) -> str:
    """Words of an element; a link's address stands in angle brackets behind its words."""
    parts = [element.text or ""]
    for child in element.iterchildren():
        if isinstance(child, HtmlElement) and child.tag not in _AROUND:
            address = child.get("href", "") if child.tag == "a" else ""
            parts.append(" " if child.tag == "br" else _text(child))
            parts.append(f" <{address}>" if address.startswith("http") else "")
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _left_out(page: HtmlElement, pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Lines that a reader of the page sees and the article lacks."""
    taken = _letters(" ".join(piece.text for piece in pieces))
    unseen = ("script", "style", "noscript", "template")
    lines = [
        " ".join(str(text).split())
        for text in _find(page, "//text()[not(ancestor::head)]")
        if text.getparent().tag not in unseen
    ]
    for line in dict.fromkeys(lines):
        if _letters(line) and _letters(line) not in taken:
            yield line


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
