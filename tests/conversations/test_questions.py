"""People ask; what they are shown is quoted, cited, or an honest "I don't know"."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import only, quoted, sections
from tests.serving import Live
from tests.spans import misquoted

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    ("question", "topic", "word"),
    [
        ("what is CBT?", "cbt", "cognitive behavioral therapy"),
        ("why do I need therapy in rehab?", "psychotherapy", "psychotherapy"),
        ("cbt addiction", "cbt", "cbt"),
        ("does dialectical behavioral therpay help?", "dbt", "dbt"),
        ("WHAT IS CONTINGENCY MANAGEMENT", "contingency-management", "rewards"),
    ],
)
def test_user_asks_and_reads_cited_sentences(
    live: Live, visitor: Visitor, question: str, topic: str, word: str
) -> None:
    message = only(visitor.say(question))
    assert message["kind"] == "answer"
    assert message["blocks"][0]["topic"] == topic
    assert 2 <= len(message["blocks"][0]["sentences"]) <= 4
    assert word in quoted(message)
    assert any(source["kind"] == "reference" for source in message["sources"])
    assert misquoted(message, live.settings.corpus) == []


@pytest.mark.parametrize(
    "question",
    [
        "what's the best hand in texas hold em",
        "how do I bake sourdough bread",
        "what is the capital of Peru",
        "how do I get rid of a wart",
    ],
)
def test_user_asks_about_something_else_and_gets_no_invention(
    visitor: Visitor, question: str
) -> None:
    message = only(visitor.say(question))
    assert message["kind"] == "no_answer"
    assert message["blocks"] == []
    assert message["sources"] == []


def test_user_compares_two_therapies(visitor: Visitor) -> None:
    compared, *each = only(visitor.say("CBT vs DBT?"))["blocks"]
    assert "CBT" in compared["heading"]
    assert "DBT" in compared["heading"]
    assert [block["topic"] for block in each] == ["cbt", "dbt"]


def test_user_asks_two_questions_in_one_message(visitor: Visitor) -> None:
    message = only(visitor.say("What is relapse? And what happens in family therapy?"))
    assert [block["topic"] for block in message["blocks"]] == ["relapse", "family-therapy"]


def test_user_asks_for_more_until_there_is_no_more(visitor: Visitor) -> None:
    seen = [quoted(only(visitor.say("what is motivational interviewing?")))]
    while (message := only(visitor.say("tell me more")))["kind"] == "answer":
        assert quoted(message) not in seen
        seen.append(quoted(message))
        assert len(seen) < 20
    assert message["kind"] == "notice"
    assert len(seen) > 1


def test_user_presses_tell_me_more(visitor: Visitor) -> None:
    first = only(visitor.say("what is CBT?"))
    choice = first["choices"][0]
    assert choice["title"] == "Tell me more"
    assert "payload" not in choice
    more = only(visitor.choose(choice["id"]))
    assert more["kind"] == "answer"
    assert quoted(more) != quoted(first)


def test_user_asks_where_an_answer_is_from(visitor: Visitor) -> None:
    answer = only(visitor.say("what is family therapy?"))
    sources = only(visitor.say("where is that from?"))
    assert sources["sources"] == answer["sources"]
    for source in answer["sources"]:
        assert source["title"] in sources["text"]
        assert (source["url"] or "") in sources["text"]


def test_user_says_that_was_not_it_and_is_offered_others(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    offer = only(visitor.say("that's not what I asked"))
    assert offer["kind"] == "prompt"
    assert 1 <= len(offer["choices"]) <= 3
    assert only(visitor.choose(offer["choices"][0]["id"]))["kind"] == "answer"


def test_user_asks_about_it_after_an_answer(visitor: Visitor) -> None:
    visitor.say("what is contingency management?")
    message = only(visitor.say("does it work?"))
    assert message["blocks"][0]["topic"] == "contingency-management"


def test_user_changes_the_subject_and_the_old_one_is_dropped(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    assert only(visitor.say("what's the weather tomorrow?"))["kind"] == "no_answer"


def test_same_question_gets_the_same_answer_id(live: Live, visitor: Visitor) -> None:
    first = only(visitor.say("what is methadone?"))
    with Visitor(live.address) as other:
        assert only(other.say("what is methadone?"))["answer_id"] == first["answer_id"]


def test_user_asks_for_more_before_anything_was_answered(visitor: Visitor) -> None:
    message = only(visitor.say("tell me more"))
    assert message["kind"] == "notice"
    assert message["text"]


def test_user_names_an_insurer_and_is_told_how_to_ask(visitor: Visitor) -> None:
    message = only(visitor.say("do you take aetna"))
    assert message["kind"] == "answer"
    assert "insurance card" in quoted(message)


def test_user_types_a_search_phrase_and_no_form_opens(visitor: Visitor) -> None:
    message = only(visitor.say("alcohol rehab for my wife"))
    assert "starting-treatment#asking-and-finding" in sections(message)


def test_doctor_asks_how_to_refer_somebody(visitor: Visitor) -> None:
    message = only(visitor.say("I'm a doctor, how do I refer my patient to a program?"))
    assert "choosing-a-program#referring" in sections(message)
    assert "consent" in quoted(message)


def test_user_tells_how_much_somebody_drinks_and_gets_no_alarm(visitor: Visitor) -> None:
    kinds = {each["kind"] for each in visitor.say("my brother drinks a bottle of vodka every day")}
    assert "crisis" not in kinds
