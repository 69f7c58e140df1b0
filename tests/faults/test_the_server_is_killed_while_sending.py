"""The action server is killed while it stores a sign-up, at any moment of it.

`KILLS=50` before pytest kills it as often; a few times are enough for every change.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.applicant import Applicant, stored
from tests.client import Visitor
from tests.serving import Live, running_assistant

pytestmark = [pytest.mark.live, pytest.mark.kill]

_KILLS = int(os.environ.get("KILLS", "6"))
# Longer than sending takes.
_LONGEST_PAUSE = 0.12


@pytest.fixture(scope="module")
def dying() -> Iterator[Live]:
    with running_assistant() as live:
        yield live


def kill_actions(port: int, after: float) -> None:
    """Kills the action server of this port alone: other tests have servers of their own."""
    time.sleep(after)
    for process in psutil.Process().children(recursive=True):
        if {"rasa_sdk", str(port)} <= set(process.cmdline()):
            process.kill()


@pytest.mark.parametrize("number", range(_KILLS))
def test_a_sign_up_is_whole_or_not_there_and_never_there_twice(dying: Live, number: int) -> None:
    after = random.Random(number).uniform(0, _LONGEST_PAUSE)
    with Visitor(dying.address) as visitor:
        person = Applicant(visitor).comes_to_summary()
        killing = threading.Thread(target=kill_actions, args=(dying.settings.actions_port, after))
        killing.start()
        person.press("Yes, send it")
        killing.join()
        dying.servers.stop("actions")
        dying.servers.start_actions()
        dying.servers.wait_until_ready()
        told, kept = "has been received" in person.text, stored(dying.settings, person)
        # Told that it was received: it is there. Not told: it may be, whole.
        assert len(kept.get("sign_ups", [])) in ((1,) if told else (0, 1))
        if not told:
            person.press("Yes, send it")
            assert "has been received" in person.text
        kept = stored(dying.settings, person)
        (sign_up,) = kept["sign_ups"]
        assert sign_up["contact"] == "+12025550143"
        assert [each["answer"] for each in kept["consents"]] == ["granted", "granted"]
