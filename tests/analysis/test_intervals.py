"""Intervals cover what they should as often as they say: by simulation, and by enumeration where that is possible."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from ci_sim.analysis.intervals import Interval, bootstrap_interval, mean_interval, ratio_interval, share_interval

NAN = pytest.approx(math.nan, nan_ok=True)


def covers(interval: Interval, truth: float) -> bool:
    return interval.low <= truth <= interval.high


@pytest.mark.parametrize("worlds", [2, 5, 40])
def test_the_t_interval_covers_the_mean_in_95_of_100_cases(worlds: int) -> None:
    samples = np.random.default_rng(worlds).normal(0.3, 0.1, (4000, worlds))
    share = np.mean([covers(mean_interval(sample), 0.3) for sample in samples])
    assert share == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 4000))


def test_the_t_interval_of_a_case_by_hand() -> None:
    estimate, low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    half = 4.302652729911275 / math.sqrt(3)  # Student's t with two degrees of freedom, standard deviation 1
    assert (estimate, low, high) == pytest.approx((2.0, 2 - half, 2 + half))


def test_missing_values_are_left_out_of_a_mean() -> None:
    assert mean_interval(np.array([1.0, math.nan, 2.0, 3.0])) == mean_interval(np.array([1.0, 2.0, 3.0]))


def test_one_world_gives_no_interval_and_none_gives_nothing() -> None:
    assert tuple(mean_interval(np.array([0.7]))) == (0.7, NAN, NAN)
    assert tuple(mean_interval(np.array([]))) == (NAN, NAN, NAN)
    assert tuple(mean_interval(np.array([math.nan]))) == (NAN, NAN, NAN)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("worlds", [20, 40, 200])
def test_wilsons_interval_covers_a_share_about_as_often_as_it_says(share: float, worlds: int) -> None:
    covered = [hits for hits in range(worlds + 1) if covers(share_interval(hits, worlds), share)]
    assert 0.92 < binom.pmf(covered, worlds, share).sum() < 0.99


def test_wilsons_interval_is_spread_around_95_percent_over_all_shares() -> None:
    probabilities = []
    for share in np.linspace(0.05, 0.95, 91):
        covered = [hits for hits in range(41) if covers(share_interval(hits, 40), share)]
        probabilities.append(binom.pmf(covered, 40, share).sum())
    assert np.mean(probabilities) == pytest.approx(0.95, abs=0.01)


def test_wilsons_interval_stays_within_0_and_1_and_has_width_at_the_ends() -> None:
    none, all_ = share_interval(0, 40), share_interval(40, 40)
    assert (none.estimate, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1.959964**2 / (40 + 1.959964**2))
    assert (all_.estimate, all_.high) == (1.0, 1.0)
    assert all_.low == pytest.approx(1 - none.high)
    assert tuple(share_interval(0, 0)) == (NAN, NAN, NAN)


def test_the_bootstrap_covers_a_ratio_of_means_nearly_as_often_as_it_says() -> None:
    draw = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        gain = draw.normal(50, 20, 40)
        hits += covers(ratio_interval(1000 + 5 * gain + draw.normal(0, 100, 40), gain), 1250 / 50)
    assert 0.91 < hits / 400 < 0.98  # percentile intervals are known to be a little short at 40


def test_a_ratio_by_hand_and_without_spread() -> None:
    assert tuple(ratio_interval(np.full(10, 300.0), np.full(10, 20.0))) == (15.0, 15.0, 15.0)
    assert ratio_interval(np.array([1.0, 3.0]), np.array([1.0, 1.0])).estimate == 2.0


def test_a_cost_per_point_of_nothing_gained_is_not_given() -> None:
    spend, draw = np.full(40, 1000.0), np.random.default_rng(4)
    assert tuple(ratio_interval(spend, draw.normal(-1, 1, 40))) == (NAN, NAN, NAN)
    assert tuple(ratio_interval(spend, draw.normal(0.1, 1, 40))) == (NAN, NAN, NAN)
    assert ratio_interval(spend, draw.normal(1, 1, 40)).low > 0


def test_one_world_gives_a_ratio_without_an_interval() -> None:
    assert tuple(ratio_interval(np.array([10.0]), np.array([4.0]))) == (2.5, NAN, NAN)
    assert tuple(ratio_interval(np.array([10.0]), np.array([-4.0]))) == (NAN, NAN, NAN)


# The bootstrap


@pytest.mark.parametrize("worlds", [6, 30])
def test_the_bootstrap_interval_holds_the_mean_as_often_as_it_says(worlds: int) -> None:
    rng = np.random.default_rng(5)
    intervals = [bootstrap_interval(rng.normal(3.0, 1.0, worlds)) for _ in range(300)]
    covered = np.mean([covers(interval, 3.0) for interval in intervals])
    assert 0.92 < covered < 0.98, "nominally .95, give or take .013"


def test_the_bootstrap_leans_to_the_long_tail_where_a_t_interval_cannot() -> None:
    values = np.random.default_rng(1).exponential(1.0, 60)
    estimate, low, high = bootstrap_interval(values)
    assert estimate == values.mean()
    assert high - estimate > 1.1 * (estimate - low)


def test_the_bootstrap_of_quantiles_and_of_spread() -> None:
    values = np.random.default_rng(2).normal(0, 2.0, 400)
    median = bootstrap_interval(values, np.median, "percentile")
    spread = bootstrap_interval(values, np.std)
    assert median.low < 0 < median.high
    assert spread.low < 2.0 < spread.high


def test_the_bootstrap_where_there_is_little_to_resample() -> None:
    assert all(math.isnan(bound) for bound in bootstrap_interval(np.array([])))
    assert bootstrap_interval(np.array([1.5]))[0] == 1.5
    assert math.isnan(bootstrap_interval(np.array([1.5])).low)
    assert bootstrap_interval(np.full(9, 0.25)) == (0.25, 0.25, 0.25)
    assert bootstrap_interval(np.array([1.0, 3.0])) == (2.0, 1.0, 3.0), "two values have but three resamples"
    few = bootstrap_interval(np.array([0.0] * 19 + [1.0, np.nan]))
    assert few.estimate == 0.05
    assert few.low <= 0.05 <= few.high


def test_an_interval_goes_into_columns_and_back() -> None:
    interval = bootstrap_interval(np.arange(5.0))
    assert list(interval.columns("gain")) == ["gain", "gain_low", "gain_high"]
    assert type(interval).of(interval.columns("gain"), "gain") == interval
