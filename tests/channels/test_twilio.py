"""People write text messages, against a Twilio that listens on loopback."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator

import pytest

from commands.training import train
from extensions.channels.messaging.gsm import to_gsm
from tests.channels.peers.http_peer import post, until
from tests.channels.peers.twilio_peer import TwilioPeer, webhook
from tests.serving import Live, running_assistant

pytestmark = pytest.mark.live

_numbers = (f"+1202555{number:04}" for number in itertools.count(200))


@pytest.fixture(scope="module")
def twilio() -> Iterator[TwilioPeer]:
    peer = TwilioPeer()
    with peer:
        yield peer


@pytest.fixture(scope="module")
def live(twilio: TwilioPeer) -> Iterator[Live]:
    with running_assistant(**twilio.settings()) as running:
        yield running


class Phone:
    """One person with a phone."""

    def __init__(self, live: Live, twilio: TwilioPeer, whatsapp: bool = False) -> None:
        self.number = ("whatsapp:" if whatsapp else "") + next(_numbers)
        self._live, self._twilio = live, twilio

    def texts(self, body: str, replies: int = 1, **fields: str) -> list[str]:
        """Sends a text; returns what comes back, as soon as so many have come."""
        before = len(self._twilio.to(self.number))
        message = self._twilio.message(self.number, body, **fields)
        assert self._twilio.deliver(self._live.address, message) == 200
        until(lambda: len(self._twilio.to(self.number)) >= before + replies)
        return self._twilio.to(self.number)[before:]


@pytest.fixture
def phone(live: Live, twilio: TwilioPeer) -> Phone:
    return Phone(live, twilio)


def test_a_question_gets_a_short_cited_answer_and_numbers(phone: Phone) -> None:
    opening, answer = phone.texts("what is CBT?", replies=2)
    assert "automated program, not a person" in opening
    assert "(1)" in answer
    assert "SOURCES" in answer
    assert len(answer) <= 459
    (links,) = phone.texts("SOURCES")
    assert "https://" in links or "(1)" in links


def test_a_picture_gets_a_kind_sentence(phone: Phone) -> None:
    replies = phone.texts("", replies=2, NumMedia="1", MediaUrl0="https://example.org/picture")
    assert "can only read text" in replies[-1]


def test_an_emergency_is_answered_at_once_and_whole(phone: Phone) -> None:
    (crisis,) = phone.texts("I want to kill myself")
    assert "988" in crisis
    assert "911" in crisis
    # Nothing in it costs more, or is cut.
    assert to_gsm(crisis) == crisis
    assert crisis.endswith("marque 2.")


def test_whatsapp_gets_the_whole_answer(live: Live, twilio: TwilioPeer) -> None:
    replies = Phone(live, twilio, whatsapp=True).texts("what is CBT?", replies=2)
    assert "Sources:" in replies[-1]


def test_killed_between_acknowledgement_and_answer(live: Live, twilio: TwilioPeer) -> None:
    phone = Phone(live, twilio)
    message = twilio.message(phone.number, "what is DBT?")
    # The platform is away, so that nothing can be sent before the server is killed.
    twilio.failures += [(500, {})] * 50
    assert twilio.deliver(live.address, message) == 200
    rasa = live.servers._running["rasa"]
    os.kill(rasa.pid, signal.SIGKILL)
    rasa.wait()
    twilio.failures.clear()
    assert twilio.to(phone.number) == []
    live.servers.stop("rasa")
    live.servers.start_rasa(train(live.settings))
    live.servers.wait_until_ready()
    opening, answer = until(lambda: twilio.to(phone.number)[1:] and twilio.to(phone.number))
    assert "not a person" in opening
    assert "DBT" in answer or "dialectical" in answer.lower()
    # Sent again by the platform: answered once.
    assert twilio.deliver(live.address, message) == 200
    assert len(twilio.to(phone.number)) == 2


def test_forged_is_403(live: Live, twilio: TwilioPeer) -> None:
    address = webhook(live.address, "twilio")
    headers, body = twilio.signed(twilio.message("+12025559999", "hello"), token="guess")
    assert post(address, headers, body) == 403
    assert post(address, {}, body) == 403
    assert twilio.to("+12025559999") == []
