"""The Matrix channel against a real homeserver, with a real client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.homeserver import Homeserver
from tests.channels.matrix_client import MatrixClient
from tests.channels.scenarios.matrix import MatrixPerson
from tests.serving import Live

pytestmark = pytest.mark.live


@pytest.fixture
def client(homeserver: Homeserver) -> Iterator[MatrixClient]:
    with MatrixClient(homeserver) as client:
        yield client


@pytest.fixture
def person(live: Live, client: MatrixClient) -> MatrixPerson:
    return MatrixPerson(client, live.settings)


def test_user_asks_and_reads_cited_sentences(person: MatrixPerson) -> None:
    person.say("what is CBT?")
    opening, answer = person.texts
    assert "automated program, not a person" in opening
    assert "Cognitive behavioral therapy, or CBT, teaches a person" in answer
    assert "[2] National Institute on Drug Abuse" in answer
    person.say("how long does it take?")
    assert "6 to 20 sessions" in person.saw
