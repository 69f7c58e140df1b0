from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.answers import wording
from assistant.answers.compose import Composer
from assistant.answers.leaning import Leaning
from assistant.answers.memory import Memory
from assistant.message import Message
from assistant.provider import Provider
from assistant.retrieval.search import Searcher
from assistant.settings import Settings
from tests.spans import misquoted
from tests.unit.articles import GOOD, changed, corpus_of, with_paragraph

_ADVICE = re.compile(r"(Ask|Call|Bring|Check|Look|Tell|Try|Write|Keep|Find out)\b")
GONE = Memory(
    shown=(("gone#cbt", (0, 1)),),
    latest=(("gone#cbt", (0, 1)),),
    upcoming=("gone#dbt",),
    topics=("gone",),
)


def _ask(composer: Composer, text: str, memory: Memory | None = None) -> Message:
    return composer.answer(text, memory or Memory()).message


def _sentences(message: Message) -> list[str]:
    return [sentence.text for block in message.blocks for sentence in block.sentences]


def _check_quotations(message: Message) -> None:
    assert misquoted(message.as_dict(), Settings().corpus) == []
    references = {source.number for source in message.sources if source.kind == "reference"}
    for block in message.blocks:
        for sentence in block.sentences:
            # Only advice, such as "Ask the program ...", rests on nothing but the article.
            assert references & set(sentence.citations) or _ADVICE.match(sentence.text)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("what is CBT?", "thoughts"),
        ("why do I need therapy in rehab?", "psychotherapy"),
        ("cbt addiction", "CBT"),
        ("does dialectical behavioral therpay help?", "DBT"),
    ],
)
def test_a_question_gets_a_few_cited_sentences(
    composer: Composer, question: str, word: str
) -> None:
    message = _ask(composer, question)
    assert message.kind == "answer"
    assert all(2 <= len(block.sentences) <= 4 for block in message.blocks)
    # Four of the best section, three of the one that may be right instead.
    assert all(len(block.sentences) <= 3 for block in message.blocks[1:])
    assert len(message.blocks) <= 2
    assert word in message.text
    assert message.answer_id
    assert {source.kind for source in message.sources} == {"article", "reference"}
    _check_quotations(message)
    for source in message.sources:
        assert f"[{source.number}] {source.title}" in message.text


def test_every_question_of_the_corpus_is_quoted_rightly(composer: Composer) -> None:
    for _, section in composer._corpus.sections():
        message = _ask(composer, section.questions[0])
        for block in message.blocks:
            assert 2 <= len(block.sentences) <= 4
        _check_quotations(message)


def test_what_the_articles_do_not_say_is_not_answered(composer: Composer) -> None:
    message = _ask(composer, "what's the best hand in texas hold em")
    assert message.kind == "no_answer"
    assert message.text.startswith(wording.DONT_KNOW)
    assert message.blocks == message.sources == ()
    assert message.answer_id is None
    assert "[1]" not in message.text
    assert [resource.href for resource in message.resources] == ["tel:18006624357"]


def test_another_subject_altogether_is_told_so(composer: Composer) -> None:
    reply = composer.answer("who won the world cup", Memory(topics=("cbt",)), in_field=False)
    assert reply.message.kind == "no_answer"
    assert reply.message.text == wording.NOT_MY_FIELD
    assert reply.memory == Memory(topics=("cbt",))


def test_a_comparison_has_a_block_for_each(composer: Composer) -> None:
    message = _ask(composer, "CBT vs DBT")
    # First the section that compares them, in more words, then each.
    assert [block.topic for block in message.blocks] == ["dbt", "cbt", "dbt"]
    assert [len(block.sentences) for block in message.blocks] == [4, 2, 2]
    for block in message.blocks:
        assert f"{block.heading}: " in message.text
    _check_quotations(message)


def test_where_two_sections_rival_a_part_of_each_is_quoted(
    composer: Composer, searcher: Searcher
) -> None:
    rivals = 0
    for _, section in list(searcher.corpus.sections())[::12]:
        for question in section.questions[5:9]:
            result = searcher.search(searcher.read(question))
            # Two topics may be compared: then each has a block for another reason.
            if not result.answerable or len(result.query.topics) > 1:
                continue
            near = [found.key for found in result.sections[:3]]
            message = _ask(composer, question)
            keys = [f"{b.sentences[0].source.article}#{b.sentences[0].source.section}"
                    for b in message.blocks]  # fmt: skip
            if len(keys) == 2 and question.count("?") < 2:
                rivals += 1
                assert keys == [key for key in near if key in keys]
                first, second = (len(block.sentences) for block in message.blocks)
                # A short section has no fourth, or none that says more.
                assert 2 < first <= 4
                assert 2 <= second <= 3
    assert rivals > 0


def test_the_same_question_has_the_same_answer(composer: Composer) -> None:
    first, second = _ask(composer, "what is CBT?"), _ask(composer, "what is CBT?")
    assert first == second
    assert first.answer_id != _ask(composer, "what is DBT?").answer_id


@pytest.mark.parametrize("question", ["what is CBT?", "CBT vs DBT", "how long does rehab take?"])
def test_more_never_repeats_and_ends(composer: Composer, question: str) -> None:
    reply = composer.answer(question, Memory())
    seen = _sentences(reply.message)
    for _ in range(50):
        offered = bool(reply.message.choices)
        reply = composer.more(Memory.from_dict(json.loads(json.dumps(reply.memory.as_dict()))))
        assert offered == (reply.message.kind == "answer")
        if reply.message.kind != "answer":
            break
        assert not set(seen) & set(_sentences(reply.message))
        seen += _sentences(reply.message)
        _check_quotations(reply.message)
    assert reply.message == Message("notice", wording.NOTHING_MORE)
    assert len(seen) > 4


def test_the_sources_are_those_of_the_last_message(composer: Composer) -> None:
    reply = composer.answer("what is CBT?", Memory())
    sources = composer.sources(reply.memory)
    assert sources.message.kind == "notice"
    assert sources.message.sources == reply.message.sources
    assert sources.message.text.startswith(wording.SOURCES_INTRO)
    for source in reply.message.sources:
        assert source.title in sources.message.text
        assert (source.url or "") in sources.message.text
    assert sources.memory == reply.memory
    more = composer.more(reply.memory)
    assert composer.sources(more.memory).message.sources == more.message.sources


def test_alternatives_are_other_sections(composer: Composer) -> None:
    reply = composer.answer("what is CBT?", Memory())
    message = composer.alternatives(reply.memory).message
    assert message.kind == "prompt"
    assert 1 <= len(message.choices) <= 3
    shown = {block.heading for block in reply.message.blocks}
    for choice in message.choices:
        assert choice.title not in shown
        assert f"- {choice.title}" in message.text
        (section,) = json.loads(choice.payload.removeprefix("/ask_definition")).values()
        answer = composer.section(section, Memory()).message
        assert choice.title in [block.heading for block in answer.blocks]


def test_before_any_answer_there_is_nothing_to_build_on(composer: Composer) -> None:
    assert composer.more(Memory()).message == Message("notice", wording.NOTHING_YET)
    assert composer.sources(Memory()).message == Message("notice", wording.NOTHING_YET)
    nothing_nearer = composer.alternatives(Memory()).message
    assert (nothing_nearer.kind, nothing_nearer.text) == ("notice", wording.NO_ALTERNATIVES)


def test_it_is_the_topic_of_the_last_answer(composer: Composer) -> None:
    reply = composer.answer("what is CBT?", Memory())
    message = _ask(composer, "does it really work?", reply.memory)
    assert message.kind == "answer"
    assert "CBT" in message.text
    _check_quotations(message)


@pytest.mark.parametrize("text", ["what's the weather tomorrow", "is it going to rain tomorrow"])
def test_foreign_words_are_not_about_the_last_answer(composer: Composer, text: str) -> None:
    reply = composer.answer("what is CBT?", Memory())
    after = composer.answer(text, reply.memory)
    assert after.message.kind == "no_answer"
    # "Tell me more" still goes on with CBT.
    assert after.memory == reply.memory


def test_sections_that_are_gone_do_not_fail(composer: Composer) -> None:
    assert composer.more(GONE).message.kind == "notice"
    assert composer.alternatives(GONE).message.kind == "notice"
    assert _ask(composer, "what is CBT?", GONE).kind == "answer"


def test_sources_that_are_gone_are_not_announced(composer: Composer) -> None:

    assert not composer.sources(GONE).message.text.strip().endswith(":")


def test_another_question_on_the_same_brings_other_sentences(composer: Composer) -> None:
    first = composer.answer("what is contingency management", Memory())
    again = composer.answer("what is contingency management", first.memory)
    other = composer.answer("is there proof that it works", first.memory)
    assert _sentences(again.message) == _sentences(first.message)
    assert other.message.kind == "answer"
    repeated = set(_sentences(first.message)) & set(_sentences(other.message))
    # The best sentence of a section may be the answer to both.
    assert len(repeated) <= len(other.message.blocks)


@pytest.mark.parametrize("text", ["his name was Ben", "she has a blue bike and it's new"])
def test_who_only_tells_something_is_not_told_that_articles_lack_it(
    composer: Composer, text: str
) -> None:
    asked = composer.answer("what is CBT?", Memory())
    for memory in (Memory(), asked.memory):
        message = _ask(composer, text, memory)
        assert message.kind == "no_answer"
        assert message.text.startswith(wording.TOLD)


def test_what_is_nearly_answered_offers_sections(composer: Composer, searcher: Searcher) -> None:
    headings = {section.heading for _, section in searcher.corpus.sections()}
    offers = [
        message
        for topic in searcher.corpus.glossary
        for message in [_ask(composer, f"how much does {topic.name} cost me?")]
        if message.kind == "no_answer" and message.choices
    ]
    assert offers
    for message in offers:
        assert message.text.startswith(wording.DONT_KNOW_NEAR)
        assert wording.NEAREST in message.text
        assert len(message.choices) <= 3
        assert {choice.title for choice in message.choices} <= headings


@pytest.mark.parametrize("text", ["therapy " * 250, "a" * 2000, "What is CBT? " * 150, "? " * 1000])
def test_long_messages_get_a_message(composer: Composer, text: str) -> None:
    message = _ask(composer, text[:2000])
    assert message.text
    assert len(message.blocks) <= 3


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\n\t", "?!...", "'\"`", "{}[]<>", "\u0000", "\ue000\uffff"),
        *("\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        *("\u200b\u200d\ufeff", "\u202egnidaer", "e\u0301" * 50, "\ufdfa" * 50),
    ],
)
def test_what_says_nothing_gets_a_question_back(composer: Composer, text: str) -> None:
    message = _ask(composer, text)
    assert message.kind == "prompt"
    assert message.text.startswith(wording.NOTHING_READ)
    assert len(message.choices) == 4


@hypothesis_settings(max_examples=100)
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=300))
def test_whatever_is_written_gets_a_message(composer: Composer, text: str) -> None:
    reply = composer.answer(text, Memory(topics=("cbt",)))
    assert reply.message.text
    assert reply.message.kind in ("answer", "no_answer", "prompt")
    json.dumps(reply.message.as_dict())


def test_the_corpus_answers_its_own_first_question(composer: Composer) -> None:
    question = composer.own_question()
    assert composer.answer(question, Memory()).message.kind == "answer"


BARE = GOOD[: GOOD.index("questions:")] + GOOD[GOOD.index("CBT helps") :]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        BARE,
        with_paragraph("CBT helps a person. [^who]"),
        with_paragraph(""),
        with_paragraph("CBT helps a person. [^nowhere] CBT works. [^who]"),
        changed('topics="cbt" ', ""),
    ],
    ids=["good", "no questions", "one sentence", "no sentences", "no such reference", "no topics"],
)
def test_a_poor_article_that_loads_does_not_fail_when_asked(
    searcher_of: Callable[..., Searcher], text: str
) -> None:
    assert corpus_of(text)
    composer = Composer(
        searcher_of(
            text, changed("id: care", "id: more").replace("ognitive behavioral therapy", "etox")
        ),
        Provider(),
        Leaning.load(),
    )
    for question in ("What is cognitive behavioral therapy?", "how much is therapy?"):
        reply = composer.answer(question, Memory())
        assert reply.message.text
        composer.more(reply.memory)
        composer.sources(reply.memory)
        composer.alternatives(Memory(upcoming=("care#cbt", "more#cbt")))


def test_every_section_that_is_offered_answers_from_itself(composer: Composer) -> None:
    for key in list(composer._corpus.section_by_key)[::7]:
        message = composer.section(key, Memory()).message
        assert message.kind == "answer"
        assert {f"{s.source.article}#{s.source.section}" for b in message.blocks for s in b.sentences} == {key}  # fmt: skip  # noqa: E501


def test_a_section_that_is_gone_is_not_answered_from(composer: Composer) -> None:
    before = Memory(topics=("cbt",))
    reply = composer.section("gone#cbt", before)
    assert reply.message == Message("notice", wording.ARTICLES_CHANGED)
    assert reply.memory == before


def test_a_bare_topic_gets_an_answer_and_what_else_there_is(composer: Composer) -> None:
    message = _ask(composer, "therapy")
    assert message.kind == "answer"
    _check_quotations(message)
    more, *others = message.choices
    assert more.title == wording.MORE
    assert 2 <= len(others) <= 3
    shown = {block.heading for block in message.blocks}
    for choice in others:
        assert choice.title not in shown
        assert f"- {choice.title}" in message.text
    # The same sentences have the same id, whatever is offered beside them.
    assert _ask(composer, "what about therapy").choices[1:]


def test_what_only_the_provider_knows_is_told_apart(composer: Composer) -> None:
    reply = composer.answer("do you have a pool", Memory(), of_provider=True)
    assert reply.message.kind == "no_answer"
    assert reply.message.text.startswith(wording.ONLY_PROVIDER)


def test_what_was_meant_is_answered(composer: Composer) -> None:
    reply = composer.answer("what is family therapy?", Memory())
    meant = composer.alternatives(reply.memory, "No, I meant group therapy, not that")
    assert meant.message.kind == "answer"
    assert "group-therapy" in meant.memory.topics


def test_alternatives_are_not_offered_twice(composer: Composer) -> None:
    reply = composer.answer("what is CBT?", Memory())
    first = composer.alternatives(reply.memory, "that's not what I asked")
    second = composer.alternatives(first.memory, "no")
    assert not set(first.message.choices) & set(second.message.choices)
