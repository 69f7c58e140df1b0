"""Reads a PDF with text in it: larger or bolder lines are headings."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException

from assistant.authoring.from_text import looks_like_heading
from assistant.authoring.pieces import Kind, Piece, Source
from assistant.errors import ImportRefusedError

_LARGER = 1.1
# From this share of a line's height on, the space above it begins a new paragraph.
_GAP = 0.6


def read_pdf(content: bytes, name: str) -> Source:
    """The pieces of a PDF.

    Raises:
        ImportRefusedError: it is no PDF, is locked, or is a picture without text.
    """
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            lines = [line for page in document.pages for line in _lines(page)]
    except (PDFSyntaxError, PSException, ValueError, TypeError, KeyError):
        raise ImportRefusedError(f"{name} is no PDF that can be read.") from None
    except Exception as error:
        # pdfplumber wraps what pdfminer raises in exceptions of its own.
        raise ImportRefusedError(f"{name} cannot be read: {type(error).__name__}.") from None
    if not lines:
        raise ImportRefusedError(f"{name} has no text, only pictures of it.")
    return Source(tuple(_pieces(lines)))


def _lines(page: Any) -> Iterator[dict[str, Any]]:
    previous_bottom = None
    for line in page.extract_text_lines(return_chars=True):
        sizes = Counter(round(char["size"], 1) for char in line["chars"])
        bold = sum("bold" in char["fontname"].lower() for char in line["chars"])
        height = line["bottom"] - line["top"]
        yield {
            "text": " ".join(line["text"].split()),
            "size": sizes.most_common(1)[0][0],
            "bold": bold > len(line["chars"]) / 2,
            "gap": previous_bottom is None or line["top"] - previous_bottom > _GAP * height,
        }
        previous_bottom = line["bottom"]


def _pieces(lines: list[dict[str, Any]]) -> list[Piece]:
    letters = Counter[float]()
    for line in lines:
        letters[line["size"]] += len(line["text"])
    body_size = letters.most_common(1)[0][0]
    pieces: list[Piece] = []
    for line in lines:
        larger = line["size"] > _LARGER * body_size
        heading = larger or (line["bold"] and looks_like_heading(line["text"]))
        kind: Kind = "heading" if heading else "paragraph"
        begins = line["gap"] or re.match(r"\[\^?\w+\]:?\s", line["text"])
        if begins or not pieces or pieces[-1].kind != kind:
            pieces.append(Piece(kind, line["text"]))
        else:
            pieces[-1] = Piece(kind, f"{pieces[-1].text} {line['text']}")
    return pieces
