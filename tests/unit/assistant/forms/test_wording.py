"""What the forms say can be read on a bad day, and promises nothing."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest
import textstat

from assistant.forms import deletion, rights_wording, signup_wording, wording
from assistant.provider import Provider
from assistant.signup.application import Receipt


def texts(module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        if name.startswith("__"):
            continue
        for text in value.values() if isinstance(value, dict) else (value,):
            if isinstance(text, str):
                yield f"{module.__name__}.{name}", text


RECEIPT = Receipt("K7M-4QX", awaiting_confirmation=True, repeated=False)
ALL = [
    *(
        each
        for module in (deletion, rights_wording, signup_wording, wording)
        for each in texts(module)
    ),
    ("ask_adult", signup_wording.ask_adult(Provider())),
    ("receipt", signup_wording.receipt(RECEIPT, "email")),
]


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_a_text_is_plain(name: str, text: str) -> None:
    # Of a few words the formula says nothing.
    if len(text.split()) > 8:
        assert textstat.flesch_kincaid_grade(text) <= 8
    for word in ("addict", "HIPAA", "100 %", "100%", "guarantee", "confidential"):
        assert word not in text
