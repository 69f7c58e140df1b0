"""Reads the body of a request that carries a message."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from extensions.channels.person_text import TextRefusedError, TextTooLongError, checked_text
from extensions.channels.problems import ProblemError

_EITHER = 'Send a JSON object with either "text" or "choice".'
# NUL and lone surrogates: they show nothing, and no text can hold them.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Said:
    """What a person sent: a text, or the id of a choice; the other one is None."""

    text: str | None = None
    choice: str | None = None


def heard(content: Any) -> str | None:
    """The text in a body, whatever else is wrong with it; None where there is none.

    For the safety gate: a text may be too long or badly formed and still be a cry for help.
    """
    text = content.get("text") if isinstance(content, dict) else None
    if not isinstance(text, str):
        return None
    return unicodedata.normalize("NFC", _NO_TEXT.sub("", text)).strip()


def read_said(content: Any) -> Said:
    """Checks the parsed body of a message.

    Raises:
        ProblemError: 400 or 413, with a sentence for the person.
    """
    if not isinstance(content, dict) or len(content) != 1:
        raise ProblemError(400, _EITHER)
    ((key, value),) = content.items()
    if key not in ("text", "choice") or not isinstance(value, str):
        raise ProblemError(400, _EITHER)
    if key == "choice":
        return Said(choice=value)
    try:
        return Said(text=checked_text(value))
    except TextTooLongError as error:
        raise ProblemError(413, str(error)) from None
    except TextRefusedError as error:
        raise ProblemError(400, str(error)) from None


def parse(body: bytes) -> Any:
    """Reads JSON.

    Raises:
        ProblemError: 400, it is none.
    """
    try:
        return json.loads(body.decode("utf-8"))
    # Nested too deep is a RecursionError.
    except (ValueError, RecursionError):
        raise ProblemError(400, "The request is not valid JSON in UTF-8.") from None
