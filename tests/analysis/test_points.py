"""Points of a design: paired differences by hand, and what words make of numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import factors_of, paired, point_differences, standing
from ci_sim.analysis.words import arm_words, factor_words, listed, rounded, share_words, signed_points
from ci_sim.complaints import InputError


def runs() -> pd.DataFrame:
    rows = [
        (point, arm, world, 0.5 * point, 4, outcome)
        for point, arm, outcomes in (
            (0, "isolated", [0.1, 0.2, 0.3]),
            (0, "collective_impact", [0.4, 0.4, 0.7]),
            (1, "isolated", [0.2, 0.2]),
            (1, "collective_impact", [0.1, 0.1]),
            (2, "isolated", [0.2]),
        )
        for world, outcome in enumerate(outcomes)
    ]
    return pd.DataFrame(rows, columns=["point", "arm", "replication", "costs.staff", "problem.levers", "outcome"])


def test_factors_are_dotted_columns_that_vary() -> None:
    assert factors_of(runs()) == ["costs.staff"]


def test_differences_are_paired_within_a_point_whatever_the_order_of_rows() -> None:
    table = point_differences(runs().sample(frac=1, random_state=1))
    assert table.index.tolist() == [0, 1], "a point without both arms is left out"
    assert table["costs.staff"].tolist() == [0.0, 0.5]
    assert table["worlds"].tolist() == [3, 2]
    expected = mean_interval(np.array([0.3, 0.2, 0.4]))
    assert tuple(table.loc[0, ["difference", "difference_low", "difference_high"]]) == pytest.approx(expected)
    assert table.loc[1, "difference"] == pytest.approx(-0.1)


def test_runs_without_points_are_one_point() -> None:
    table = point_differences(runs().query("point == 0").drop(columns=["point", "costs.staff"]))
    assert table["worlds"].tolist() == [3]


def test_worlds_that_only_one_arm_has_are_no_pairs() -> None:
    table = runs().query("point == 0 and (arm == 'isolated' or replication != 1)")
    worlds = paired(table, "collective_impact", "isolated", ["outcome"], ["point", "replication"])
    assert worlds.index.tolist() == [(0, 0), (0, 2)]
    with pytest.raises(InputError, match="no world with both"):
        point_differences(table.query("arm == 'isolated' and replication == 1 or arm == 'collective_impact'"))
    with pytest.raises(InputError, match="no runs of 'collective_impact'"):
        point_differences(table.query("arm == 'isolated'"))


@pytest.mark.parametrize(
    ("low", "high", "side"), [(0.1, 0.2, 1), (-0.2, -0.1, -1), (-0.1, 0.1, 0), (0.0, 0.1, 0), (math.nan, math.nan, 0)]
)
def test_where_an_interval_stands(low: float, high: float, side: int) -> None:
    assert standing(low, high) == side


def test_words() -> None:
    assert arm_words("collective_impact") == "Collective Impact"
    assert arm_words("ordinary_coalition") == "ordinary coalition"
    assert factor_words("backbone.staff") == "backbone.staff (staff of the backbone organization)"
    assert factor_words("my.own") == "my.own"
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")] == ["a", "a and b", "a, b or c"]
    assert [rounded(1.449), rounded(0.0123, 1), rounded(1234.5), rounded(0.0), rounded(-2.0)] == [
        "1.4", "0.01", "1234", "0", "-2",
    ]  # fmt: skip
    assert share_words(Interval(0.91, 0.86, 0.95)) == "91 % [86, 95]"
    assert signed_points(Interval(0.27, 0.24, 0.3)) == "+27 [+24, +30]"
    assert signed_points(Interval(-0.27, math.nan, math.nan)) == "-27"
