from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.errors import CorpusError
from assistant.safety.resources import CRISIS_FILE, crisis_message

STORED = yaml.safe_load(CRISIS_FILE.read_text("utf-8"))
EVERY = {"default": STORED["default"], **STORED["situations"]}


def test_the_general_message_leads_to_help() -> None:
    message = crisis_message()
    assert message.kind == "crisis"
    for number in ("911", "988", "1-800-222-1222", "1-800-799-7233"):
        assert number in message.text
    assert {"tel:911", "tel:988", "sms:988"} <= {resource.href for resource in message.resources}


@pytest.mark.parametrize("name", EVERY)
def test_every_message_can_be_followed_and_offers_what_ended_nowhere(name: str) -> None:
    stored = EVERY[name]
    assert "911" in stored["text"]
    assert "press 3" not in stored["text"].lower()
    assert stored["resources"]
    for resource in stored["resources"]:
        assert resource["label"]
        assert resource["href"].startswith(("tel:", "sms:", "https://"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("suicide", "988"),
        ("self_harm", "988"),
        ("overdose", "naloxone"),
        ("withdrawal_emergency", "emergency room"),
        ("violence", "Leave if you can"),
        ("abuse", "1-800-799-7233"),
    ],
)
def test_each_situation_has_its_words(name: str, words: str) -> None:
    assert words in EVERY[name]["text"]


def test_the_day_of_the_last_check_is_kept() -> None:
    assert isinstance(STORED["checked"], date)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[",
        "default: 1",
        "default: {text: a}",
        "default: {text: a, resources: [{label: a}]}",
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "crisis.yml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(CorpusError, match=r"crisis\.yml: Has no `default`"):
        crisis_message(path)
