"""People on each channel, for the same scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.conftest import account
from tests.channels.peers.homeserver import Homeserver
from tests.channels.peers.matrix_client import MatrixClient
from tests.channels.peers.twilio_peer import TwilioPeer
from tests.channels.scenarios.matrix import MatrixPerson
from tests.channels.scenarios.person import Person
from tests.channels.scenarios.sms import SmsPerson
from tests.channels.scenarios.terminal import Shell, TerminalPerson, running_shell
from tests.channels.scenarios.web import WebPerson
from tests.client import Visitor
from tests.serving import Live, running_assistant


@pytest.fixture(scope="session")
def shell() -> Iterator[Shell]:
    with running_shell() as running:
        yield running


@pytest.fixture(scope="session")
def twilio() -> Iterator[TwilioPeer]:
    peer = TwilioPeer()
    with peer:
        yield peer


@pytest.fixture(scope="session")
def live(homeserver: Homeserver, twilio: TwilioPeer) -> Iterator[Live]:
    """Both servers, with every channel that people have here."""
    accounts = {**account(homeserver, "everywhere"), **twilio.settings()}
    with running_assistant(**accounts) as running:
        yield running


@pytest.fixture
def web_person(live: Live) -> Iterator[WebPerson]:
    with Visitor(live.address) as visitor:
        yield WebPerson(visitor)


@pytest.fixture
def matrix_person(live: Live, homeserver: Homeserver) -> Iterator[MatrixPerson]:
    with MatrixClient(homeserver) as client:
        yield MatrixPerson(client, live.settings)


@pytest.fixture
def sms_person(live: Live, twilio: TwilioPeer) -> SmsPerson:
    return SmsPerson(live, twilio)


@pytest.fixture
def shell_person(shell: Shell) -> Iterator[TerminalPerson]:
    with shell.person() as person:
        yield person


@pytest.fixture(params=["web", "sms", "matrix", "shell"])
def person(request: pytest.FixtureRequest) -> Person:
    """Somebody new on the channel of the parameter."""
    found: Person = request.getfixturevalue(f"{request.param}_person")
    return found
