import statistics

import pytest

from bench.figures import Figure, Series, Target, around, markdown, number, percentile, verdict


def test_a_series_shows_its_median_and_its_range() -> None:
    assert str(Series((3.0, 1.0, 2.0))) == "2.00 (1.00-3.00)"


def test_a_single_value_has_no_range() -> None:
    assert str(Series((41.26,))) == "41.3"


def test_an_empty_series_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Series(())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (1.5, "1.50"),
        (12.345, "12.3"),
        (123.4, "123"),
        (1234, "1234"),
    ],
)
def test_numbers_have_three_digits_that_count(value: float, shown: str) -> None:
    assert number(value) == shown


def test_percentiles_of_any_order_are_interpolated() -> None:
    assert percentile([4, 1, 3, 2], 0.5) == 2.5
    assert percentile([1, 2, 3, 4, 5], 0.95) == pytest.approx(4.8)
    assert percentile([7], 0.95) == 7


def test_no_value_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="No value"):
        percentile([], 0.5)


def test_the_window_around_a_turn_is_cut_at_the_first() -> None:
    seconds = [9.0, 1.0, 2.0, 100.0, 200.0]
    assert around(seconds, 1) == 2.0  # turns 1 to 3
    assert around(seconds, 3) == 9.0  # turns 1 to 5


def test_a_turn_that_was_not_reached_is_an_error() -> None:
    with pytest.raises(statistics.StatisticsError):
        around([1.0], 20)


def test_the_ratio_is_of_the_medians() -> None:
    figure = Figure("p50", "ms", Series((1.0, 2.0, 30.0)), Series((4.0, 8.0, 9.0)))
    assert figure.ratio == 0.25


def test_no_ratio_without_a_rival_or_to_nothing() -> None:
    assert Figure("memory", "MB", Series((1.0,))).ratio is None
    assert Figure("memory", "MB", Series((1.0,)), Series((0.0,))).ratio is None


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target(0.5), True),
        (Target(0.49), False),
        (Target(0.5, "at least"), True),
        (Target(3, "at least"), False),
        (Target(2, of="ours"), True),
        (Target(1.9, of="ours"), False),
        (None, None),
    ],
)
def test_a_target_limits_the_ratio_or_our_own_value(target: Target | None, met: bool) -> None:
    assert Figure("p50", "ms", Series((2.0,)), Series((4.0,)), target).met is met


def test_a_target_of_the_ratio_needs_a_rival() -> None:
    assert Figure("p50", "ms", Series((2.0,)), None, Target(0.5)).met is None


def test_the_table_has_a_line_for_each_figure() -> None:
    table = markdown(
        [
            Figure("p50", "ms", Series((1.0, 2.0, 3.0)), Series((4.0, 4.0, 5.0)), Target(0.5)),
            Figure("Memory", "MB", Series((100.0,))),
        ]
    )
    assert table.splitlines()[2:] == [
        "| p50 | ms | 3 | 2.00 (1.00-3.00) | 4.00 (4.00-5.00) | 0.500 | ratio <= 0.500 | met |",
        "| Memory | MB | 1 | 100 |  |  |  |  |",
    ]


def test_the_verdict_names_what_was_missed() -> None:
    met = Figure("p50", "ms", Series((1.0,)), Series((4.0,)), Target(0.5))
    missed = Figure("start-up", "s", Series((3.0,)), Series((4.0,)), Target(0.5))
    without = Figure("memory", "MB", Series((1.0,)))
    assert verdict([met, without]) == "All 1 targets met."
    assert verdict([met, missed, without]) == "1 of 2 targets met; missed: start-up."
