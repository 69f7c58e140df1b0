from __future__ import annotations

import pytest

from assistant.retrieval.search import Searcher
from assistant.retrieval.spelling import Spelling, in_dictionary


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("what is therpay?", "what is therapy?"),
        ("Therpay", "therapy"),
        ("contingency managment", "contingency management"),
        ("does dialectical behavioral therpay help?", "does dialectical behavioral therapy help?"),
        ("cognitve behavoral terapy", "cognitive behavioral therapy"),
        ("psycotherapy", "psychotherapy"),
        ("drug counsling", "drug counseling"),
    ],
)
def test_misspelt_words_are_mended(searcher: Searcher, written: str, read: str) -> None:
    assert searcher.read(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "What is cognitive behavioral therapy?",
        "what's the best hand in texas hold em",
        "Is Netflix better than Kardashian shows on Instagram?",
        "Does chemotherapy or physiotherapy hurt?",
        "Who was Elizabeth Theresa of Seattle?",
        "Bitcoin, Toyota, Minecraft, Pokemon",
        "he doesnt want help, he has relapses",
        "rehab wiht a tpyo",  # shorter than five letters, or nothing near
        "",
    ],
)
def test_other_words_are_left_alone(searcher: Searcher, text: str) -> None:
    assert searcher.read(text).text == text


@pytest.mark.parametrize(
    "medicine",
    [
        "oxazepam",
        "duloxetine",
        "lorazepam",
        "temazepam",
        "hydromorphone",
        "carfentanil",
        "sertraline",
        "nalmefene",
    ],
)
def test_no_medicine_becomes_another_one(searcher: Searcher, medicine: str) -> None:
    assert searcher.read(f"Is {medicine} safe?").text == f"Is {medicine} safe?"


@pytest.mark.parametrize(
    ("text", "topic"),
    [("fentynal", "fentanyl"), ("methodon", "methadone"), ("naltraxon", "naltrexone")],
)
def test_a_medicine_may_differ_in_its_vowels(searcher: Searcher, text: str, topic: str) -> None:
    assert searcher.read(f"what is {text}").topics == (topic,)


def test_a_short_word_may_differ_by_one_letter_and_a_long_one_by_two() -> None:
    spelling = Spelling({"detox", "motivation"}, {"debut"})
    assert spelling.mend("detxo dettox detix detx") == "detox detox detox detx"
    assert spelling.mend("debix detx motvaton motvtn") == "debix detx motivation motvtn"
    assert spelling.mend("debut") == "debut"


def test_without_a_corpus_nothing_is_mended() -> None:
    assert Spelling(set(), set()).mend("therpay") == "therpay"


def test_a_dictionary_tells_slips_from_words_and_contractions() -> None:
    words = {"coworker", "shouldnt", "adiction", "managment", "snoring"}
    assert in_dictionary(words) == {"coworker", "shouldnt", "snoring"}


def test_slips_in_the_articles_questions_are_mended_too(searcher: Searcher) -> None:
    asked = [q for _, section in searcher.corpus.sections() for q in section.questions]
    assert any("adiction" in question for question in asked)
    assert searcher.read("what is adiction").text == "what is addiction"
