"""Small articles for tests."""

from __future__ import annotations

from assistant.corpus.load import load_glossary
from assistant.corpus.model import Corpus, digest
from assistant.corpus.parse import parse_article

# Line 8 is the heading, 10 to 14 the questions, 16 the sentences, 18 the reference.
GOOD = """\
---
id: care
title: A guide to care
published: 2024-01-01
updated: 2024-01-02
related: []
---
## Cognitive behavioral therapy {#cbt topics="cbt" aspects="definition,process"}

questions:
- What is CBT?
- What is cognitive behavioral therapy?
- How does CBT work?
- What happens in CBT?

CBT helps a person change habits. [^who] CBT can help with cravings. [^who]

[^who]: World Health Organization. *A guide to care*. 2020. <https://www.who.int/care>
"""

FRONT_MATTER = GOOD[: GOOD.index("## ")]


def changed(old: str, new: str) -> str:
    """The good article with one thing changed."""
    assert old in GOOD
    return GOOD.replace(old, new)


def with_paragraph(paragraph: str) -> str:
    """The good article with another paragraph on line 16."""
    return changed(
        "CBT helps a person change habits. [^who] CBT can help with cravings. [^who]", paragraph
    )


def corpus_of(*texts: str) -> Corpus:
    """A corpus of these articles, named 1.md, 2.md, ..., and the real glossary."""
    articles = tuple(
        parse_article(text, f"{number}.md") for number, text in enumerate(texts, start=1)
    )
    return Corpus(articles, load_glossary(), digest("\n".join(texts)))
