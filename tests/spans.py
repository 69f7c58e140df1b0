"""Checks quotations from outside: with the article files alone, none of our own code."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import frontmatter


def misquoted(message: dict[str, Any], articles: Path) -> list[str]:
    """The sentences of a message that do not equal the span they name.

    Args:
        message: as the web channel sent it.
        articles: the folder of the corpus.
    """
    bodies = _bodies(articles)
    numbers = {source["number"] for source in message["sources"]}
    wrong = []
    for block in message["blocks"]:
        for sentence in block["sentences"]:
            span = sentence["source"]
            raw = bodies.get(span["article"], "")[span["start"] : span["end"]]
            same = raw == sentence["text"]
            hashed = hashlib.sha256(raw.encode()).hexdigest() == span["sha256"]
            cited = bool(sentence["citations"]) and numbers.issuperset(sentence["citations"])
            if not (same and hashed and cited and sentence["text"] in message["text"]):
                wrong.append(sentence["text"])
    return wrong


@lru_cache(maxsize=4)
def _bodies(articles: Path) -> dict[str, str]:
    posts = (frontmatter.load(str(path)) for path in articles.glob("*.md"))
    return {post["id"]: post.content for post in posts}
