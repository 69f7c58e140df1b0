"""What may be read beside declined advice."""

from __future__ import annotations

import pytest

from assistant.answers.compose import Composer
from assistant.answers.memory import Memory
from assistant.answers.quoting import quote


@pytest.mark.parametrize(
    ("text", "key", "safe"),
    [
        # Never beside a dose, whatever the section says.
        ("how many mg of methadone can i take", "medication-for-opioid-use-disorder#mixing", False),
        ("i missed a dose", "medication-for-opioid-use-disorder#staying-or-stopping", False),
        ("how many beers a day is too much", "alcohol#standard-drink", True),
        ("how many drinks a week is heavy", "alcohol#standard-drink", True),
        ("how many pills a day with two drinks", "alcohol#standard-drink", False),
        # What somebody takes is no dose that is asked for.
        (
            "i take 80 mg methadone and i'm pregnant",
            "pregnancy-and-treatment#medicine-in-pregnancy",
            True,
        ),
        (
            "i'm shaky in the morning, is that withdrawal",
            "withdrawal-by-substance#alcohol-timeline",
            True,
        ),
        # Stopping something else than what is taken.
        (
            "should i stop paying his rent if he spends it on oxy",
            "helping-a-loved-one#enabling-and-boundaries",
            True,
        ),
        # Two things: a section on the risk that treats both.
        ("can i mix xanax and alcohol", "benzodiazepines#mixing", True),
        ("can i mix heroin and alcohol", "medication-for-alcohol-use-disorder#disulfiram", False),
        ("ibuprofen with naltrexone", "medicines-for-addiction-explained#naltrexone", False),
        # A result: a section on tests.
        # A warning not to stop may always be heard.
        (
            "i'm pregnant and on heroin, cold turkey?",
            "pregnancy-and-treatment#stopping-suddenly",
            True,
        ),
        ("my test was positive for fentanyl", "opioids-and-fentanyl#fentanyl", False),
        ("am i an alcoholic", "alcohol#signs", True),
    ],
)
def test_a_section_is_safe_beside(composer: Composer, text: str, key: str, safe: bool) -> None:
    answer = composer.section(key, Memory()).message
    assert composer.is_safe_beside_advice(text, answer) is safe


def test_on_stopping_the_quoted_sentences_say_whom_to_ask(composer: Composer) -> None:
    key = "medication-for-opioid-use-disorder#staying-or-stopping"
    _, section = composer._corpus.section_by_key[key]
    asks = next(n for n, s in enumerate(section.sentences) if "prescriber" in s.text)
    silent = next(n for n, s in enumerate(section.sentences) if "prescriber" not in s.text)
    for number, safe in ((asks, True), (silent, False)):
        answer = quote(composer._corpus, ((key, (number,)),))
        assert composer.is_safe_beside_advice("should i stop my methadone", answer) is safe
