"""Puts names for "the first one", "the other one" after things were named together."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLACES = {"first": 0, "former": 0, "second": 1, "latter": -1, "other": -1, "third": 2, "last": -1}
# "The first one", "how many hours is the second?"; not "the first week".
_ORDINAL = re.compile(
    rf"\bthe (?P<place>{'|'.join(_PLACES)})(?: one\b|(?=\s*(?:[,.;?!]|$)))", re.IGNORECASE
)


def with_names(text: str, names: Sequence[str]) -> str:
    """The text with the name of each thing that it calls by its place.

    Args:
        text: as the person wrote it.
        names: of the things, in the order in which they were named; of one kind.

    Returns:
        The same text where there are not two, or not so many.
    """
    if len(names) < 2:
        return text

    def named(found: re.Match[str]) -> str:
        place = _PLACES[found["place"].lower()]
        return names[place] if place < len(names) else found[0]

    return _ORDINAL.sub(named, text)
