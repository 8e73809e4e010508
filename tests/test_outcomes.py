"""Outcomes of a run, from records made by hand, and what is said of runs that never get there (M30, M33)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from ci_sim.analysis.paired import summarise, verdict
from ci_sim.arms import STANDARD_ARMS
from ci_sim.kernel import RECORD, RECORDED
from ci_sim.outcomes import (
    DERIVED_OUTCOMES,
    RECORDED_OUTCOMES,
    SCORECARD,
    derive,
    first_month_at,
    notable_month,
)
from ci_sim.sweep.design import Design
from ci_sim.sweep.run import run_batch

NAN = pytest.approx(math.nan, nan_ok=True)


def made(indicator: list[float], **columns: list[float] | float) -> NDArray[np.void]:
    """Records with this indicator, and other columns as given."""
    records = np.zeros(len(indicator), RECORD)
    for name, values in {"indicator": indicator, **columns}.items():
        records[name] = values
    return records


def test_the_registry_names_what_is_recorded_and_what_is_derived(case: Any) -> None:
    assert tuple(RECORDED_OUTCOMES) == RECORDED
    assert set(SCORECARD) < set(RECORDED)
    assert list(derive(case(), made([0.0, 0.1]), None)) == list(DERIVED_OUTCOMES)
    assert all(row.unit and row.meaning for row in (*RECORDED_OUTCOMES.values(), *DERIVED_OUTCOMES.values()))


def test_first_month_at_a_level_is_the_first_of_several_and_missing_where_there_is_none() -> None:
    indicator = np.array([0.1, 0.3, 0.2, 0.3, 0.4])
    assert [first_month_at(indicator, level) for level in (0.1, 0.25, 0.3, 0.4)] == [0, 1, 1, 4]
    assert first_month_at(indicator, 0.41) == NAN


def test_a_rise_is_dated_by_its_half_its_nine_tenths_and_the_threshold(case: Any) -> None:
    indicator = [0.1, 0.2, 0.4, 0.55, 0.62, 0.8, 0.85, 0.9]
    told = derive(case("horizon.threshold=0.6"), made(indicator, outcome=[*indicator[:-1], 0.95]), None)
    assert (told["start"], told["outcome"], told["true_outcome"]) == (0.1, 0.9, 0.95)
    assert told["gain"] == pytest.approx(0.8)
    assert (told["months_to_half"], told["months_to_90"], told["months_to_threshold"]) == (3, 6, 4)


def test_a_run_without_gain_has_no_dates_and_no_cost_per_point(case: Any) -> None:
    told = derive(case(), made([0.3, 0.5, 0.3], spend=[0, 10, 10]), None)
    for name in ("months_to_half", "months_to_90", "cost_per_point"):
        assert told[name] == NAN, name
    assert told["months_to_threshold"] == 1
    assert derive(case(), made([0.3, 0.4, 0.45]), None)["months_to_threshold"] == NAN


@pytest.mark.parametrize(
    ("indicator", "crossover"),
    [
        ([0.1, 0.2, 0.3, 0.4], 1),  # equal at first, ahead from month 1
        ([0.1, 0.05, 0.15, 0.3], 3),
        ([0.1, 0.3, 0.05, 0.3], 3),  # ahead, behind, ahead for good
        ([0.2, 0.3, 0.4, 0.5], 0),
        ([0.1, 0.3, 0.3, 0.15], math.nan),  # ends at the isolated arm's level: not above it
        ([0.1, 0.3, 0.3, 0.1], math.nan),
    ],
)
def test_crossover_is_the_month_from_which_a_run_stays_ahead(
    case: Any, indicator: list[float], crossover: float
) -> None:
    isolated = made([0.1, 0.1, 0.15, 0.15])
    assert derive(case(), made(indicator), isolated)["crossover"] == pytest.approx(crossover, nan_ok=True)


def test_the_area_over_isolated_is_the_sum_of_the_months_differences(case: Any) -> None:
    told = derive(case(), made([0.1, 0.2, 0.5]), made([0.1, 0.3, 0.1]))
    assert told["area_over_isolated"] == pytest.approx(-0.1 + 0.4)
    alone = derive(case(), made([0.1, 0.2, 0.5]), None)
    assert alone["area_over_isolated"] == NAN
    assert alone["crossover"] == NAN


def test_cost_per_point_is_spend_over_gain_in_points(case: Any) -> None:
    told = derive(case(), made([0.1, 0.2, 0.6], spend=[0, 300, 200]), None)
    assert told["spend"] == 500
    assert told["cost_per_point"] == pytest.approx(500 / 50)


def test_sums_and_ends_of_the_other_columns(case: Any) -> None:
    columns = {
        "coverage": [0.5, 0.6, 0.7], "duplication": [0.4, 0.3, 0.2], "participation": [0.5, 0.7, 0.9],
        "equity_gap": [0.1, 0.2, 0.3], "joint_actions_agreed": [0, 3, 4], "tries_lost": [0, 5, 6],
    }  # fmt: skip
    told = derive(case(), made([0.1, 0.2, 0.3], **columns), None)
    assert [told[name] for name in columns] == [0.7, 0.2, 0.9, 0.3, 7, 11]


STAFF_FALLS = (
    '[[events]]\nmonth = 13\nkind = "staff"\nstaff = 6.0\n'
    '[[events]]\nmonth = 25\nkind = "staff"\nstaff = 2.0\n'
    '[[events]]\nmonth = 37\nkind = "staff"\nstaff = 0.0\n'
)


def test_what_is_retained_counts_from_the_month_before_staff_first_falls(case: Any) -> None:
    scenario = case("horizon.months=72", more=STAFF_FALLS)
    indicator = [0.5] * 73
    indicator[24], indicator[36], indicator[60] = 0.8, 0.6, 0.4
    told = derive(scenario, made(indicator), None)
    assert notable_month(scenario) == 25
    assert told["retained_1_year"] == pytest.approx(0.6 / 0.8)
    assert told["retained_3_years"] == pytest.approx(0.4 / 0.8)
    assert told["retained_5_years"] == NAN  # beyond the horizon
    assert told["durability"] == pytest.approx(0.5 / 0.6)  # the last event is in month 37


def test_without_events_nothing_is_said_of_durability(case: Any) -> None:
    told = derive(case(), made([0.1, 0.2]), None)
    assert notable_month(case()) is None
    assert [told[name] for name in ("durability", "retained_1_year")] == [NAN, NAN]


def test_staff_that_only_grow_do_not_fall(case: Any) -> None:
    assert notable_month(case(more='[[events]]\nmonth = 5\nkind = "staff"\nstaff = 4.5\n')) is None


def test_nothing_is_retained_of_nothing(case: Any) -> None:
    more = '[[events]]\nmonth = 2\nkind = "shock"\nshare = 0.5\n'
    assert derive(case(more=more), made([0.1, -0.2, 0.3]), None)["durability"] == NAN


@pytest.mark.parametrize(
    ("indicator", "priority", "rest", "widened"),
    [
        ([0.1, 0.5], [0.1, 0.3], [0.1, 0.6], 1.0),
        ([0.1, 0.5], [0.1, 0.5], [0.2, 0.5], 0.0),  # the mean rose, the gap closed
        ([0.5, 0.1], [0.4, 0.0], [0.5, 0.2], 0.0),  # the gap widened, but the mean fell
        ([0.1, 0.5], [0.2, 0.3], [0.1, 0.6], 1.0),  # the priority group falls from ahead to behind
    ],
)
def test_a_widening_gap_under_a_rising_mean_is_flagged(
    case: Any, indicator: list[float], priority: list[float], rest: list[float], widened: float
) -> None:
    told = derive(case(), made(indicator, priority_indicator=priority, rest_indicator=rest), None)
    assert told["gap_widened"] == widened
    assert told["priority_gap"] == pytest.approx(rest[1] - priority[1])
    assert told["priority_gap_start"] == pytest.approx(rest[0] - priority[0])
    assert (told["priority_outcome"], told["rest_outcome"]) == (priority[1], rest[1])


def runs_table(**columns: list[float]) -> pd.DataFrame:
    worlds = len(next(iter(columns.values())))
    table = pd.DataFrame({name: [0.5] * worlds for name in DERIVED_OUTCOMES})
    return table.assign(arm="isolated", replication=range(worlds), **columns)


def test_runs_that_never_reach_the_threshold_are_counted_not_averaged_away() -> None:
    table = runs_table(months_to_threshold=[30.0, 10.0, math.nan, 50.0, math.nan], months_to_half=[math.nan] * 5)
    (summary,) = summarise(table, {"isolated": "Isolated"})
    assert summary.months_to_threshold == 30.0
    assert summary.never_threshold.estimate == pytest.approx(0.4)
    assert 0 < summary.never_threshold.low < 0.4 < summary.never_threshold.high < 1
    assert summary.months_to_half == NAN
    assert summary.never_half.estimate == 1.0


def test_a_rising_mean_with_a_widening_gap_can_be_reached_and_is_flagged(case: Any) -> None:
    flagged = {}
    arms = (STANDARD_ARMS["isolated"], STANDARD_ARMS["collective_impact"])
    for focus in (0.0, 0.5):
        scenario = case("problem.pull_skew=1.5", f"equity.focus={focus}", "horizon.months=60")
        runs = run_batch(Design(scenario, arms, 40, 1).batch(range(40))).tables["runs"].to_pandas()
        summaries = summarise(runs, {arm.name: arm.title for arm in arms})
        collective = runs[runs["arm"] == "collective_impact"]
        flagged[focus] = (collective["gap_widened"].mean(), "Flag: the gap" in verdict(summaries, "the case", 5))
        assert (collective["gain"] > 0).all()
    assert flagged[0.0][0] > 0.75 > flagged[0.5][0]
    assert [said for _, said in flagged.values()] == [True, False]
