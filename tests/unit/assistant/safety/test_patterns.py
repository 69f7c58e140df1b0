"""Each group's own examples, and that patterns cannot be made to run for long."""

import time
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.safety.emergency import SITUATIONS
from assistant.safety.patterns import Group, _Loader, load_patterns

GROUPS = load_patterns().groups


def seen(text: str) -> set[str]:
    book = load_patterns()
    found = book.see(book.reader.sentences(text))
    return {f"{group.situation}: {group.name}" for each in found for group in each.groups}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: f"{group.situation}-{group.name}")
def test_a_group_notices_what_it_must_and_nothing_else(group: Group) -> None:
    name = f"{group.situation}: {group.name}"
    assert group.must
    assert group.must_not
    assert [text for text in group.must if name not in seen(text)] == []
    assert [(text, seen(text)) for text in group.must_not if seen(text)] == []


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
    book.see(book.reader.sentences(text))

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
