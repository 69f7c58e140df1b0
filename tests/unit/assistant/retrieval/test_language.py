from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from assistant.corpus.model import Topic
from assistant.retrieval.language import build_pipeline, pipeline_hash, saved_pipeline

GLOSSARY = (
    Topic("cbt", "therapy", "cognitive behavioral therapy", ("CBT",)),
    Topic("self-help", "concept", "self-help", ()),
)


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return build_pipeline(GLOSSARY)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("what is cbt?", ["cbt"]),
        ("Cognitive Behavioral Therapy, or CBT", ["cbt", "cbt"]),
        ("a self-help group", ["self-help"]),
        ("a self help group", ["self-help"]),
        ("selfhelp group", ["self-help"]),
        ("the weather", []),
    ],
)
def test_names_of_the_glossary_are_found_however_typed(
    pipeline: Language, text: str, ids: list[str]
) -> None:
    doc = pipeline(text)
    assert [entity.ent_id_ for entity in doc.ents] == ids
    assert {entity.label_ for entity in doc.ents} <= {"topic"}


def test_words_have_their_basic_form(pipeline: Language) -> None:
    doc = pipeline("He learns better habits.")
    assert [token.lemma_ for token in doc][1:4] == ["learn", "well", "habit"]


def test_an_empty_glossary_is_quiet() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert not build_pipeline([])("what is cbt?").ents


def test_a_saved_pipeline_is_made_once_and_for_one_glossary(tmp_path: Path) -> None:
    folder = saved_pipeline(GLOSSARY, tmp_path)
    made = (folder / "config.cfg").stat().st_mtime_ns
    assert saved_pipeline(GLOSSARY, tmp_path) == folder
    assert (folder / "config.cfg").stat().st_mtime_ns == made
    assert [entity.ent_id_ for entity in spacy.load(folder)("CBT").ents] == ["cbt"]
    assert pipeline_hash(GLOSSARY[:1]) != pipeline_hash(GLOSSARY)
    assert [path.name for path in (tmp_path / "spacy").iterdir()] == [folder.name]
