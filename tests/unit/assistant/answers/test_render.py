from __future__ import annotations

from assistant.answers.render import answer_text, source_line, with_choices
from assistant.message import Block, Choice, QuotedSentence, Source, Span

SPAN = Span("care", "cbt", 0, 1, "")
CBT = Block(
    "cbt", "CBT", (QuotedSentence("One.", (1, 2), SPAN), QuotedSentence("Two.", (1,), SPAN))
)
DBT = Block("dbt", "DBT", (QuotedSentence("Three.", (3,), SPAN),))
SOURCES = (
    Source(1, "article", "A guide (CBT)", None, "care", "cbt"),
    Source(2, "reference", "WHO. A guide. 2020", "https://www.who.int/care", "care"),
)


def test_an_answer_reads_as_sentences_with_numbers_and_the_sources() -> None:
    assert answer_text([CBT], SOURCES) == (
        "One. [1][2] Two. [1]\n\n"
        "Sources:\n[1] A guide (CBT)\n[2] WHO. A guide. 2020 https://www.who.int/care"
    )


def test_several_blocks_have_their_headings() -> None:
    text = answer_text([CBT, DBT], SOURCES)
    assert text.startswith("CBT: One. [1][2] Two. [1]\n\nDBT: Three. [3]\n\nSources:")


def test_a_source_without_a_page_has_no_address() -> None:
    assert source_line(SOURCES[0]) == "[1] A guide (CBT)"


def test_choices_are_named_where_nothing_can_be_pressed() -> None:
    assert with_choices("Which?", [Choice("CBT", "/x"), Choice("DBT", "/y")]) == (
        "Which?\n- CBT\n- DBT"
    )
    assert with_choices("Which?", []) == "Which?"
