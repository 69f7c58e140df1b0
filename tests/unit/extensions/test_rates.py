from __future__ import annotations

import pytest

from extensions.channels import rates
from extensions.channels.rates import MovingWindow


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_so_many_in_any_stretch_and_then_a_wait_that_is_told(clock: Clock) -> None:
    window = MovingWindow(3, 60, clock)
    for _ in range(3):
        assert window.wait("a") == 0
        clock.now += 10
    assert window.wait("a") == pytest.approx(30)
    clock.now += 30
    assert window.wait("a") == 0
    assert window.wait("a") == pytest.approx(10)


def test_what_was_refused_does_not_count(clock: Clock) -> None:
    window = MovingWindow(1, 60, clock)
    window.wait("a")
    for _ in range(59):
        clock.now += 1
        assert window.wait("a") > 0
    clock.now += 1
    assert window.wait("a") == 0


def test_one_does_not_use_up_the_others(clock: Clock) -> None:
    window = MovingWindow(1, 60, clock)
    assert [window.wait(key) for key in "aab"] == [0, 60, 0]


def test_zero_is_no_limit(clock: Clock) -> None:
    window = MovingWindow(0, 60, clock)
    assert not any(window.wait("a") for _ in range(1000))


def test_memory_is_bounded_and_the_latest_are_kept(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "_MAX_KEYS", 100)
    window = MovingWindow(1, 60, clock)
    window.wait("flooder")
    for number in range(1000):
        window.wait(str(number))
        assert window.wait("flooder") > 0
    assert len(window._taken) <= 100


def test_who_has_asked_for_nothing_for_a_window_is_forgotten(clock: Clock) -> None:
    window = MovingWindow(5, 60, clock)
    for number in range(50):
        window.wait(str(number))
        clock.now += 1
    clock.now += 40
    window.wait("49")
    assert len(window._taken) == 19
    clock.now += 60
    window.wait("new")
    assert list(window._taken) == ["new"]
