"""Names that the glossary lacks, so that people who use them would not be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.authoring.findings import Finding
from assistant.corpus.model import Article, Corpus, Sentence

# "partial hospitalization program (PHP)": an article teaches its readers the name.
_ABBREVIATION = re.compile(r"\(([A-Z][A-Z&-]{1,6})s?\)")


def missing_names(corpus: Corpus, glossary_file: str) -> Iterator[Finding]:
    """Topics with one name only, and abbreviations that no topic has."""
    known = {name.lower() for topic in corpus.glossary for name in (topic.id, *topic.names)}
    used = {topic for _, section in corpus.sections() for topic in section.topics}
    for topic in corpus.glossary:
        if topic.id in used and not topic.other_names:
            what = f"The topic `{topic.id}` has no other name."
            yield Finding(glossary_file, 1, what, "Add what people call it.")
    for article in corpus.articles:
        for abbreviation, sentence in _abbreviations(article):
            if abbreviation.lower() not in known:
                what = f"`{abbreviation}` is not in the glossary."
                mend = "Add it to its topic's `other_names`."
                yield Finding(article.file, sentence.line, what, mend)


def _abbreviations(article: Article) -> Iterator[tuple[str, Sentence]]:
    seen: set[str] = set()
    for section in article.sections:
        for sentence in section.sentences:
            for found in _ABBREVIATION.findall(sentence.text):
                if found not in seen:
                    seen.add(found)
                    yield found, sentence
