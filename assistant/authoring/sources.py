"""Reads a file to import: plain text, Markdown, a web page, a PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.authoring.from_markdown import read_markdown
from assistant.authoring.from_pdf import read_pdf
from assistant.authoring.from_text import read_text
from assistant.authoring.from_web_page import read_web_page
from assistant.authoring.pieces import Source
from assistant.errors import ImportRefusedError

# An article of a thousand words is 10 kB; a saved page with its style 1 MB.
MAX_BYTES = 5 * 1024 * 1024


def read_source(path: Path, *, drop_scripts: bool = False) -> Source:
    """Reads a file by its suffix.

    Args:
        path: .txt, .md, .html, .htm or .pdf.
        drop_scripts: takes a web page that holds scripts, without them.

    Raises:
        ImportRefusedError: with the one sentence that says what is wrong with it.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ImportRefusedError(f"{path.name} is none of {', '.join(SUFFIXES)}.")
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise ImportRefusedError(f"{path.name} cannot be read: {error.strerror}.") from None
    if size > MAX_BYTES:
        message = f"{path.name} has {size / 1e6:.0f} MB; an article has at most 5."
        raise ImportRefusedError(message)
    if not content.strip():
        raise ImportRefusedError(f"{path.name} is empty.")
    if suffix == ".pdf":
        return read_pdf(content, path.name)
    text = _decoded(content, path.name)
    if suffix in (".html", ".htm"):
        return read_web_page(text, path.name, drop_scripts=drop_scripts)
    return _TEXT_READERS[suffix](text)


_TEXT_READERS: dict[str, Callable[[str], Source]] = {
    ".txt": read_text,
    ".md": read_markdown,
}
SUFFIXES = (*_TEXT_READERS, ".html", ".htm", ".pdf")


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    # No text has control characters other than white space; a binary file has many.
    if any(ord(char) < 32 and char not in "\t\n\r\f\v" for char in text):
        raise ImportRefusedError(f"{name} is not UTF-8 text; save it as UTF-8 and try again.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
