"""Which words may stay."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assistant.corpus.model import Corpus
from assistant.errors import CorpusError
from assistant.gaps import vocabulary as module
from assistant.gaps.vocabulary import Vocabulary, vocabulary_of


def test_ordinary_words_and_words_of_the_field_may_stay(vocabulary: Vocabulary) -> None:
    wanted = {"lawyer", "horse", "suboxone", "medicaid", "rehab", "hypnotherapy", "dont", "why"}
    assert wanted <= vocabulary.ordinary


def test_names_of_people_and_places_may_not(vocabulary: Vocabulary) -> None:
    names = {"jennifer", "mohammed", "siobhan", "nguyen", "denver", "texas", "mark", "grace"}
    assert not names & vocabulary.ordinary


def test_words_are_told_apart_by_how_people_write_them_and_once(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frequencies = tmp_path / "frequencies.json.gz"
    logs = {"zebu": -12.0, "Zebu": -14.0, "zoe": -14.0, "Zoe": -11.0, "zyzzyva": -18.0, "zu2": -9.0}
    frequencies.write_bytes(gzip.compress(json.dumps(logs).encode()))
    monkeypatch.setattr(module, "_FREQUENCIES", frequencies)
    module._fingerprint.cache_clear()
    found = module.common_words(tmp_path)
    assert found == {"ordinary": ["zebu"], "names": ["zoe"]}
    monkeypatch.setattr(module, "_sorted_words", lambda: pytest.fail("sorted again"))
    assert module.common_words(tmp_path) == found
    assert "zebu" in vocabulary_of(corpus, tmp_path).ordinary
    module._fingerprint.cache_clear()


def test_a_broken_list_of_names_is_told_of(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = module.ROOT / "data" / "gaps" / "missing.yml"
    monkeypatch.setattr(module, "_NAMES", path)
    module._names.cache_clear()
    with pytest.raises(CorpusError, match=r"^data/gaps/missing\.yml: Is not lists of names\.$"):
        vocabulary_of(corpus, tmp_path)
    module._names.cache_clear()
