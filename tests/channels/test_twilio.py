"""People write text messages, against a Twilio that listens on loopback."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator

import pytest

from assistant.signup.desk import SignupDesk
from commands.training import train
from extensions.channels.messaging.gsm import to_gsm
from extensions.channels.messaging.rows import MessageRows
from tests.applicant import Applicant, stored
from tests.channels.peers.http_peer import post, until
from tests.channels.peers.twilio_peer import TwilioPeer, webhook
from tests.client import Visitor
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

    @property
    def last(self) -> str:
        """The last text that came."""
        return self._twilio.to(self.number)[-1]


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


def test_whatsapp_gets_the_whole_answer_and_a_list(live: Live, twilio: TwilioPeer) -> None:
    person = Phone(live, twilio, whatsapp=True)
    _, answer, _ = person.texts("what is CBT?", replies=3)
    assert "Sources:" in answer
    items = twilio.texts[-1].items
    assert "1. Tell me more" in items
    # The id counts, not the words.
    (more, *_) = person.texts("x", ListId=items["1. Tell me more"], ListTitle="1. Tell me more")
    assert more != answer
    assert "Sources:" in more


def test_a_list_that_is_refused_is_sent_as_text(live: Live, twilio: TwilioPeer) -> None:
    person = Phone(live, twilio, whatsapp=True)
    person.texts("what is CBT?", replies=3)
    twilio.templates.clear()
    twilio.failures += [(400, {})]
    (asked,) = person.texts("sign me up")
    assert "1. Yes, I am 18 or older" in asked
    (named,) = person.texts("1")
    assert "What name" in named


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


def signs_up(phone: Phone) -> None:
    """Fills in the sign-up with numbers and words alone, for texts to this phone."""
    phone.texts("I want to sign up for treatment", replies=2)
    for reply, asked in (
        ("1", "What name"),
        ("Maria", "3. Text message"),
        ("3", "What number"),
        (phone.number.removeprefix("+1"), "1. Myself"),
        ("1", "contact you about treatment"),
        ("1", "send you text messages"),
        ("1", "Do you agree to this?"),
        ("1", "1. Yes, send it"),
        ("1", "has been received"),
    ):
        phone.texts(reply, replies=0)
        # A long question comes in several texts.
        until(lambda asked=asked: asked in phone.last)


def consents(live: Live, phone: Phone) -> dict[str, str]:
    """The last answer to each purpose, as the ledger has it."""
    rows = MessageRows(live.settings, "twilio")
    desk = SignupDesk.open(live.settings)
    stored = desk.export(rows.conversation(phone.number))
    desk.close()
    rows.close()
    return {each["purpose"]: each["answer"] for each in stored["consents"]}


def test_a_number_that_came_before_the_question_agrees_to_nothing(phone: Phone) -> None:
    phone.texts("sign me up", replies=2)
    for reply in ("1", "Maria", "3", "2025550143"):
        phone.texts(reply)
    assert "Who is the treatment for?" in phone.last
    # The second one would say yes to what the first one leads to.
    phone.texts("1", replies=0)
    asked, told = phone.texts("1", replies=2)
    assert "contact you about treatment?" in asked
    assert "had not finished my last message" in told
    assert "send you text messages" in phone.texts("1")[0]


def test_stop_ends_texts_and_takes_consent_back_until_start(phone: Phone, live: Live) -> None:
    signs_up(phone)
    assert consents(live, phone) == {"contact": "granted", "sms": "granted"}
    (confirmation,) = phone.texts("Stop")
    assert "no more texts" in confirmation
    until(lambda: consents(live, phone) == {"contact": "granted", "sms": "withdrawn"})
    # From now on silence, but in an emergency.
    for text in ("what is CBT?", "STOP"):
        phone.texts(text, replies=0)
    (crisis,) = phone.texts("I want to kill myself")
    assert "988" in crisis
    (begun,) = phone.texts("START")
    assert "answers to your texts again" in begun
    assert phone.texts("what is DBT?")
    # It gives no consent.
    assert consents(live, phone)["sms"] == "withdrawn"


def test_stop_reaches_a_sign_up_from_the_website(live: Live, twilio: TwilioPeer) -> None:
    with Visitor(live.address) as visitor:
        person = Applicant(visitor).signs_up()
        phone = Phone(live, twilio)
        phone.number = "+12025550143"
        phone.texts("please stop texting me")
        until(lambda: stored(live.settings, person)["consents"][-1]["answer"] == "withdrawn")
        assert stored(live.settings, person)["consents"][-1]["channel"] == "twilio"


def test_what_twilio_answers_by_itself_is_not_answered_twice(phone: Phone) -> None:
    phone.texts("hello", replies=2)
    phone.texts("STOP", replies=0, OptOutType="STOP")
    phone.texts("what is CBT?", replies=0)
    phone.texts("START", replies=0, OptOutType="START")
    (answer,) = phone.texts("what is CBT?")
    assert "behavioral" in answer


def test_help_says_what_this_is(phone: Phone) -> None:
    (text,) = phone.texts("HELP")
    assert "Reply STOP to end" in text


def test_forged_is_403(live: Live, twilio: TwilioPeer) -> None:
    address = webhook(live.address, "twilio")
    headers, body = twilio.signed(twilio.message("+12025559999", "hello"), token="guess")
    assert post(address, headers, body) == 403
    assert post(address, {}, body) == 403
    assert twilio.to("+12025559999") == []
