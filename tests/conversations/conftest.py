"""A live assistant for all conversations of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client import Visitor
from tests.serving import Live, running_assistant


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """Both servers."""
    with running_assistant() as running:
        yield running


@pytest.fixture
def visitor(live: Live) -> Iterator[Visitor]:
    """A person in a conversation of their own."""
    with Visitor(live.address) as person:
        yield person
