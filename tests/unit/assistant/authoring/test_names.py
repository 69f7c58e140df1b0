from __future__ import annotations

from dataclasses import replace

from assistant.authoring.names import missing_names
from assistant.corpus.model import Corpus, Topic
from tests.unit.articles import GOOD, corpus_of, with_paragraph


def _found(corpus: Corpus) -> list[str]:
    return [str(finding) for finding in missing_names(corpus, "glossary.yml")]


def test_known_names_are_no_finding() -> None:
    assert _found(corpus_of(GOOD)) == []


def test_an_abbreviation_that_no_topic_has_is_told_once() -> None:
    text = with_paragraph("Ask about a XQT plan (XQT). [^who] The plan (XQT) helps. [^who]")
    assert _found(corpus_of(text)) == [
        "1.md:16: `XQT` is not in the glossary. Add it to its topic's `other_names`."
    ]


def test_a_topic_with_one_name_only_is_told() -> None:
    corpus = replace(corpus_of(GOOD), glossary=(Topic("cbt", "therapy", "CBT", ()),))
    assert _found(corpus) == [
        "glossary.yml:1: The topic `cbt` has no other name. Add what people call it."
    ]
