"""Tells an article from the web page around it."""

from __future__ import annotations

import re

# From such a heading or line on, nothing is the article's until its references.
_END = re.compile(
    r"(related (articles?|posts?|reading)|you (may|might) also like|more (articles|posts)"
    r"|recent posts|get started( today)?|sign up|subscribe|newsletter|share (this|on)\b.*"
    r"|comments?|leave a (reply|comment)|about the author|contact us|our locations?)[.!:]?",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"(references|sources|citations|bibliography|works cited|footnotes)[.:]?", re.IGNORECASE
)
_LINE = re.compile(
    r"\bcookies?\b|all rights reserved|©|terms (and|&) conditions|privacy policy|sign up\b"
    r"|submission has been received|something went wrong|subscribe|newsletter|click here"
    r"|(learn|read|find out) more( now)?[.!]?$|call (us )?(now|today)|get started today"
    r"|accept all|skip to (main )?content",
    re.IGNORECASE,
)
# What is longer says something, even where it names a cookie.
_MAX_WORDS = 30


def ends_article(text: str) -> bool:
    """Whether a heading or line begins what stands below an article."""
    return _END.fullmatch(text.strip()) is not None


def begins_references(text: str) -> bool:
    """Whether a heading or line begins the list of references."""
    return _REFERENCES.fullmatch(text.strip()) is not None


def is_page_matter(text: str) -> bool:
    """Whether a line belongs to the page: a cookie bar, a teaser, a form's message."""
    return len(text.split()) <= _MAX_WORDS and _LINE.search(text) is not None
