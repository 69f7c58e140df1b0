"""The terms of a sign-up and its questions of consent, rendered and hashed.

Each version is a file in `data/terms`, named by its date. What is shown is always
what `render_terms` gives, and its hash is what is recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pydantic
import yaml

from assistant.errors import CorpusError
from assistant.provider import load_provider
from assistant.settings import ROOT

TERMS_FOLDER = ROOT / "data" / "terms"
PURPOSES = ("contact", "email", "phone", "sms")
_FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True)
class ConsentText:
    """The exact question about one purpose, with its SHA-256 (of UTF-8, in hex)."""

    purpose: str
    text: str
    sha256: str


@dataclass(frozen=True)
class Terms:
    """The exact terms in one language.

    Attributes:
        version: name of the file, a date.
        language: "en" or "es".
        text: what is shown, in lines.
        sha256: of the text (UTF-8), in hex.
        consents: a question for each of `PURPOSES`.
    """

    version: str
    language: str
    text: str
    sha256: str
    consents: Mapping[str, ConsentText]


class _Language(pydantic.BaseModel):
    provider: str
    text: str
    consents: dict[str, str]

    class Config:
        extra = "forbid"

    @pydantic.validator("consents")
    def _ask_about_every_purpose(cls, consents: dict[str, str]) -> dict[str, str]:
        if sorted(consents) != sorted(PURPOSES):
            raise ValueError(f"must ask about {', '.join(PURPOSES)}")
        return consents


class _TermsFile(pydantic.BaseModel):
    version: str
    languages: dict[str, _Language]

    class Config:
        extra = "forbid"

    @pydantic.validator("languages")
    def _speak_english(cls, languages: dict[str, _Language]) -> dict[str, _Language]:
        if _FALLBACK_LANGUAGE not in languages:
            raise ValueError("must have English")
        return languages


def current_terms(language: str = _FALLBACK_LANGUAGE) -> Terms:
    """The terms in force, for the provider in `data/provider.yml`.

    Args:
        language: what the person speaks; English where there is no translation.

    Raises:
        CorpusError: there are none, or they cannot be used.
    """
    return render_terms(versions()[-1], language, load_provider().name)


def versions(folder: Path = TERMS_FOLDER) -> list[str]:
    """Every version, the one in force last.

    Raises:
        CorpusError: there is none.
    """
    names = sorted(path.stem for path in folder.glob("*.yml"))
    if not names:
        raise CorpusError("There are no terms (*.yml) in this folder.", str(folder))
    return names


@lru_cache(maxsize=16)
def render_terms(
    version: str, language: str, provider: str | None, folder: Path = TERMS_FOLDER
) -> Terms:
    """A version as it is, or was, shown.

    Args:
        version: name of the file without its ending.
        language: what the person speaks; English where there is no translation.
        provider: the provider's name, None for neutral words.
        folder: where the files are.

    Raises:
        CorpusError: the file is missing or malformed.
    """
    stored = _read(folder / f"{version}.yml")
    spoken = language[:2].lower()
    if spoken not in stored.languages:
        spoken = _FALLBACK_LANGUAGE
    texts = stored.languages[spoken]
    name = provider or texts.provider

    def fill(text: str) -> str:
        return text.strip().replace("{provider}", name)

    consents = {
        purpose: ConsentText(purpose, fill(text), _sha256(fill(text)))
        for purpose, text in texts.consents.items()
    }
    text = fill(texts.text)
    return Terms(stored.version, spoken, text, _sha256(text), consents)


def _read(path: Path) -> _TermsFile:
    try:
        stored = _TermsFile.parse_obj(yaml.safe_load(path.read_text("utf-8")))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"`{place}`: {first['msg']}.", path.name) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise CorpusError("The terms cannot be read.", path.name) from None
    if stored.version != path.stem:
        raise CorpusError("`version` must be the name of the file.", path.name)
    return stored


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
