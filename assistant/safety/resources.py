"""The fixed texts for emergencies, from one data file with the date of its check."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pydantic
import yaml

from assistant.errors import CorpusError
from assistant.message import Kind, Message, Resource
from assistant.safety.emergency import SITUATIONS, Concerned, Language, Situation
from assistant.settings import ROOT

CRISIS_FILE = ROOT / "data" / "crisis.yml"

Line = Literal["lifeline", "emergency", "hotline", "general"]
FollowUp = Literal[
    "ask_crisis_call",
    "afraid_to_call",
    "cannot_call",
    "concerned_other",
    "crisis_retracted",
    "help_is_coming",
    "help_is_there",
    "ask_human",
]


class _Strict(pydantic.BaseModel):
    class Config:
        """A misspelt key is an error, not a text that is never said."""

        extra = "forbid"
        allow_mutation = False


class Way(_Strict):
    """A way to reach help: `href`, a label in each language, where it was looked up."""

    href: str
    en: str
    es: str
    source: str

    @pydantic.validator("href")
    def _can_be_pressed(cls, href: str) -> str:
        if not href.startswith(("tel:", "sms:", "https://")):
            raise ValueError("must begin with tel:, sms: or https://")
        return href


class Fact(_Strict):
    """Where something that the texts say was read."""

    says: str
    source: str


class Ways(_Strict):
    """Names of ways to help, in the order of their buttons."""

    en: tuple[str, ...]
    es: tuple[str, ...]


class Wording(_Strict):
    """What is said of one emergency in one language."""

    own: str = pydantic.Field(alias="self")
    other: str
    likely: str
    again: tuple[str, str]
    again_other: tuple[str, str] | None = None


class SituationTexts(_Strict):
    """One kind of emergency."""

    line: Line
    resources: Ways
    en: Wording
    es: Wording


class FollowUpTexts(_Strict):
    """One answer to a question after an emergency, with `extra` ways beside the line's."""

    en: str
    es: str
    extra: Ways = Ways(en=(), es=())


class DefaultTexts(_Strict):
    """For an emergency whose kind is not known."""

    resources: Ways
    en: str
    es: str


class CrisisTexts(_Strict):
    """Everything in `data/crisis.yml`.

    Attributes:
        checked: when the numbers and sources were last looked up.
        revision: raised with each change of a text.
        resources: the ways to reach help, by name.
        facts: sources of what the texts say beside the numbers.
        lines: the ways that follow-up answers of a line offer.
        situations: the texts for each kind of emergency.
        default: the text for an unknown kind.
        follow_ups: answers to what people ask next, by question and line.
    """

    checked: date
    revision: int
    resources: dict[str, Way]
    facts: tuple[Fact, ...]
    lines: dict[Line, Ways]
    situations: dict[Situation, SituationTexts]
    default: DefaultTexts
    follow_ups: dict[FollowUp, dict[Line, FollowUpTexts]]

    @pydantic.root_validator(skip_on_failure=True)
    def _is_whole(cls, values: dict[str, Any]) -> dict[str, Any]:
        missing = set(SITUATIONS) - set(values["situations"])
        if missing:
            raise ValueError(f"has no text for {', '.join(sorted(missing))}")
        offered = [*values["lines"].values(), values["default"].resources]
        offered += [each.resources for each in values["situations"].values()]
        offered += [
            each.extra for lines in values["follow_ups"].values() for each in lines.values()
        ]
        names = {name for ways in offered for name in (*ways.en, *ways.es)}
        unknown = names - set(values["resources"])
        if unknown:
            raise ValueError(f"offers {', '.join(sorted(unknown))}, which `resources` has not")
        return values

    def emergency(self, situation: Situation, concerned: Concerned, language: Language) -> Message:
        """The whole message for an emergency."""
        texts = self.situations[situation]
        wording = texts.es if language == "es" else texts.en
        text = wording.other if concerned == "other" else wording.own
        return self._message("crisis", text, language, texts.resources)

    def likely(self, situation: Situation, language: Language) -> Message:
        """The short first message for what may be an emergency, and may be none."""
        texts = self.situations[situation]
        wording = texts.es if language == "es" else texts.en
        return self._message("crisis", wording.likely, language, self.lines[texts.line])

    def again(
        self, situation: Situation, concerned: Concerned, language: Language, times: int
    ) -> Message:
        """A shorter message for an emergency that was answered before.

        Args:
            situation: the kind of emergency.
            concerned: who is in danger.
            language: of the message.
            times: how often it was answered already; the wordings take turns.
        """
        texts = self.situations[situation]
        wording = texts.es if language == "es" else texts.en
        again = (wording.again_other if concerned == "other" else None) or wording.again
        ways = self.lines[texts.line]
        return self._message("crisis", again[(times - 1) % len(again)], language, ways)

    def unknown(self, language: Language = "en") -> Message:
        """The message for an emergency whose kind is not known."""
        text = self.default.es if language == "es" else self.default.en
        return self._message("crisis", text, language, self.default.resources)

    def follow_up(self, name: FollowUp, line: Line, language: Language) -> Message | None:
        """The answer to a question after an emergency; None where the file has none."""
        texts = self.follow_ups.get(name, {}).get(line)
        if texts is None:
            return None
        text = texts.es if language == "es" else texts.en
        kind: Kind = "notice" if line == "general" else "crisis"
        return self._message(kind, text, language, self.lines[line], texts.extra)

    def _message(self, kind: Kind, text: str, language: Language, *ways: Ways) -> Message:
        names = [name for each in ways for name in (each.es if language == "es" else each.en)]
        links = [self.resources[name] for name in names]
        resources = tuple(
            Resource(link.es if language == "es" else link.en, link.href) for link in links
        )
        return Message(kind, text, resources=resources)


@lru_cache(maxsize=1)
def crisis_texts(path: Path = CRISIS_FILE) -> CrisisTexts:
    """Reads the texts, once.

    Raises:
        CorpusError: the file is missing, malformed or not whole; says what is wrong.
    """
    try:
        return CrisisTexts.parse_obj(yaml.safe_load(path.read_text("utf-8")))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "__root__")
        message = f"`{place or 'the file'}`: {first['msg']}."
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        message = "The texts for emergencies cannot be read."
    raise CorpusError(message, f"{path.parent.name}/{path.name}")
