"""The Markdown of an article, as markdown-it-py and its footnote plugin read it."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s]+)\]")

# "commonmark" has no smart quotes and no bare links, so that a sentence stays
# what its author typed. Without "footnote_tail" definitions stay in their place.
_PARSER = MarkdownIt("commonmark").use(footnote_plugin).disable("footnote_tail")


def block_tokens(body: str) -> list[Token]:
    """Block tokens of a Markdown text, each with its line range in `map`."""
    return _PARSER.parse(body)


# Of each sentence it is asked when articles are read, and again whenever it is quoted.
@lru_cache(maxsize=16384)
def plain_text(markdown: str) -> str:
    """A piece of inline Markdown without its markup, white space folded."""
    (inline,) = _PARSER.parseInline(markdown)
    parts = [
        " " if token.type in ("softbreak", "hardbreak") else token.content
        for token in inline.children or []
        if token.type != "footnote_ref"
    ]
    # Without definitions in sight the plugin leaves footnote marks as they are.
    return " ".join(FOOTNOTE_MARK.sub("", "".join(parts)).split())
