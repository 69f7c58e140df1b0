"""Reads Markdown with headings, paragraphs, lists and footnotes."""

from __future__ import annotations

import re

import frontmatter
import yaml
from markdown_it.token import Token

from assistant.authoring.pieces import Kind, Piece, Source
from assistant.corpus.markup import FOOTNOTE_MARK, block_tokens, plain_text

_CITATION = re.compile(r"\[\^?([\w-]+)\](?!\()")
_LINK = re.compile(r"(?<!!)\[([^\]^][^\]]*)\]\((\S+?)\)")


def read_markdown(text: str) -> Source:
    """The pieces of a Markdown text; what is neither text nor list is left out."""
    try:
        post = frontmatter.loads(text)
        described, body = post.metadata, post.content
    except (yaml.YAMLError, ValueError):
        described, body = {}, text
    pieces: list[Piece] = []
    notes: list[tuple[str, str]] = []
    left_out: list[str] = []
    open_blocks: list[Token] = []
    for token in block_tokens(body):
        if token.nesting == 1:
            open_blocks.append(token)
        elif token.nesting == -1:
            open_blocks.pop()
        elif token.type != "inline":
            left_out.append(f"{token.type.replace('_', ' ')}: {_short(token.content)}")
        else:
            note = [t for t in open_blocks if t.type == "footnote_reference_open"]
            words = _plain(token.content)
            if note:
                notes.append((note[0].meta["label"], words))
            elif words:
                pieces.append(Piece(_kind(open_blocks), words))
    return Source(
        tuple(pieces),
        title=str(described.get("title") or ""),
        published=str(described.get("published") or described.get("date") or ""),
        notes=tuple(notes),
        left_out=tuple(left_out),
    )


def _kind(open_blocks: list[Token]) -> Kind:
    types = [token.type for token in open_blocks]
    if "heading_open" in types:
        return "heading"
    return "item" if "list_item_open" in types else "paragraph"


def _plain(markdown: str) -> str:
    """Inline Markdown in plain words, citations kept, a link's address after its words."""
    kept = FOOTNOTE_MARK.sub(lambda mark: f"⟦{mark[1]}⟧", markdown)
    kept = re.sub(r"<(https?://[^>\s]+)>", r"⟨\1⟩", kept)
    kept = _LINK.sub(r"\1 ⟨\2⟩", kept)
    text = plain_text(kept)
    text = re.sub(r"⟦([^⟧]+)⟧", r"[^\1]", text)
    return text.replace("⟨", "<").replace("⟩", ">")


def _short(text: str) -> str:
    return " ".join(text.split())[:60]
