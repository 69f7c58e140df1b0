"""The terms are plain, promise nothing false, and stay what they were."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import textstat
import yaml

from assistant.errors import CorpusError
from assistant.signup import terms as module
from assistant.signup.terms import PURPOSES, TERMS_FOLDER, current_terms, render_terms, versions

# Versions that people were shown are never changed: a new text is a new file.
SHOWN = {
    "2026-11-25": "352d72013aaf6ce2661b12a81ff19a2d7f21bf62e2a2f7a05674ee85670a9434",
}
LANGUAGES = ("en", "es")


def test_a_version_that_was_shown_is_what_it_was() -> None:
    assert SHOWN.keys() == set(versions())
    for version, digest in SHOWN.items():
        content = (TERMS_FOLDER / f"{version}.yml").read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, version


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_is_what_is_hashed(language: str) -> None:
    terms = current_terms(language)
    assert terms.language == language
    assert terms.sha256 == hashlib.sha256(terms.text.encode()).hexdigest()
    assert tuple(terms.consents) == PURPOSES
    for consent in terms.consents.values():
        assert consent.sha256 == hashlib.sha256(consent.text.encode()).hexdigest()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_provider_is_named_where_a_name_is_set(language: str) -> None:
    named = render_terms("2026-11-25", language, "Harbor House")
    neutral = render_terms("2026-11-25", language, None)
    assert "Harbor House" in named.text
    for purpose in PURPOSES:
        assert "Harbor House" in named.consents[purpose].text
    for text in (named.text, neutral.text):
        assert "{" not in text
    assert named.sha256 != neutral.sha256
    assert render_terms("2026-11-25", language, "Harbor House") == named


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_is_asked_for_as_the_law_wants_it(language: str) -> None:
    text = render_terms("2026-11-25", language, "Harbor House").consents["sms"].text
    for needed in ("Harbor House", "Msg & data rates may apply", "STOP", "HELP"):
        assert needed in text
    purpose, frequency, free = {
        "en": ("your sign-up and treatment", "How many", "do not have to agree"),
        "es": (
            "su inscripción y el tratamiento",
            "La cantidad de mensajes",
            "No tiene que aceptar",
        ),
    }[language]
    assert purpose in text
    assert frequency in text
    assert free in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_promised_that_nobody_can_keep(language: str) -> None:
    terms = current_terms(language)
    everything = " ".join([terms.text, *(text.text for text in terms.consents.values())]).lower()
    for false in ("100", "confidential", "hipaa", "guarantee", "anonymous", "secure", "addict"):
        assert false not in everything
    for needed in ("911", "988", "42 cfr"):
        assert needed in everything


def test_the_words_are_plain() -> None:
    terms = current_terms()
    for text in (terms.text, *(consent.text for consent in terms.consents.values())):
        assert textstat.flesch_kincaid_grade(text) <= 8


@pytest.mark.parametrize("language", ["de", "", "english", "EN-us"])
def test_who_speaks_another_language_reads_english(language: str) -> None:
    assert current_terms(language).language == "en"
    assert current_terms("es-MX").language == "es"


def test_the_newest_version_is_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = yaml.safe_load((TERMS_FOLDER / "2026-11-25.yml").read_text("utf-8"))
    for version in ("2026-11-25", "2027-01-01"):
        (tmp_path / f"{version}.yml").write_text(yaml.safe_dump({**stored, "version": version}))
    assert versions(tmp_path) == ["2026-11-25", "2027-01-01"]
    assert render_terms("2027-01-01", "en", None, tmp_path).version == "2027-01-01"
    monkeypatch.setattr(module, "versions", lambda: ["2020-01-01", "2026-11-25"])
    assert current_terms().version == "2026-11-25"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("version: '2020-01-01'\nlanguages: {}", "must have English"),
        (
            "version: v\nlanguages: {en: {provider: p, text: t, consents: {contact: c}}}",
            "must ask about",
        ),
        ("version: v\nlanguages: {}\nmore: 1", "languages"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "v.yml").write_text(content)
    with pytest.raises(CorpusError, match=message) as caught:
        render_terms("v", "en", None, tmp_path)
    assert str(caught.value).startswith("v.yml: ")


def test_no_terms_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There are no terms"):
        versions(tmp_path)
