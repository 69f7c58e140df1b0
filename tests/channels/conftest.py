"""A homeserver, and a live assistant with an account on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.peers.homeserver import Homeserver, SynapseMissingError, running_homeserver
from tests.serving import Live, running_assistant


@pytest.fixture(scope="session")
def homeserver() -> Iterator[Homeserver]:
    """A running Synapse; where it cannot be installed the test is skipped, and says why."""
    try:
        with running_homeserver() as server:
            yield server
    except SynapseMissingError as error:
        pytest.skip(str(error))


def account(homeserver: Homeserver, name: str) -> dict[str, Any]:
    """The settings of the channel, with a new account for the assistant."""
    user, token = homeserver.register(name)
    return {
        "matrix_homeserver": homeserver.address,
        "matrix_user": user,
        "matrix_token": token,
    }


@pytest.fixture(scope="session")
def live(homeserver: Homeserver) -> Iterator[Live]:
    """Both servers with the Matrix channel on."""
    with running_assistant(**account(homeserver, "assistant")) as running:
        yield running
