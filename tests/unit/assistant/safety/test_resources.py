"""What is said in an emergency: every text leads to help, in two languages, on any channel."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import textstat
import yaml

from assistant.errors import CorpusError
from assistant.message import Message
from assistant.safety.emergency import SITUATIONS, Concerned, Language
from assistant.safety.resources import CRISIS_FILE, CrisisTexts, FollowUp, Line, crisis_texts

TEXTS = crisis_texts()
LANGUAGES = get_args(Language)
EMERGENCIES = {
    f"{situation}-{concerned}-{language}": TEXTS.emergency(situation, concerned, language)
    for situation in SITUATIONS
    for concerned in get_args(Concerned)
    for language in LANGUAGES
}
LIKELY = {
    f"{situation}-likely-{language}": TEXTS.likely(situation, language)
    for situation in SITUATIONS
    for language in LANGUAGES
}
AGAIN = {
    f"{situation}-{concerned}-again{times}-{language}": TEXTS.again(
        situation, concerned, language, times
    )
    for situation in SITUATIONS
    for concerned in get_args(Concerned)
    for times in (1, 2)
    for language in LANGUAGES
}
FOLLOW_UPS = {
    f"{name}-{line}-{language}": message
    for name in get_args(FollowUp)
    for line in get_args(Line)
    for language in LANGUAGES
    if (message := TEXTS.follow_up(name, line, language))
}
EVERY = {
    **EMERGENCIES,
    **LIKELY,
    **AGAIN,
    **FOLLOW_UPS,
    **{f"unknown-{language}": TEXTS.unknown(language) for language in LANGUAGES},
}
SPANISH = {name: message for name, message in EVERY.items() if name.endswith("-es")}


def _digits(text: str) -> str:
    return re.sub(r"[-() .]", "", text)


@pytest.mark.parametrize("name", EVERY)
def test_whoever_cannot_press_a_button_reads_every_number(name: str) -> None:
    message = EVERY[name]
    assert message.resources
    for resource in message.resources:
        assert resource.label
        target, _, word = resource.href.partition("?body=")
        scheme, _, rest = target.partition(":")
        if scheme == "https":
            assert rest.split("/")[2].removeprefix("www.") in message.text
        else:
            assert rest.removeprefix("1800") in _digits(message.text)
            assert word in message.text


@pytest.mark.parametrize("name", EVERY)
def test_no_text_offers_what_ended_or_promises_too_much(name: str) -> None:
    text = EVERY[name].text.lower()
    for never in ("press 3", "marque 3", "confidential", "hipaa", "therapist", "100 %"):
        assert never not in text
    assert "911" in text
    assert "  " not in text
    # Shown as it is, also in text messages: no markdown, no HTML.
    assert not re.search(r"[*_<>\[\]#]", text)


@pytest.mark.parametrize(
    ("situation", "lead", "words"),
    [
        ("suicide", "tel:988", "988"),
        ("self_harm", "tel:988", "988"),
        ("overdose", "tel:911", "naloxone"),
        ("withdrawal_emergency", "tel:911", "emergency room"),
        ("violence", "tel:911", "Leave if you can"),
        ("abuse", "tel:911", "1-800-799-7233"),
    ],
)
def test_each_situation_leads_with_its_help(situation: str, lead: str, words: str) -> None:
    for concerned in get_args(Concerned):
        message = EMERGENCIES[f"{situation}-{concerned}-en"]
        assert message.kind == "crisis"
        assert message.resources[0].href == lead
        assert words in message.text


@pytest.mark.parametrize("name", [*EMERGENCIES, *LIKELY])
def test_each_first_message_says_what_happens_when_one_calls(name: str) -> None:
    said = r"listen|tell you what to do|escuchará|le dirán qué hacer|enviarán ayuda"
    assert re.search(said, EVERY[name].text)


@pytest.mark.parametrize("name", LIKELY)
def test_what_may_be_no_emergency_is_told_so_by_a_program(name: str) -> None:
    text = LIKELY[name].text
    assert re.search("automated program|programa automático", text)
    assert re.search("just write on|siga escribiendo", text)


@pytest.mark.parametrize("name", [*LIKELY, *AGAIN])
def test_what_is_said_of_a_likely_one_or_again_is_shorter_than_the_whole(name: str) -> None:
    whole = EMERGENCIES[re.sub(r"-again\d", "", name).replace("likely", "self")]
    assert len(EVERY[name].text) < 0.85 * len(whole.text)


def test_what_is_said_again_takes_turns() -> None:
    texts = [TEXTS.again("suicide", "self", "en", times).text for times in (1, 2, 3)]
    assert texts[0] == texts[2] != texts[1]


@pytest.mark.parametrize("name", SPANISH)
def test_spanish_is_spanish_and_polite(name: str) -> None:
    text = SPANISH[name].text
    assert not re.search(r"\b(the|call|now|you|tú|tu|te|envía|marca el)\b", text)
    assert "988 y marcar 2" in text or "marque 2" in text or "88788" in text or "911" in text


@pytest.mark.parametrize("name", [name for name in EVERY if name.endswith("-en")])
def test_english_is_plain(name: str) -> None:
    assert textstat.flesch_kincaid_grade(EVERY[name].text) <= 8


def test_the_helpline_without_counselling_is_never_the_answer_to_an_emergency() -> None:
    for name, message in EVERY.items():
        if "-general-" not in name:
            assert "662-4357" not in message.text
            assert all("6624357" not in resource.href for resource in message.resources)


def test_follow_ups_are_there_for_every_line_that_an_emergency_has() -> None:
    lines = {texts.line for texts in TEXTS.situations.values()}
    for name in get_args(FollowUp):
        assert lines <= set(TEXTS.follow_ups[name])


def test_every_way_and_fact_has_a_source_and_the_day_of_the_last_check_is_kept() -> None:
    assert isinstance(TEXTS.checked, date)
    for each in (*TEXTS.resources.values(), *TEXTS.facts):
        assert re.match(r"https?://", each.source)


def test_a_text_without_buttons_stays_as_it_is() -> None:
    message: Message = TEXTS.unknown()
    assert message.text == message.as_dict()["text"]


def _changed(**changes: object) -> str:
    stored = yaml.safe_load(CRISIS_FILE.read_text("utf-8"))
    return yaml.safe_dump({**stored, **changes})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read"),
        ("[", "cannot be read"),
        ("", "the file"),
        ("{}", "`checked`: field required"),
        (_changed(situations={}), "has no text for abuse"),
        (_changed(lines={"lifeline": {"en": ["call_999"], "es": []}}), "offers call_999"),
        (_changed(extra=1), "`extra`"),
        (
            _changed(resources={"a": {"href": "http:a", "en": "a", "es": "a", "source": "a"}}),
            "must begin with tel:",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "crisis.yml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(CorpusError, match=re.escape(told)):
        crisis_texts.__wrapped__(path)


def test_the_file_is_what_the_class_says() -> None:
    assert isinstance(TEXTS, CrisisTexts)
