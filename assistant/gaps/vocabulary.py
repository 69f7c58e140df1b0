"""Which words may stay in what is kept of a person's question.

People write ordinary words in lower case and names with a capital, so the two are
told apart by how each word is written in a very large number of public comments: the
frequencies that spaCy's lookup data hold (Reddit comments of 2009-2015). "lawyer" is
there 16 times for each "Lawyer"; for each "jennifer" there are dozens of "Jennifer".
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import spacy_lookups_data
import yaml
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lang.en.tokenizer_exceptions import TOKENIZER_EXCEPTIONS

from assistant.corpus.model import Corpus
from assistant.errors import CorpusError
from assistant.settings import ROOT

_FREQUENCIES = Path(spacy_lookups_data.__file__).with_name("data") / "en_lexeme_prob.json.gz"
_NAMES = ROOT / "data" / "gaps" / "names.yml"
_KINDS = ("given", "family", "titles", "roles", "numbers", "streets", "verbs")
_WORD = re.compile(r"[^\W\d_]+")
# Raise it when `_sorted_words` sorts the same frequencies otherwise.
_VERSION = 1
# Log of the share of all words. Below it come other languages and made-up words; above it
# are 41,000 ordinary ones.
_RAREST = -16.0
# With a capital at most this often for each time in lower case. Of 1,219 names of men and the
# 2,500 commonest of women in the 1990 Census 114 are below it, all of them words ("will",
# "hope") or nearly; data/gaps/names.yml has those.
_ORDINARY = 0.4
# A word of the articles or the glossary may have a capital more often: sentences and lists
# begin with it, brand names are written so ("Zoloft" 2.8). Names begin at about 4.
_NAME_LIKE = 3.0


@dataclass(frozen=True)
class Vocabulary:
    """Lower-case words, by what they may be.

    Attributes:
        ordinary: may stay; what `given` holds is not among them.
        field: those of the articles and the glossary; may stay in capitals, too.
        given: names of people that are words, too.
        family: the same for family names, which are left out only where they look like one.
        titles: words that a name follows.
        roles: words that a family name may follow.
        numbers: numbers in words.
        streets: what the name of a street ends with.
        verbs: what "will" or "may" is a name before.
    """

    ordinary: frozenset[str]
    field: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]
    titles: frozenset[str]
    roles: frozenset[str]
    numbers: frozenset[str]
    streets: frozenset[str]
    verbs: frozenset[str]


def vocabulary_of(corpus: Corpus, models_dir: Path) -> Vocabulary:
    """The words that may stay where these articles are answered from.

    Args:
        corpus: articles and glossary.
        models_dir: folder of everything built.

    Raises:
        CorpusError: the list of names cannot be used.
        OSError: the built words can be neither read nor written.
    """
    names = _names()
    sorted_words = common_words(models_dir)
    own = _own_words(corpus) - set(sorted_words["names"])
    spoken = {word for word in TOKENIZER_EXCEPTIONS if word.isalpha() and word.islower()}
    field = frozenset((own | STOP_WORDS) - names["given"])
    ordinary = frozenset((field | spoken | set(sorted_words["ordinary"])) - names["given"])
    return Vocabulary(ordinary, field, **names)


def common_words(models_dir: Path) -> Mapping[str, list[str]]:
    """The frequencies, sorted into "ordinary" words and "names"; made when they are not there.

    Raises:
        OSError: they can be neither read nor written.
    """
    path = models_dir / "vocabulary" / f"{_fingerprint()}.json"
    if not path.is_file():
        _write_whole(path, json.dumps(_sorted_words()))
    stored: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return stored


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    content = f"{_VERSION} {_RAREST} {_ORDINARY} {_NAME_LIKE} ".encode() + _FREQUENCIES.read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]


def _sorted_words() -> dict[str, list[str]]:
    with gzip.open(_FREQUENCIES) as file:
        logs: dict[str, float] = json.load(file)
    lower = {word for word in logs if word.isalpha() and word.islower() and len(word) > 1}
    capital = {word: _capital_share(word, logs) for word in lower}
    return {
        "ordinary": sorted(
            word for word in lower if logs[word] >= _RAREST and capital[word] <= _ORDINARY
        ),
        "names": sorted(word for word in lower if capital[word] > _NAME_LIKE),
    }


def _capital_share(word: str, logs: Mapping[str, float]) -> float:
    with_capital = logs.get(word.capitalize())
    return 0.0 if with_capital is None else math.exp(with_capital - logs[word])


def _own_words(corpus: Corpus) -> set[str]:
    """Words that the articles write in lower case, and the glossary in any."""
    texts: list[str] = []
    for _, section in corpus.sections():
        texts += [section.heading, *section.questions, *(each.text for each in section.sentences)]
    written = {word for text in texts for word in _WORD.findall(text) if word.islower()}
    named = [name for topic in corpus.glossary for name in topic.names]
    words = written | {word.lower() for name in named for word in _WORD.findall(name)}
    return {word for word in words if len(word) > 1}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, frozenset[str]]:
    try:
        content = yaml.safe_load(_NAMES.read_text("utf-8"))
        return {kind: _joined(content[kind]) for kind in _KINDS}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise CorpusError("Is not lists of names.", str(_NAMES.relative_to(ROOT))) from None


def _joined(rows: Iterable[Iterable[str]]) -> frozenset[str]:
    # YAML reads an unquoted `yes` or `on` as no text; such a name has to be quoted.
    return frozenset(name.lower() for row in rows for name in row)


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
        file.write(text)
    os.replace(file.name, path)
