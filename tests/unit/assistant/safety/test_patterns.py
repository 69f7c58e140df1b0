"""Each group's own examples, and that patterns cannot be made to run for long."""

import re
import time
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.safety.emergency import SITUATIONS
from assistant.safety.patterns import PATTERNS_DIR, Group, _Loader, load_patterns

GROUPS = load_patterns().groups


def seen(text: str) -> set[str]:
    book = load_patterns()
    found = book.see(book.reader.sentences(book.reader.undisguised(text)))
    return {f"{group.situation}: {group.name}" for each in found for group in each.groups}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group.situation}-{group.name}")
def test_a_group_notices_what_it_must_and_nothing_else(group: Group) -> None:
    name = f"{group.situation}: {group.name}"
    assert group.must
    assert group.must_not
    assert [text for text in group.must if name not in seen(text)] == []
    assert [(text, seen(text)) for text in group.must_not if seen(text)] == []


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("My niece overdosed. That was in April, she is in a program.", False),
        ("My niece overdosed. She's on the floor.", True),
        ("My niece overdosed. That was in April and she overdosed again tonight.", True),
        ("My brother was shot. It's been seven years.", False),
        ("My brother was shot. It's been an hour.", True),
        ("I was raped. It was two nights ago.", True),
        ("They all ask if I'm suicidal. No.", False),
        ("They all ask if I'm suicidal. Yes, I'm suicidal.", True),
        ("I asked my son if he's suicidal. He said yes.", True),
        ("I don't want to be here. Nobody would care.", True),
    ],
)
def test_a_frame_may_stand_in_the_next_sentence(text: str, noticed: bool) -> None:
    assert bool(seen(text)) is noticed


@pytest.mark.parametrize(
    "text",
    [
        "8 years ago I tried to kill myself and it's back",
        "A year ago I tried to kill myself. This time I will do it right",
        "I planned to kill myself in 2 days",
        "I used to cut in high school and I'm cutting again",
        "He overdosed last year and lived, now he overdosed again and won't wake up",
        "She was in an abusive relationship until last week and he threatened to kill her",
        "I'm not scared of him but he hits me",
        "He's been married to my sister for years and he hits her",
        "I don't want to wake up for the rest of my life",
        "I put my affairs in order for my kids",
        "Goodbye everyone, last day on earth",
        "This is my last message, I have nothing left",
        "I'd rather die than go through this again",
        "I just took 40 tylenol, I don't want to die",
        "I can't take it, I'm going to end my life",
        "how do you help someone who is overdosing right now",
        "What to do if a friend says she wants to die",
        "no quiero vivir en un mundo así",
        "tengo las pastillas, hoy me cuelgo",
        "if I go back he will kill me",
        "I asked if he's suicidal and he never answered",
        "quiero acabar con esto de una vez",
        "mi tío se mete a mi cama y me da miedo cuando me toca",
    ],
)
def test_what_is_said_of_now_outweighs_what_surrounds_it(text: str) -> None:
    assert seen(text)


def test_no_pattern_takes_a_whole_word_for_a_plural_that_may_be_missing() -> None:
    # "ways? to" is "ways to" or "to" alone, which is in every other sentence.
    written = [
        (path.name, found)
        for path in PATTERNS_DIR.glob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if "..." in line or "|" in line
        for found in re.findall(r"[a-z]{3,}s\?", line)
    ]
    assert written == []


def test_all_situations_have_patterns_in_both_languages() -> None:
    assert {group.situation for group in GROUPS} == set(SITUATIONS)
    spanish = {group.situation for group in GROUPS if "Spanish" in group.name}
    assert spanish == set(SITUATIONS)


@pytest.mark.parametrize(
    "unit",
    ["i ", "want to ", "my son ", "a", "i am not ", "took pills ", "ab*", "k.i.l.l.", "!?", "i'm ",
     "he said she said ", "kill ", "\u0301", "quit drinking seeing ", "zqxj ", "0", "💊", "(("],
)  # fmt: skip
def test_hostile_messages_of_ten_thousand_characters_are_read_in_time(unit: str) -> None:
    book = load_patterns()
    text = (unit * 10_000)[:10_000]

    start = time.process_time()
    book.see(book.reader.sentences(book.reader.undisguised(text)))

    assert time.process_time() - start < 3.0


def test_an_incomplete_group_is_refused(tmp_path: Path) -> None:
    for name in ("lists", "frames", "idioms", "hints"):
        (tmp_path / f"{name}.yml").write_text("{}")
    (tmp_path / "new.yml").write_text("groups: [{name: x, situation: suicide, patterns: [a]}]")

    with pytest.raises(CorpusError, match="'x'"):
        _Loader(tmp_path).book()


def test_a_pattern_that_is_none_is_refused_with_its_file(tmp_path: Path) -> None:
    for name in ("lists", "idioms", "hints"):
        (tmp_path / f"{name}.yml").write_text("{}")
    (tmp_path / "frames.yml").write_text("past: {patterns: ['(a']}")

    with pytest.raises(CorpusError, match=r"frames\.yml"):
        _Loader(tmp_path).book()
