"""Estimates over worlds, predictions judged by intervals, and the set of alternatives not told apart from the best."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.regret import critical_value, regret
from ci_sim.analysis.worlds import estimates, in_points, judge, of_worlds
from ci_sim.complaints import InputError


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    draw = np.random.default_rng(1)
    rows = [
        {"arm": arm, "replication": world, "a.b": level, "outcome": level + shift + luck}
        for level in (0.0, 0.5)
        for world, luck in enumerate(draw.normal(0, 0.1, 8))
        for arm, shift in (("isolated", 0.0), ("collective_impact", 0.2))
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=1)


def test_values_come_by_world_whatever_the_order_of_rows(runs: pd.DataFrame) -> None:
    own, other = (of_worlds(runs, arm, {"a.b": 0.5}) for arm in ("collective_impact", "isolated"))
    assert own.index.tolist() == list(range(8))
    assert (own - other).to_numpy() == pytest.approx(0.2)


@pytest.mark.parametrize("where", [{"a.b": 7}, {}])
def test_no_runs_or_runs_of_several_points_are_refused(runs: pd.DataFrame, where: dict[str, float]) -> None:
    with pytest.raises(InputError, match="one run per world"):
        of_worlds(runs, "isolated", where)


def test_estimates_are_paired_where_there_is_a_reference(runs: pd.DataFrame) -> None:
    table = estimates(runs, ["a.b"], ["collective_impact"], reference="isolated")
    assert table["estimate"].to_numpy() == pytest.approx([0.2, 0.2])
    assert (table["high"] - table["low"]).max() < 1e-9
    alone = estimates(runs, ["a.b"], ["isolated"]).set_index("a.b")
    expected = mean_interval(of_worlds(runs, "isolated", {"a.b": 0.5}).to_numpy())
    assert tuple(alone.loc[0.5, ["estimate", "low", "high"]]) == pytest.approx(tuple(expected))


@pytest.mark.parametrize(
    ("interval", "above", "below", "expected"),
    [
        ((0.2, 0.1, 0.3), 0.0, None, "held"),
        ((0.2, 0.1, 0.3), 0.2, None, "cannot be told"),
        ((0.2, 0.1, 0.3), 0.4, None, "failed"),
        ((0.2, 0.1, 0.3), None, 0.4, "held"),
        ((0.2, 0.1, 0.3), None, 0.0, "failed"),
        ((0.2, 0.1, 0.3), None, 0.15, "cannot be told"),
        ((0.2, math.nan, math.nan), 0.0, None, "cannot be told"),
    ],
)
def test_a_prediction_is_judged_by_the_whole_interval(
    interval: tuple[float, float, float], above: float | None, below: float | None, expected: str
) -> None:
    assert judge(Interval(*interval), above=above, below=below) == expected


def test_points_have_no_minus_zero() -> None:
    assert in_points(Interval(-0.0001, -0.1, 0.1), signed=True) == "+0.0 [-10.0, +10.0]"


# Regret


def test_clear_differences_leave_one_and_equal_alternatives_stay_together() -> None:
    draw = np.random.default_rng(2)
    luck = draw.normal(0, 1, (200, 1))
    noise = draw.normal(0, 0.1, (200, 4))
    values = pd.DataFrame(luck + noise + [0.0, 1.0, 1.0, 0.5], columns=["d", "a", "b", "c"])
    table = regret(values)
    assert set(table["alternative"][:2]) == {"a", "b"}
    assert table["alternative"].tolist()[2:] == ["c", "d"]
    assert table["in_best_set"].tolist() == [True, True, False, False]
    assert table["regret"].iloc[0] == 0
    assert table["regret"].to_numpy()[2:] == pytest.approx([0.5, 1.0], abs=0.05)


def test_the_set_holds_the_best_as_often_as_promised_when_all_are_equal() -> None:
    kept = 0
    for seed in range(40):
        values = pd.DataFrame(np.random.default_rng(seed).normal(0, 1, (30, 6)))
        table = regret(values)
        kept += int(table["in_best_set"].all())
    assert kept >= 35  # 38 of 40 expected


def test_two_alternatives_come_close_to_student_s_t() -> None:
    values = np.random.default_rng(3).normal(0, 1, (400, 2))
    assert critical_value(values) == pytest.approx(1.96, abs=0.12)


def test_identical_alternatives_cannot_be_told_apart() -> None:
    column = np.random.default_rng(4).normal(0, 1, 20)
    table = regret(pd.DataFrame({"a": column, "b": column}))
    assert table["in_best_set"].all()
    assert table["regret"].tolist() == [0.0, 0.0]
