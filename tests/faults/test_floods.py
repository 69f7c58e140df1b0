"""Somebody floods the server: others are answered nearly as quickly, and so is an emergency."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import quantiles

import httpx
import pytest

from assistant.settings import ROOT, Settings
from tests.client import Visitor
from tests.serving import NO_LIMITS, Live, running_assistant

pytestmark = pytest.mark.live

FLOOD = 200
QUESTIONS = itertools.cycle(
    f"{question} {whom}?"
    for question in ("what is CBT", "how long does rehab take", "what is DBT", "what is detox")
    for whom in ("for me", "for my son", "for my wife", "for a friend", "for a veteran")
)
# On a machine that does other things besides.
SLACK_SECONDS = 0.1


@pytest.fixture(scope="module")
def limited() -> Iterator[Live]:
    """Servers with the limits of a deployment that sets none, behind a proxy."""
    defaults = {name: Settings.__fields__[name].default for name in NO_LIMITS}
    with running_assistant(trusted_proxies="127.0.0.1", **defaults) as live:
        yield live


@pytest.fixture
def others(limited: Live) -> Iterator[list[Visitor]]:
    """People who ask at a usual pace."""
    visitors = [Visitor(limited.address) for _ in range(20)]
    yield visitors
    for visitor in visitors:
        visitor.__exit__(None, None, None)


def _seconds(visitor: Visitor) -> float:
    time.sleep(0.02)
    assert visitor.say(next(QUESTIONS))[0]["kind"] in ("answer", "no_answer")
    return visitor.seconds


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def test_200_messages_at_once_are_refused_and_the_others_hardly_wait(
    limited: Live, others: list[Visitor]
) -> None:
    quiet = [_seconds(visitor) for _ in range(4) for visitor in others]
    with Visitor(limited.address) as flooder:
        place = ("127.0.0.1", str(limited.settings.port), flooder.token, str(FLOOD))
        command = [sys.executable, "-m", "tests.faults.flooder", *place]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            flooded: list[float] = []
            for visitor in itertools.cycle(others):
                if process.poll() is not None:
                    break
                flooded.append(_seconds(visitor))
            statuses = json.loads(process.communicate()[0])
        allowed = limited.settings.messages_per_minute
        assert statuses == {"200": allowed, "429": FLOOD - allowed}
        assert len(flooded) > 20
        assert _p95(flooded) < 2 * _p95(quiet) + SLACK_SECONDS
        # Still over the limit, and in danger.
        (message,) = flooder.say("I want to kill myself")
        assert message["kind"] == "crisis"
        assert flooder.seconds < 1
        with pytest.raises(httpx.HTTPStatusError, match="429"):
            flooder.say("what is CBT?")
