"""The order of the tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes in one file begins first, or the others would wait for it at the end."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("clone"):
        return 0
    return 1 if item.nodeid.startswith("tests/faults/") else 2
