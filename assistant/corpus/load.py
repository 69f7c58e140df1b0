"""Reads the whole corpus: a folder of articles and the glossary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assistant.corpus.model import Article, Corpus, Topic, digest
from assistant.corpus.parse import read_article
from assistant.errors import CorpusError
from assistant.settings import ROOT

GLOSSARY = ROOT / "data" / "glossary.yml"
CATEGORIES = ("therapy", "medicine", "substance", "level-of-care", "condition", "concept")


def load_corpus(folder: Path, glossary: Path = GLOSSARY) -> Corpus:
    """Reads every article in a folder.

    Args:
        folder: holds one Markdown file an article.
        glossary: the YAML file of topics.

    Raises:
        CorpusError: a file is malformed, an id is used twice, there is no article.
    """
    articles = tuple(read_article(path, shown(path)) for path in article_files(folder))
    if not articles:
        raise CorpusError("There is no article (*.md) in this folder.", shown(folder))
    seen: dict[str, Article] = {}
    for article in articles:
        if article.id in seen:
            raise CorpusError(f"{seen[article.id].file} has the same id.", article.file, 1)
        seen[article.id] = article
    return Corpus(articles, load_glossary(glossary), corpus_version(folder, glossary))


def corpus_version(folder: Path, glossary: Path = GLOSSARY) -> str:
    """SHA-256 over the names and contents of all that `load_corpus` reads."""
    files = [*article_files(folder), glossary]
    return digest("\n".join(f"{path.name} {digest(_text(path))}" for path in files))


def article_files(folder: Path) -> list[Path]:
    """The article files of a folder, sorted by name."""
    return sorted(folder.glob("*.md"))


def load_glossary(path: Path = GLOSSARY) -> tuple[Topic, ...]:
    """Reads the glossary.

    Raises:
        CorpusError: it is not a list of topics, or two topics share an id or a name.
    """
    try:
        entries = list(yaml.safe_load(_text(path))["topics"])
    except (yaml.YAMLError, KeyError, TypeError):
        raise CorpusError(
            "The glossary is not YAML with a list of `topics`.", shown(path)
        ) from None
    topics = tuple(_topic(entry, path) for entry in entries)
    owner: dict[str, str] = {}
    for topic in topics:
        for name in {topic.id, *(name.lower() for name in topic.names)}:
            if owner.setdefault(name, topic.id) != topic.id:
                raise CorpusError(f"`{name}` names both {owner[name]} and {topic.id}.", shown(path))
    return topics


def shown(path: Path) -> str:
    """A path as messages show it: relative to the project where it is inside."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _topic(entry: Any, path: Path) -> Topic:
    try:
        others = entry.get("other_names") or []
        texts = [entry["id"], entry["category"], entry["name"], *others]
        if not isinstance(others, list) or not all(isinstance(text, str) for text in texts):
            raise TypeError
    except (KeyError, TypeError, AttributeError):
        message = f"A topic is `id`, `category`, `name` and a list `other_names`: {entry!r}."
        raise CorpusError(message, shown(path)) from None
    topic = Topic(entry["id"], entry["category"], entry["name"], tuple(others))
    if topic.category not in CATEGORIES:
        raise CorpusError(f"{topic.id}: `{topic.category}` is no category.", shown(path))
    return topic


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise CorpusError(f"Cannot be read: {error.strerror}.", shown(path)) from None
    except UnicodeDecodeError:
        raise CorpusError("The file is not UTF-8 text.", shown(path)) from None
