"""When worlds reach a level: never counts as later than any month."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.reaching import first_clear_month, median_interval, reached_by


def runs_of(**months: list[float]) -> pd.DataFrame:
    rows = [{"arm": arm, "months_to_threshold": month} for arm, each in months.items() for month in each]
    return pd.DataFrame(rows)


def test_worlds_that_never_reach_it_are_later_than_all_others() -> None:
    table = reached_by(runs_of(a=[10.0, 20.0, 30.0, math.nan]), ["a"])
    row = table.iloc[0]
    assert (row["never"], row["worlds"]) == (0.25, 4)
    assert row["never_low"] > 0
    assert row["never_high"] < 1
    assert (row["q10"], row["median"], row["q90"]) == (10.0, 20.0, math.inf)


def test_the_median_of_those_that_did_is_not_taken_for_that_of_all() -> None:
    table = reached_by(runs_of(a=[10.0, 12.0, math.nan, math.nan, math.nan], b=[5.0] * 5), ["b", "a"])
    assert table["arm"].tolist() == ["b", "a"]
    assert table["median"].tolist() == [5.0, math.inf]


def test_the_interval_of_the_median_holds_it_in_19_of_20_samples() -> None:
    draw = np.random.default_rng(1)
    samples = np.sort(draw.exponential(size=(2000, 100)), axis=1)
    bounds = [median_interval(sample) for sample in samples]
    assert np.mean([low <= math.log(2) <= high for _, low, high in bounds]) == pytest.approx(0.95, abs=0.015)


def test_of_few_worlds_the_interval_stays_among_them() -> None:
    assert median_interval(np.array([3.0])) == (3.0, 3.0, 3.0)
    assert median_interval(np.array([3.0, math.inf])) == (3.0, 3.0, math.inf)


@pytest.mark.parametrize(
    ("low", "high", "month"),
    [
        ([-1, 1, 1, 1], [1, 2, 2, 2], 3),
        ([1, -1, 1, 1], [2, 1, 2, 2], 6),
        ([-3, -3, -3, -3], [1, 1, -1, -1], 6),
        ([1, 1, 1, 1], [2, 2, 2, 2], 0),
        ([1, 1, 1, -1], [2, 2, 2, 1], math.nan),
        ([1, 1, -2, -2], [2, 2, -1, -1], 6),
    ],
)
def test_an_interval_is_clear_from_where_it_stays_on_its_last_side(
    low: list[float], high: list[float], month: float
) -> None:
    index = pd.Index([0, 3, 6, 9])
    found = first_clear_month(pd.Series(low, index, dtype=float), pd.Series(high, index, dtype=float))
    assert found == month or (math.isnan(found) and math.isnan(month))
