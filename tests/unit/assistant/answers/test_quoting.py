from __future__ import annotations

from assistant.answers.quoting import quote
from assistant.answers.wording import MORE
from tests.unit.articles import GOOD, changed, corpus_of, with_paragraph


def test_each_source_has_one_number_in_the_order_of_need() -> None:
    text = with_paragraph("One. [^b] Two. [^a] [^b] Three. [^a]")
    text += "\n[^a]: A. *T*. 2020. <https://a.org/>\n\n[^b]: B. *T*. 2021. <https://b.org/>\n"
    message = quote(corpus_of(text), (("care#cbt", (0, 1, 2)),))
    assert [s.citations for s in message.blocks[0].sentences] == [(1, 2), (1, 3, 2), (1, 3)]
    assert [(s.number, s.kind, s.url) for s in message.sources] == [
        (1, "article", None),
        (2, "reference", "https://b.org/"),
        (3, "reference", "https://a.org/"),
    ]
    assert message.sources[0].title == "A guide to care (Cognitive behavioral therapy)"
    assert message.sources[1].title == "B. T. 2021"


def test_one_publication_that_two_articles_cite_is_one_source() -> None:
    corpus = corpus_of(GOOD, changed("id: care", "id: more").replace("who]", "other]"))
    message = quote(corpus, (("care#cbt", (0,)), ("more#cbt", (0,))))
    assert [s.kind for s in message.sources] == ["article", "reference", "article"]


def test_related_articles_are_offered_where_they_are_there() -> None:
    first = changed("related: []", "related: [more, gone]")
    second = changed("id: care", "id: more").replace("A guide to care\npub", "More\npub")
    message = quote(corpus_of(first, second), (("care#cbt", (0,)),))
    assert [(r.article, r.title) for r in message.related] == [("more", "More")]


def test_more_is_offered_only_where_there_is_more() -> None:
    picked = (("care#cbt", (0,)),)
    assert quote(corpus_of(GOOD), picked).choices == ()
    assert [c.title for c in quote(corpus_of(GOOD), picked, has_more=True).choices] == [MORE]


def test_what_the_corpus_no_longer_has_is_passed_over() -> None:
    message = quote(corpus_of(GOOD), (("care#cbt", (1, 99)), ("care#gone", (0,))))
    assert [s.text for b in message.blocks for s in b.sentences] == ["CBT can help with cravings."]


def test_a_section_of_which_nothing_is_left_is_no_block() -> None:

    message = quote(corpus_of(GOOD), (("care#cbt", (0,)), ("care#cbt", (98, 99))))
    assert all(block.sentences for block in message.blocks)


def test_the_id_is_of_the_corpus_and_the_sentences() -> None:
    first = quote(corpus_of(GOOD), (("care#cbt", (0,)),)).answer_id
    assert first == quote(corpus_of(GOOD), (("care#cbt", (0,)),)).answer_id
    assert first != quote(corpus_of(GOOD), (("care#cbt", (1,)),)).answer_id
    assert first != quote(corpus_of(GOOD + "\n"), (("care#cbt", (0,)),)).answer_id
