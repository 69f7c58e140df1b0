"""What sign-ups leave to be sent is sent beside the actions, whatever fails at first."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from actions import desk as desk_module
from actions.desk import Deliveries
from assistant.errors import StoreUnavailableError


class Working:
    """Stands for the worker.

    Attributes:
        started, stopped: whether it was told to.
    """

    def __init__(self) -> None:
        self.started, self.stopped = threading.Event(), threading.Event()

    def start(self) -> None:
        self.started.set()

    def stop(self) -> None:
        self.stopped.set()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Working:
    worker = Working()
    monkeypatch.setattr(desk_module.Worker, "of", lambda settings, store: worker)
    monkeypatch.setattr(desk_module, "_TRY_AGAIN_SECONDS", 0.01)
    return worker


def test_it_begins_once_the_store_can_be_reached_and_ends_with_the_server(
    worker: Working, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def open_desk() -> Any:
        tries.append(len(tries))
        if len(tries) < 3:
            raise StoreUnavailableError("The store of sign-ups cannot be reached now.")
        return type("Desk", (), {"store": None})

    monkeypatch.setattr(desk_module, "desk", open_desk)
    deliveries = Deliveries()
    with caplog.at_level(logging.ERROR):
        deliveries.start()
        assert worker.started.wait(5)
    assert len(tries) == 3
    assert caplog.text.count("Nothing is sent for sign-ups yet") == 2
    deliveries.stop()
    assert worker.stopped.is_set()


def test_it_ends_at_once_while_the_store_is_away(
    worker: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise StoreUnavailableError("The store of sign-ups cannot be reached now.")

    monkeypatch.setattr(desk_module, "desk", away)
    monkeypatch.setattr(desk_module, "_TRY_AGAIN_SECONDS", 60)
    deliveries = Deliveries()
    deliveries.start()
    deliveries.stop()
    assert not worker.started.is_set()
