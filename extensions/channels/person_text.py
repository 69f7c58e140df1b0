"""What a person typed: checked, normalised, and never a command.

For every channel: Rasa takes a text that begins with "/" for an intent, with
which anybody could set slots, restart, or say yes to what was never offered.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.core.agent import Agent

MAX_CHARACTERS = 2000
# Categories of characters that show nothing: separators, controls, formats.
_BLANK = ("Z", "C")


class TextRefusedError(ValueError):
    """A text that cannot be answered; the message is one sentence for the person."""


class TextTooLongError(TextRefusedError):
    """A text of more than `MAX_CHARACTERS`."""


def checked_text(text: str) -> str:
    """Normalises a text to NFC, without white space around it.

    Raises:
        TextTooLongError: it has more than 2,000 code points.
        TextRefusedError: it is empty or not text that can be stored.
    """
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise TextRefusedError("This message holds characters that are not text.")
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > MAX_CHARACTERS:
        raise TextTooLongError(
            f"This message is too long. Please write at most {MAX_CHARACTERS:,} characters. "
            "In an emergency call 911; for thoughts of suicide call or text 988."
        )
    if all(unicodedata.category(character)[0] in _BLANK for character in text):
        raise TextRefusedError("This message is empty. Please write something.")
    return text


async def parsed_as_text(agent: Agent, text: str) -> dict[str, Any] | None:
    """The NLU's reading of a text that Rasa would take for a command.

    Args:
        agent: the running agent.
        text: from `checked_text`.

    Returns:
        Parse data with the text as it was typed; None for any other text, which
        Rasa may parse by itself.
    """
    # The same test as Rasa's: it strips white space, and nothing else.
    if not text.strip().startswith("/"):
        return None
    # A character of the same width that shows nothing keeps the entities' offsets.
    disarmed = "\u200b" + text.strip()[1:]
    return {**await agent.parse_message(disarmed), "text": text}
