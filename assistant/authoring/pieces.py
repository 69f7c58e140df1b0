"""What a file to import is made of, whatever its format: headings and paragraphs in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item"]


@dataclass(frozen=True)
class Piece:
    """A heading or a paragraph.

    Attributes:
        kind: "item" is an entry of a list.
        text: in plain words; a citation is `[1]` or `[^id]`, a link's address
            stands in angle brackets after its words.
    """

    kind: Kind
    text: str


@dataclass(frozen=True)
class Source:
    """A file, read.

    Attributes:
        pieces: its content in order, the title among them where the format has
            no other place for it.
        title: from the file's own description of itself; empty when it has none.
        published: as the file states it, such as "2024-07-06"; empty when it does not.
        notes: footnotes by their label (Markdown).
        left_out: what was seen and not taken, in plain words.
    """

    pieces: tuple[Piece, ...]
    title: str = ""
    published: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
