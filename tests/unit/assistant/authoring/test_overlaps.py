from __future__ import annotations

from collections.abc import Callable

from assistant.authoring.overlaps import overlaps
from assistant.retrieval.search import Searcher
from tests.unit.articles import GOOD, changed

HEADING = '## Cognitive behavioral therapy {#cbt topics="cbt" aspects="definition,process"}'


OTHER = (
    changed("id: care", "id: rest")
    .replace(HEADING, '## Rest {#rest topics="insomnia" aspects="benefit"}')
    .replace("What is CBT?", "Why should I sleep well?")
    .replace("What is cognitive behavioral therapy?", "sleeping problems")
    .replace("How does CBT work?", "Does a fixed bedtime help?")
    .replace("What happens in CBT?", "I lie awake all night")
    .replace("CBT helps a person change habits.", "Most adults need seven hours of sleep.")
    .replace("CBT can help with cravings.", "A dark room makes it easier to rest.")
)


def _found(searcher_of: Callable[..., Searcher], *texts: str) -> list[str]:
    return [str(finding) for finding in overlaps(searcher_of(*texts).parts.index)]


def test_two_different_articles_do_not_overlap(searcher_of: Callable[..., Searcher]) -> None:
    assert _found(searcher_of, GOOD, OTHER) == []


def test_two_sections_that_answer_the_same_question_are_told(
    searcher_of: Callable[..., Searcher],
) -> None:
    second = OTHER.replace("sleeping problems", "What's cognitive behavioral therapy?")
    (told,) = _found(searcher_of, GOOD, second)
    assert told.startswith("2.md:8: `What's cognitive behavioral therapy?` asks what `What is")
    assert "(1.md:8)" in told


def test_the_same_question_twice_in_a_section_is_its_own_matter(
    searcher_of: Callable[..., Searcher],
) -> None:
    assert _found(searcher_of, changed("How does CBT work?", "how does CBT work")) == []


def test_sentences_that_say_the_same_are_told(searcher_of: Callable[..., Searcher]) -> None:
    second = OTHER.replace(
        "A dark room", "CBT helps a person change bad habits. [^who] A dark room"
    )
    (told,) = _found(searcher_of, GOOD, second)
    assert told == "2.md:16: This sentence says what 1.md:16 says. Keep one, or say more."


def test_another_number_for_the_same_thing_is_told(searcher_of: Callable[..., Searcher]) -> None:
    first = changed(
        "CBT helps a person change habits.", "CBT lasts about 12 weeks in most clinics."
    )
    longer = "CBT lasts about 16 weeks in many clinics. [^who] Most adults need"
    second = OTHER.replace("Most adults need", longer)
    (told,) = _found(searcher_of, first, second)
    assert told == "2.md:16: This sentence has 16 where 1.md:16 has 12. See which is right."
