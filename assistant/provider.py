"""The provider's own facts, from `data/provider.yml`; what is not set is not said."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pydantic
import yaml

from assistant.errors import CorpusError
from assistant.message import Resource
from assistant.settings import ROOT

PROVIDER_FILE = ROOT / "data" / "provider.yml"


class Provider(pydantic.BaseModel):
    """What is known of the provider.

    Attributes:
        name: as visitors know it.
        phone: of people who can talk about treatment.
        hours: when they answer, in plain words.
    """

    name: str | None = None
    phone: str | None = None
    hours: str | None = None

    class Config:
        """A misspelt fact is an error, not a fact that is never said."""

        extra = "forbid"
        allow_mutation = False

    @pydantic.validator("phone")
    def _can_be_dialled(cls, phone: str | None) -> str | None:
        if phone is not None and not 7 <= len(re.sub(r"\D", "", phone)) <= 15:
            raise ValueError("is not a phone number")
        return phone

    @property
    def invitation(self) -> str:
        """A sentence that says whom to call; empty when that is not known."""
        if not self.phone:
            return ""
        whom = f"To talk with a person at {self.name}" if self.name else "To talk with us"
        when = f" ({self.hours})" if self.hours else ""
        return f"{whom}, call {self.phone}{when}."

    @property
    def links(self) -> tuple[Resource, ...]:
        """The number as a link; none when it is not known."""
        if not self.phone:
            return ()
        number = re.sub(r"[^\d+]", "", self.phone)
        return (Resource(f"{self.name or 'Call us'}: {self.phone}", f"tel:{number}"),)


@lru_cache(maxsize=1)
def load_provider(path: Path = PROVIDER_FILE) -> Provider:
    """Reads the provider's facts.

    Raises:
        CorpusError: the file is missing or malformed; says which fact is wrong.
    """
    try:
        stored = yaml.safe_load(path.read_text("utf-8")) or {}
        return Provider.parse_obj(stored)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        message = f"`{first['loc'][0]}`: {first['msg']}."
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        message = "The provider's facts cannot be read."
    raise CorpusError(message, f"{path.parent.name}/{path.name}")
