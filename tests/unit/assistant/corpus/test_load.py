from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.load import (
    CATEGORIES,
    corpus_version,
    load_corpus,
    load_glossary,
    shown,
)
from assistant.corpus.model import Corpus, aspect_of_intent
from assistant.errors import CorpusError
from assistant.settings import ROOT
from tests.unit.articles import GOOD, changed

TOPIC = "topics:\n- {id: cbt, category: therapy, name: cognitive behavioral therapy}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "care.md").write_text(GOOD, "utf-8")
    return tmp_path


def test_a_folder_of_articles_becomes_a_corpus(folder: Path) -> None:
    (folder / "more.md").write_text(changed("id: care", "id: more"), "utf-8")
    (folder / "notes.txt").write_text("not an article", "utf-8")
    corpus = load_corpus(folder)
    assert set(corpus.article_by_id) == {"care", "more"}
    assert set(corpus.section_by_key) == {"care#cbt", "more#cbt"}
    assert corpus.topic_by_id["cbt"].name == "cognitive behavioral therapy"


def test_two_articles_may_not_share_an_id(folder: Path) -> None:
    (folder / "more.md").write_text(GOOD, "utf-8")
    with pytest.raises(CorpusError, match=r"more\.md:1: .*care\.md has the same id\."):
        load_corpus(folder)


@pytest.mark.parametrize("name", [".", "missing"])
def test_a_folder_without_articles_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match=r"There is no article \(\*\.md\) in this folder\."):
        load_corpus(tmp_path / name)


def test_the_version_changes_with_any_file_and_only_then(folder: Path, tmp_path: Path) -> None:
    glossary = tmp_path / "glossary.yml"
    glossary.write_text(TOPIC, "utf-8")
    first = corpus_version(folder, glossary)
    assert corpus_version(folder, glossary) == first
    assert load_corpus(folder, glossary).version == first
    (folder / "care.md").write_text(GOOD + "\n", "utf-8")
    second = corpus_version(folder, glossary)
    glossary.write_text(TOPIC + "# a comment\n", "utf-8")
    third = corpus_version(folder, glossary)
    (folder / "care.md").rename(folder / "other.md")
    assert len({first, second, third, corpus_version(folder, glossary)}) == 4


def test_the_real_glossary_names_each_thing_once(corpus: Corpus) -> None:
    names = [name.lower() for topic in corpus.glossary for name in topic.names]
    assert len(names) == len(set(names))
    assert {topic.category for topic in corpus.glossary} <= set(CATEGORIES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("topics: [", "not YAML with a list of `topics`"),
        ("- a", "not YAML with a list of `topics`"),
        ("other: []", "not YAML with a list of `topics`"),
        ("", "not YAML with a list of `topics`"),
        ("topics:\n", "not YAML with a list of `topics`"),
        ("topics: [1]", "A topic is `id`, `category`, `name`"),
        ("topics:\n- {id: a, name: a}", "A topic is `id`, `category`, `name`"),
        ("topics:\n- {id: a, category: food, name: a}", "`food` is no category"),
        ("topics:\n- {id: a, category: therapy, name: 12}", "name"),
        ("topics:\n- {id: a, category: therapy, name: a, other_names: CBT}", "other_names"),
        (
            TOPIC + "- {id: talk, category: therapy, name: CBT, other_names: [cbt]}",
            "`cbt` names both cbt and talk",
        ),
    ],
)
def test_a_malformed_glossary_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "glossary.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(CorpusError) as caught:
        load_glossary(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_glossary_that_is_missing_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="Cannot be read: No such file"):
        load_glossary(tmp_path / "glossary.yml")
    (tmp_path / "glossary.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match="not UTF-8"):
        load_glossary(tmp_path / "glossary.yml")


def test_paths_are_shown_as_an_editor_knows_them() -> None:
    assert shown(ROOT / "data" / "articles" / "a.md") == "data/articles/a.md"
    assert shown(Path("/elsewhere/a.md")) == "/elsewhere/a.md"


@pytest.mark.parametrize(
    ("intent", "aspect"),
    [
        ("ask_definition", "definition"),
        ("ask_how_to", "how-to"),
        ("ask_privacy", None),
        ("greet", None),
        ("", None),
    ],
)
def test_an_intent_tells_the_aspect(intent: str, aspect: str | None) -> None:
    assert aspect_of_intent(intent) == aspect
