"""Which tests one worker takes together, and what begins first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

# Tests whose names begin so have a server in common, which each worker would start anew.
_TOGETHER = (
    "tests/browser/",
    "tests/channels/scenarios/",
    "tests/channels/test_matrix",
    "tests/conversations/",
)
# What takes longest begins first, or the others would wait for it at the end.
_LONGEST = (
    "tests/test_fresh_clone.py",
    "tests/channels/scenarios/",
    "tests/browser/",
    "tests/channels/test_matrix",
    "tests/conversations/",
    "tests/test_rasa_commands.py",
    "tests/channels/",
    "tests/faults/",
    "tests/unit/assistant/retrieval/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest first."""
    items.sort(key=lambda item: _rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Gives each worker whole files, or all that share a server, in the order above."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, *_ = nodeid.split("::")
            return next((each for each in _TOGETHER if nodeid.startswith(each)), file)

    # It would begin with the files of the most tests, which are the quickest.
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def _rank(nodeid: str) -> int:
    found = (at for at, each in enumerate(_LONGEST) if nodeid.startswith(each))
    return next(found, len(_LONGEST))
