"""People write to a bot, against a Telegram that listens on loopback."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.peers.http_peer import until
from tests.channels.peers.telegram_peer import Sent, TelegramPeer
from tests.serving import Live, running_assistant

pytestmark = pytest.mark.live

_people = itertools.count(1000)


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramPeer]:
    peer = TelegramPeer()
    with peer:
        yield peer


@pytest.fixture(scope="module")
def live(telegram: TelegramPeer) -> Iterator[Live]:
    with running_assistant(**telegram.settings()) as running:
        yield running


class Person:
    """One person with a private chat."""

    def __init__(self, live: Live, telegram: TelegramPeer) -> None:
        self.id = next(_people)
        self._live, self._telegram = live, telegram

    def sends(self, update: dict[str, Any], replies: int = 1) -> list[Sent]:
        before = len(self._telegram.to(self.id))
        assert self._telegram.deliver(self._live.address, update) == 200
        until(lambda: len(self._telegram.to(self.id)) >= before + replies)
        return self._telegram.to(self.id)[before:]

    def says(self, text: str, replies: int = 1) -> list[Sent]:
        return self.sends(self._telegram.update(self.id, text=text), replies)

    def presses(self, button: str) -> list[Sent]:
        return self.sends(self._telegram.press(self.id, button))


@pytest.fixture
def person(live: Live, telegram: TelegramPeer) -> Person:
    return Person(live, telegram)


def test_a_button_is_pressed_and_goes_on(person: Person, telegram: TelegramPeer) -> None:
    opening, answer = person.says("what is CBT?", replies=2)
    assert "not a person" in opening.text
    assert "Tell me more" in answer.buttons
    assert "Tell me more" not in answer.text
    (more,) = person.presses(answer.buttons["Tell me more"])
    assert more.text
    assert more.text != answer.text
    until(lambda: telegram.answered)


def test_start_begins_with_hello(person: Person) -> None:
    opening, _ = person.says("/start", replies=2)
    assert "not a person" in opening.text


def test_an_emergency_is_answered_even_in_a_caption(person: Person, telegram: TelegramPeer) -> None:
    photo = telegram.update(person.id, photo=[{"file_id": "1"}], caption="I want to kill myself")
    (crisis,) = person.sends(photo)
    assert "988" in crisis.text


@pytest.mark.parametrize("kind", ["sticker", "voice", "location", "photo", "document"])
def test_what_is_no_text_gets_a_kind_sentence(
    person: Person, telegram: TelegramPeer, kind: str
) -> None:
    replies = person.sends(telegram.update(person.id, **{kind: {"file_id": "1"}}), replies=2)
    assert "can only read text" in replies[-1].text


def test_groups_and_channels_are_ignored(live: Live, telegram: TelegramPeer) -> None:
    before = len(telegram.sent)
    for chat in ("group", "supergroup", "channel"):
        update = telegram.update(next(_people), chat, text="I want to kill myself")
        assert telegram.deliver(live.address, update) == 200
    time.sleep(1)
    assert len(telegram.sent) == before


@pytest.mark.parametrize("secret", [None, "", "guess", "s" * 31])
def test_forged_is_403_and_no_event(
    live: Live, telegram: TelegramPeer, person: Person, secret: str | None
) -> None:
    update = telegram.update(person.id, text="what is CBT?")
    assert telegram.deliver(live.address, update, secret) == 403
    # It was no event: the real one is still new.
    assert person.sends(update, replies=2)


def test_a_chat_that_is_told_to_wait_gets_its_answer_later(
    person: Person, telegram: TelegramPeer
) -> None:
    person.says("what is CBT?", replies=2)
    telegram.failures += [(429, {}), (500, {}), (502, {})]
    (answer,) = person.says("what is DBT?")
    assert "DBT" in answer.text


def test_malformed_is_400_and_the_next_one_is_answered(
    live: Live, telegram: TelegramPeer, person: Person
) -> None:
    for update in ([], {}, {"update_id": "x"}, {"update_id": 1, "message": {"chat": 7}}):
        assert telegram.deliver(live.address, update) == 400  # type: ignore[arg-type]
    assert person.says("hello", replies=2)
