from __future__ import annotations

import numpy as np

from assistant.retrieval.search import Searcher
from assistant.retrieval.sentences import SENTENCE_FEATURES, sentence_features


def _features(searcher: Searcher, text: str, aspect: str | None, section_id: str) -> dict:
    query = searcher.read(text, aspect)
    vector = searcher.parts.encoder.encode([query.expanded])[0]
    index = searcher.parts.index
    row = [section.id for _, section in index.places].index(section_id)
    features = sentence_features(query, vector, index, searcher.matching, row, 2.0)
    assert features.shape == (len(index.places[row][1].sentences), len(SENTENCE_FEATURES))
    return dict(zip(SENTENCE_FEATURES, features.T, strict=True))


def test_a_sentence_is_likest_to_itself_and_the_first_is_earliest(searcher: Searcher) -> None:
    sentences = next(s for _, s in searcher.corpus.sections() if s.id == "cbt").sentences
    features = _features(searcher, sentences[2].text, None, "cbt")
    assert int(np.argmax(features["likeness"])) == 2
    assert features["early"][0] == 1
    assert (features["section"] == -2).all()


def test_numbers_speak_only_where_one_is_asked_for(searcher: Searcher) -> None:
    how_long = _features(searcher, "how long", "duration", "twenty-eight-days")["number"]
    assert how_long.any()
    assert not _features(searcher, "what is it", "definition", "twenty-eight-days")["number"].any()


def test_advice_speaks_only_where_it_is_asked_for(searcher: Searcher) -> None:
    assert _features(searcher, "what do I say", "how-to", "starting-the-talk")["advice"].any()
    assert not _features(searcher, "what", "reason", "starting-the-talk")["advice"].any()
