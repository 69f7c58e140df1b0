"""What the assistant says, in the one shape that every channel renders.

The dictionaries made here are the `Message` of the web channel's JSON, a
contract with the outside: add keys, never rename or remove one.
"""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from typing import Any, Literal

Kind = Literal["answer", "no_answer", "crisis", "prompt", "notice"]
SourceKind = Literal["article", "reference"]


@dataclass(frozen=True)
class Span:
    """Where a quoted sentence stands: offsets into the body of an article's file.

    `sha256` is of the raw span `body[start:end]`, UTF-8.
    """

    article: str
    section: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class QuotedSentence:
    """One sentence as shown: the span's text without markup, and source numbers."""

    text: str
    citations: tuple[int, ...]
    source: Span


@dataclass(frozen=True)
class Block:
    """Neighbouring sentences on one topic."""

    topic: str
    heading: str
    sentences: tuple[QuotedSentence, ...]


@dataclass(frozen=True)
class Source:
    """A numbered source: the article itself, or a publication that it cites."""

    number: int
    kind: SourceKind
    title: str
    url: str | None
    article: str
    section: str | None = None


@dataclass(frozen=True)
class Related:
    """Another article worth reading."""

    article: str
    title: str
    url: str | None = None


# Where a channel that made ids for choices leaves the title of the one that was pressed, in
# the metadata of a message: it proves that the server offered it.
CHOICE_TITLE = "choice_title"
# What an action is told of the reply before: the `kinds` of its messages, and the `payloads` of
# their choices.
REPLY_BEFORE = "reply_before"


@dataclass(frozen=True)
class Choice:
    """Something to press. `payload` stays on the server; a channel makes the id."""

    title: str
    payload: str


@dataclass(frozen=True)
class Resource:
    """A way to reach help: `href` is a tel:, sms: or https: link."""

    label: str
    href: str


@dataclass(frozen=True)
class Message:
    """One message to a person. `text` is always the whole of it in plain words."""

    kind: Kind
    text: str
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    related: tuple[Related, ...] = ()
    choices: tuple[Choice, ...] = ()
    resources: tuple[Resource, ...] = ()
    answer_id: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, lists for tuples; choices still carry their payload."""
        form: dict[str, Any] = _plain(self)
        return form


def _plain(value: Any) -> Any:
    # `dataclasses.asdict` copies each text in depth: more than twice as long, for every message.
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {name: _plain(item) for name, item in vars(value).items()}
    return value
