from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from bot.figures.spread import Spread

TIMES = st.lists(st.floats(0.001, 100_000), min_size=1)


@given(TIMES, TIMES)
def test_a_sum_tells_the_same_as_all_times_at_once(one: list[float], other: list[float]) -> None:
    both = Spread.of(one)
    both.update(Spread.of(other))
    assert both == Spread.of([*one, *other])


@given(TIMES)
def test_the_median_is_true_within_a_few_percent(times: list[float]) -> None:
    shares = Spread.of(times).shares(0.5, 0.5, 1)
    exact = statistics.median_low(times)
    assert shares is not None
    assert shares[0] == shares[1] <= shares[2] <= max(times)
    assert abs(shares[0] - exact) <= 0.03 * exact
    assert Spread.of(times).slowest == max(times)


def test_nothing_has_no_median() -> None:
    assert Spread().shares(0.5) is None
    assert Spread().count == 0


def test_a_clock_that_went_back_counts_as_no_time() -> None:
    spread = Spread.of([-5.0])
    assert (spread.count, spread.shares(0.5), spread.slowest) == (1, (0.001,), 0.0)


@given(TIMES)
def test_what_is_kept_comes_back(times: list[float]) -> None:
    spread = Spread.of([round(one, 3) for one in times])
    assert Spread.from_json(spread.as_json()) == spread
