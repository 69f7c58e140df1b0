"""Tells who looks for a place near them, which no article can name."""

from __future__ import annotations

import re

_PLACE = (
    r"(?:places?|rehabs?|treatment|programs?|centers?|clinics?|hospitals?|detox(?:es)?|beds?"
    r"|meetings?|(?:support )?groups?|doctors?|therapists?|counselors?|psychiatrists?"
    r"|sober (?:living|homes?|houses?)|facilit(?:y|ies)|help|methadone|suboxone)"
)
_NEAR = (
    r"(?:near(?:by|est)?|close(?:st| to| by)|around (?:here|me)"
    r"|in (?:my|our|this) (?:area|town|city|state|county|neighborhood))"
)
# After these "in" names no town: "therapists in training", "groups in recovery".
_NO_TOWN = (
    r"(?!(?:an?|the|my|our|this|your|rehab|recovery|treatment|therapy|detox|general|training"
    r"|prisons?|jail|person|private|part|\w+ing)\b)"
)
_SEEKS_PLACE = re.compile(
    rf"\b{_PLACE}\b[^.?!]{{0,30}}\b{_NEAR}\b"
    rf"|\b{_NEAR}\b[^.?!]{{0,30}}\b{_PLACE}\b"
    rf"|^\W*{_PLACE} in {_NO_TOWN}\w+(?:\W+\w+){{0,2}}\W*$"
    r"|\b(?:any|good|best|find(?: me)?|recommend|know(?: of)?|is there)\b"
    rf"[^.?!]{{0,20}}\b{_PLACE} in {_NO_TOWN}\w+",
    re.IGNORECASE,
)


def seeks_place(text: str) -> bool:
    """Whether a place, a group or a person near somebody is looked for."""
    return _SEEKS_PLACE.search(text) is not None
