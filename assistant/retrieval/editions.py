"""Editions: the corpus as it was at one moment, with its index, ready to be loaded.

An edition is a folder under `models_dir` that holds the parsed articles and all
that was computed from them. Its name is a hash of its sources, so that one name
stands for one content for ever; loading one reads no article file.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydantic
import spacy
from pydantic.json import pydantic_encoder

from assistant.corpus.load import GLOSSARY, corpus_version, load_corpus, shown
from assistant.corpus.model import Corpus, digest
from assistant.errors import CorpusError
from assistant.retrieval.discriminant import Discriminant
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.folders import made_whole
from assistant.retrieval.index import Floats, SearchIndex, Vectors, build_index
from assistant.retrieval.language import saved_pipeline
from assistant.retrieval.query import QueryReader
from assistant.retrieval.words import Words

# Raise it when an edition's files, or how they are computed, change.
_LAYOUT = 6
_KEPT = 10
_CORPUS, _WORDS = "corpus.json", "words"
_VECTORS, _DISCRIMINANT = "vectors.npz", "discriminant.npz"


@dataclass(frozen=True)
class SearchParts:
    """A corpus and what reads, embeds and holds it.

    Attributes:
        edition: name of the edition that it was loaded from.
    """

    corpus: Corpus
    reader: QueryReader
    encoder: Encoder
    index: SearchIndex
    edition: str

    @classmethod
    def load(cls, corpus_dir: Path, models_dir: Path) -> SearchParts:
        """The articles as they are now; their edition is made where it isn't there yet.

        Raises:
            CorpusError: an article or the glossary cannot be used.
            EncoderError: the encoder's weights are not the published ones.
        """
        return cls.open(make_edition(corpus_dir, models_dir), models_dir)

    @classmethod
    def open(cls, edition: str, models_dir: Path) -> SearchParts:
        """Loads an edition.

        Raises:
            CorpusError: it is not there, or not whole.
            EncoderError: the encoder's weights are not the published ones.
        """
        folder = _folder(edition, models_dir)
        try:
            corpus = pydantic.parse_file_as(Corpus, folder / _CORPUS)
            vectors = Vectors(**_arrays(folder / _VECTORS))
            discriminant = Discriminant(**_arrays(folder / _DISCRIMINANT))
            words = Words.load(folder / _WORDS)
        except (OSError, ValueError, KeyError, TypeError):
            raise CorpusError("This index is not whole; make it anew.", str(folder)) from None
        encoder = Encoder.load(models_dir)
        reader = _reader(corpus, encoder, models_dir)
        index = SearchIndex(corpus, vectors, discriminant, words)
        return cls(corpus, reader, encoder, index, edition)


def make_edition(corpus_dir: Path, models_dir: Path, glossary: Path = GLOSSARY) -> str:
    """Makes the edition of the articles as they are now, unless it is there.

    Returns:
        Its name.

    Raises:
        CorpusError: an article or the glossary cannot be used.
        EncoderError: the encoder's weights are not the published ones.
    """
    # The folder, too: an edition says of each article in which file it stands.
    sources = (_LAYOUT, shown(corpus_dir), corpus_version(corpus_dir, glossary), Encoder.version)
    name = digest(" ".join(map(str, sources)))[:16]
    folder = _folder(name, models_dir)
    if folder.is_dir():
        _note_use(folder)
    else:
        corpus = load_corpus(corpus_dir, glossary)
        encoder = Encoder.load(models_dir)
        index = build_index(
            corpus, _reader(corpus, encoder, models_dir), encoder, _rows_known(folder.parent)
        )
        _save(folder, corpus, index)
        _forget_old(folder.parent)
    return name


def _folder(edition: str, models_dir: Path) -> Path:
    return models_dir / "editions" / edition


def _reader(corpus: Corpus, encoder: Encoder, models_dir: Path) -> QueryReader:
    return QueryReader(corpus, spacy.load(saved_pipeline(corpus.glossary, models_dir)), encoder)


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def _rows_known(editions: Path) -> Mapping[str, Floats]:
    """Rows of the newest edition, so that only what changed is embedded; none on any doubt."""
    try:
        newest = _newest_first(editions)[0]
        return Vectors(**_arrays(newest / _VECTORS)).by_key()
    except (IndexError, OSError, ValueError, TypeError):
        return {}


def _save(folder: Path, corpus: Corpus, index: SearchIndex) -> None:
    try:
        with made_whole(folder) as partial:
            text = json.dumps(corpus, default=pydantic_encoder)
            (partial / _CORPUS).write_text(text, "utf-8")
            np.savez(partial / _VECTORS, **vars(index.vectors))
            np.savez(partial / _DISCRIMINANT, **vars(index.discriminant))
            index.words.save(partial / _WORDS)
    except OSError as error:
        raise CorpusError(f"The index cannot be written: {error.strerror}.") from None


def _note_use(folder: Path) -> None:
    """Counts an edition that is asked for again among the newest."""
    # Where nothing can be written, nothing is forgotten either.
    with contextlib.suppress(OSError):
        folder.touch()


def _forget_old(editions: Path) -> None:
    """Keeps the last editions asked for: the rest may cost minutes, but can be made anew."""
    for folder in _newest_first(editions)[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _newest_first(editions: Path) -> list[Path]:
    folders = [path for path in editions.glob("[!.]*") if path.is_dir()]
    return sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
