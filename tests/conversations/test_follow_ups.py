"""People go on without saying what about: the last answer says the rest."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import only, quoted, sections, titles
from tests.serving import Live
from tests.spans import misquoted

pytestmark = pytest.mark.live


def test_user_asks_how_long_it_takes(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    message = only(visitor.say("how long does it take?"))
    assert "cognitive-behavioral-therapy#length" in sections(message)
    assert "sessions" in quoted(message)


def test_user_asks_follow_up_after_two_topics(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    visitor.say("what is EMDR?")
    message = only(visitor.say("does it work?"))
    assert {block["topic"] for block in message["blocks"]} == {"emdr"}
    assert "emdr works for ptsd" in quoted(message)


def test_user_asks_without_a_verb(visitor: Visitor) -> None:
    visitor.say("what is methadone?")
    message = only(visitor.say("side effects?"))
    assert "constipation" in quoted(message)


def test_user_asks_the_same_of_another_substance(live: Live, visitor: Visitor) -> None:
    visitor.say("how long does detox take?")
    message = only(visitor.say("and for alcohol?"))
    assert "detox-and-withdrawal#detox-length" in sections(message)
    assert "detox from alcohol often takes 3 to 7 days" in quoted(message)
    assert misquoted(message, live.settings.corpus) == []


def test_user_goes_from_substance_to_substance_and_the_question_stays(visitor: Visitor) -> None:
    visitor.say("how long does detox take?")
    visitor.say("and for alcohol?")
    message = only(visitor.say("and heroin?"))
    assert "heroin" in quoted(message)
    assert "days" in quoted(message)


def test_user_asks_the_same_of_another_therapy(visitor: Visitor) -> None:
    visitor.say("does CBT work?")
    message = only(visitor.say("and DBT?"))
    assert "psychotherapy-in-rehab#dbt-benefits" in sections(message)


def test_user_asks_what_about_another_medicine(visitor: Visitor) -> None:
    visitor.say("what are the side effects of methadone?")
    message = only(visitor.say("what about suboxone?"))
    side_effects = "medication-for-opioid-use-disorder#buprenorphine-side-effects"
    assert side_effects in sections(message)


def test_user_names_a_topic_alone_and_it_is_a_new_question(visitor: Visitor) -> None:
    visitor.say("how long does detox take?")
    message = only(visitor.say("family therapy"))
    assert message["blocks"][0]["topic"] == "family-therapy"


def test_user_asks_whether_it_is_covered(visitor: Visitor) -> None:
    visitor.say("how long does detox take?")
    message = only(visitor.say("is it covered?"))
    assert message["kind"] == "answer"
    assert "plans" in quoted(message)


def test_user_asks_about_it_again_after_its_cost(visitor: Visitor) -> None:
    visitor.say("what is EMDR?")
    visitor.say("how much does it cost?")
    assert "emdr" in quoted(only(visitor.say("does it work?")))


def test_user_asks_whether_it_hurts_and_that_is_no_emergency(visitor: Visitor) -> None:
    visitor.say("what is EMDR?")
    assert only(visitor.say("does it hurt?"))["kind"] in ("answer", "no_answer")


def test_user_asks_whether_it_hurts_after_writing_of_suicide(visitor: Visitor) -> None:
    assert only(visitor.say("I want to kill myself"))["kind"] == "crisis"
    message = only(visitor.say("does it hurt?"))
    assert message["kind"] == "crisis"
    assert "988" in message["text"]


def test_user_asks_of_it_what_the_articles_do_not_say(visitor: Visitor) -> None:
    visitor.say("what is DBT?")
    message = only(visitor.say("is it safe?"))
    assert message["kind"] == "no_answer"
    assert message["text"].startswith("I don't know")
    assert any("DBT" in title for title in titles(message))


def test_user_changes_topic_and_then_points_back_to_the_new_one(visitor: Visitor) -> None:
    visitor.say("what is contingency management?")
    visitor.say("what happens in family therapy?")
    message = only(visitor.say("how long does it last?"))
    assert message["kind"] == "answer"
    assert "family therapy" in quoted(message)


def test_user_asks_for_more_of_a_follow_up(visitor: Visitor) -> None:
    visitor.say("what is detox?")
    first = only(visitor.say("how long does it take?"))
    more = only(visitor.say("tell me more"))
    assert more["kind"] == "answer"
    assert not set(quoted(first).split(". ")) & set(quoted(more).split(". "))


def test_user_asks_who_wrote_this(visitor: Visitor) -> None:
    answer = only(visitor.say("what is EMDR?"))
    message = only(visitor.say("who wrote this?"))
    assert message["kind"] == "notice"
    assert message["sources"] == answer["sources"]


def test_user_asks_how_it_differs_from_another(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    message = only(visitor.say("how is it different from DBT?"))
    assert {"cbt", "dbt"} <= {block["topic"] for block in message["blocks"]}


def test_user_asks_which_of_two_is_better(visitor: Visitor) -> None:
    visitor.say("CBT vs DBT")
    message = only(visitor.say("which is better?"))
    assert message["kind"] == "answer"
    assert sections(message)[0] == "dialectical-behavior-therapy#dbt-or-cbt"


def test_user_compares_three_medicines(visitor: Visitor) -> None:
    message = only(visitor.say("compare methadone, buprenorphine and naltrexone"))
    topics = [block["topic"] for block in message["blocks"]]
    assert topics == ["methadone", "buprenorphine", "naltrexone"]


def test_user_compares_two_kinds_of_care(visitor: Visitor) -> None:
    message = only(visitor.say("inpatient or outpatient?"))
    assert sections(message)[0] == "levels-of-care#inpatient-or-outpatient"
    assert len(message["blocks"]) == 3


def test_user_asks_three_questions_in_one_sentence(visitor: Visitor) -> None:
    text = "what is detox and how long does it take and does insurance cover it?"
    assert sections(only(visitor.say(text))) == [
        "detox-and-withdrawal#what-detox-is",
        "detox-and-withdrawal#detox-length",
        "paying-for-treatment#insurance-law",
    ]


def test_user_thanks_and_asks_on_in_one_message(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    message = only(visitor.say("Ok, that helps a lot. How long does it take?"))
    assert "cognitive-behavioral-therapy#length" in sections(message)


def test_user_says_what_was_meant(visitor: Visitor) -> None:
    visitor.say("what is family therapy?")
    message = only(visitor.say("no, i meant group therapy"))
    assert message["kind"] == "answer"
    assert "group" in quoted(message)


def test_user_rejects_twice_and_is_offered_others(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    first = titles(only(visitor.say("that's not what I asked")))
    second = titles(only(visitor.say("that's not what I asked")))
    assert first
    assert second
    assert not set(first) & set(second)


def test_user_rejects_everything_and_is_told_who_to_talk_with(visitor: Visitor) -> None:
    visitor.say("what is CBT?")
    for _ in range(8):
        message = only(visitor.say("that's not what I asked"))
        if not message["choices"]:
            break
    assert "nothing nearer" in message["text"]
    assert "1-800-662-4357" in message["text"]


def test_user_asks_on_about_leave_from_work(visitor: Visitor) -> None:
    visitor.say("can I take time off work to go to rehab?")
    message = only(visitor.say("do they pay me meanwhile"))
    assert any(key.startswith("work-and-treatment#") for key in sections(message))
    assert "paid" in quoted(message) or "pay" in quoted(message)


def test_user_adds_a_fact_and_the_subject_stays(visitor: Visitor) -> None:
    visitor.say("how do I get naloxone?")
    message = only(visitor.say("can anybody get it there"))
    assert any(key.startswith("harm-reduction-and-naloxone#") for key in sections(message))


def test_user_corrects_with_a_no(visitor: Visitor) -> None:
    visitor.say("what are the side effects of naltrexone?")
    message = only(visitor.say("no, I mean methadone"))
    assert "methadone" in quoted(message)


def test_user_asks_for_something_foreign_after_an_answer(visitor: Visitor) -> None:
    visitor.say("how do I get naloxone?")
    message = only(visitor.say("and who won the football game last night"))
    assert message["kind"] in ("no_answer", "notice")
    assert message["blocks"] == []


def test_user_asks_two_questions_of_the_last_answer(visitor: Visitor) -> None:
    visitor.say("My son is 19 and smokes weed all day. Is marijuana addictive?")
    message = only(visitor.say("What happens when he quits? Will he have withdrawal?"))
    assert sections(message)[0] == "cannabis#quitting"
    assert "alcohol" not in quoted(message).lower()


def test_user_asks_for_side_effects_of_what_was_just_explained(visitor: Visitor) -> None:
    visitor.say("what is naltrexone used for")
    message = only(visitor.say("does it have side effects"))
    assert sections(message)[0] == "medicines-for-addiction-explained#naltrexone"


def test_user_asks_of_the_first_of_two_things(visitor: Visitor) -> None:
    visitor.say("methadone or suboxone, which is better")
    message = only(visitor.say("do i have to go every day for the first one"))
    assert sections(message)[0] == "medication-for-opioid-use-disorder#methadone-clinic"
