"""Fixtures: the real corpus, encoder and search, read once a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import settings as hypothesis_settings
from hypothesis.configuration import set_hypothesis_home_dir
from spacy.language import Language

from assistant.answers.compose import Composer
from assistant.answers.leaning import Leaning
from assistant.corpus.model import Corpus
from assistant.provider import Provider
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.index import build_index
from assistant.retrieval.language import saved_pipeline
from assistant.retrieval.query import QueryReader
from assistant.retrieval.search import Searcher
from assistant.settings import ROOT, Settings, load_settings
from tests.editions import own_editions
from tests.unit.articles import GOOD, corpus_of

# What it keeps goes where `make clean` finds it; the same examples at each run.
set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
hypothesis_settings.register_profile("unit", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("unit")


@pytest.fixture(scope="session")
def deployment() -> Settings:
    """Where the real corpus and the built models are."""
    return Settings()


@pytest.fixture(scope="session")
def searcher(deployment: Settings) -> Searcher:
    return Searcher.load(deployment.corpus, deployment.models_dir)


@pytest.fixture(scope="session")
def composer(searcher: Searcher) -> Composer:
    return Composer(searcher, Provider(), Leaning.load())


@pytest.fixture(scope="session")
def corpus(searcher: Searcher) -> Corpus:
    return searcher.corpus


@pytest.fixture(scope="session")
def encoder(searcher: Searcher) -> Encoder:
    return searcher.parts.encoder


@pytest.fixture(scope="session")
def language(searcher: Searcher, deployment: Settings) -> Language:
    """The real glossary's pipeline."""
    return spacy.load(saved_pipeline(searcher.corpus.glossary, deployment.models_dir))


@pytest.fixture
def searcher_of(searcher: Searcher, language: Language) -> Callable[..., Searcher]:
    """Makes a searcher for a few small articles, with the real ranker's weights."""

    def make(*texts: str) -> Searcher:
        corpus = corpus_of(*texts)
        encoder = searcher.parts.encoder
        reader = QueryReader(corpus, language, encoder)
        index = build_index(corpus, reader, encoder)
        parts = SearchParts(corpus, reader, encoder, index, corpus.version)
        return Searcher(parts, searcher.ranker, searcher.matching)

    return make


@pytest.fixture
def models(tmp_path: Path, deployment: Settings) -> Path:
    """A folder of its own for editions, with all else that is built already."""
    return own_editions(tmp_path / "models", deployment.models_dir)


@pytest.fixture
def one_article(tmp_path: Path, deployment: Settings, models: Path) -> Settings:
    """A deployment with one small article, and folders of its own for all that is made of it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "care.md").write_text(GOOD, "utf-8")
    own = {"corpus": folder, "models_dir": models, "state_dir": tmp_path / "state"}
    return deployment.copy(update=own)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment without any setting; what a test sets is read anew."""
    for name in Settings.__fields__:
        monkeypatch.delenv(name.upper(), raising=False)
    load_settings.cache_clear()
    yield monkeypatch
    load_settings.cache_clear()
