"""The outcome registry: what is recorded each month, what is derived per run, with unit, meaning and formula.

Derived outcomes of a run are computed from its records, some against the isolated arm of the same world.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ci_sim.entries import StaffEvent
from ci_sim.scenario import Scenario

__all__ = ["DERIVED_OUTCOMES", "RECORDED_OUTCOMES", "SCORECARD", "Outcome", "derive", "first_month_at", "notable_month"]


@dataclass(frozen=True)
class Outcome:
    """One row of the data dictionary."""

    name: str
    unit: str
    meaning: str


def _registry(*rows: tuple[str, str, str]) -> dict[str, Outcome]:
    return {name: Outcome(name, unit, meaning) for name, unit, meaning in rows}


RECORDED_OUTCOMES = _registry(
    ("indicator", "0..1", "mean over communities of the outcome as the public sees it (it lags)"),
    ("outcome", "0..1", "mean over communities of (F - mean F) / (max F - mean F); below 0 is worse than chance"),
    ("equity_gap", "0..1", "mean indicator of the best quarter of communities minus that of the worst quarter"),
    ("priority_indicator", "0..1", "mean indicator of the priority group, the communities with the least pull"),
    ("rest_indicator", "0..1", "mean indicator of all other communities"),
    ("coverage", "share", "places (community, lever) that at least one program serves"),
    ("duplication", "share", "programs beyond the first at their place, of all programs"),
    ("common_agenda", "0..1", "maturity of common agenda"),
    ("shared_measurement", "0..1", "maturity of shared measurement"),
    ("mutually_reinforcing_activities", "0..1", "maturity of mutually reinforcing activities"),
    ("continuous_communication", "0..1", "maturity of continuous communication"),
    ("backbone", "0..1", "upkeep carried by staff and volunteers together where there are staff; 0 without staff"),
    ("participation", "share", "members of all organizations still active"),
    ("trust", "0..1", "mean trust of members in their fellow members"),
    ("alignment", "0..1", "mean weight members give the common agenda"),
    ("churn", "practices", "practices changed in the month, relapses included"),
    ("joint_actions_proposed", "count", "joint actions put to those concerned in the month"),
    ("joint_actions_agreed", "count", "joint actions agreed and carried out in the month"),
    ("tries_lost", "tries", "tries lost to meetings in the month"),
    ("measured_together", "share", "places served by members, weighted with the maturity of shared measurement"),
    ("budget_carried", "share", "share of the upkeep that paid staff carry"),
    ("programs", "count", "programs running"),
    ("spend", "money", "programs paid and backbone staff, in the month"),
)
"""Recorded each month, in the order of :data:`ci_sim.kernel.RECORD`."""

SCORECARD = (
    "participation", "alignment", "trust", "coverage", "duplication", "joint_actions_agreed", "measured_together",
    "budget_carried",
)  # fmt: skip
"""What a backbone reports of itself."""

DERIVED_OUTCOMES = _registry(
    ("outcome", "0..1", "mean indicator at the horizon"),
    ("true_outcome", "0..1", "mean outcome at the horizon, without the indicator's lag"),
    ("start", "0..1", "mean indicator at month 0"),
    ("gain", "0..1", "outcome minus start"),
    ("months_to_half", "months", "first month with half of the run's own final gain; missing where there is no gain"),
    ("months_to_90", "months", "first month with 90 % of the run's own final gain; missing where there is no gain"),
    ("months_to_threshold", "months", "first month at or above horizon.threshold; missing where never reached"),
    ("crossover", "months", "first month from which the run stays above the isolated arm; missing where it ends below"),
    ("area_over_isolated", "months", "sum over months of the indicator's difference to the isolated arm"),
    ("durability", "ratio", "outcome over the indicator at the month before the last event; missing without events"),
    ("retained_1_year", "ratio", "indicator a year after staff first falls, over that of the month before"),
    ("retained_3_years", "ratio", "the same after three years"),
    ("retained_5_years", "ratio", "the same after five years"),
    ("priority_outcome", "0..1", "indicator of the priority group at the horizon"),
    ("rest_outcome", "0..1", "indicator of the other communities at the horizon"),
    ("priority_gap", "0..1", "rest_outcome minus priority_outcome"),
    ("priority_gap_start", "0..1", "the same gap at month 0"),
    ("equity_gap", "0..1", "best quarter minus worst quarter of communities at the horizon"),
    ("gap_widened", "0 or 1", "1 where the mean rose while the gap to the priority group widened"),
    ("spend", "money", "total over the horizon"),
    ("cost_per_point", "money", "spend per point (0..100) of gain; missing where there is no gain"),
    ("participation", "share", "members of active organizations at the horizon"),
    ("coverage", "share", "places served at the horizon"),
    ("duplication", "share", "redundant programs at the horizon"),
    ("joint_actions_agreed", "count", "over the horizon"),
    ("tries_lost", "tries", "over the horizon"),
)
"""Derived once per run: the columns of the runs table after the identifying ones."""

RETAINED = {"retained_1_year": 1, "retained_3_years": 3, "retained_5_years": 5}
"""Years after staff first falls, by the outcome that says what is retained then."""

Records = NDArray[np.void]


def derive(scenario: Scenario, records: Records, isolated: Records | None) -> Mapping[str, float]:
    """The derived outcomes of a run (NaN where one is missing).

    Parameters
    ----------
    records : (months + 1,) of :data:`ci_sim.kernel.RECORD`.
    isolated : the same of the isolated arm on the same world, or None where it was not run.
    """
    indicator = records["indicator"]
    start, final = float(indicator[0]), float(indicator[-1])
    gain, spend = final - start, float(records["spend"].sum())
    gap_start, gap = (float(records["rest_indicator"][n] - records["priority_indicator"][n]) for n in (0, -1))
    values = {
        "outcome": final,
        "true_outcome": float(records["outcome"][-1]),
        "start": start,
        "gain": gain,
        "months_to_half": first_month_at(indicator, start + gain / 2) if gain > 0 else math.nan,
        "months_to_90": first_month_at(indicator, start + 0.9 * gain) if gain > 0 else math.nan,
        "months_to_threshold": first_month_at(indicator, scenario.horizon.threshold),
        "priority_outcome": float(records["priority_indicator"][-1]),
        "rest_outcome": float(records["rest_indicator"][-1]),
        "priority_gap": gap,
        "priority_gap_start": gap_start,
        "equity_gap": float(records["equity_gap"][-1]),
        "gap_widened": float(gain > 0 and gap > gap_start),
        "spend": spend,
        "cost_per_point": spend / (100 * gain) if gain > 0 else math.nan,
        "participation": float(records["participation"][-1]),
        "coverage": float(records["coverage"][-1]),
        "duplication": float(records["duplication"][-1]),
        "joint_actions_agreed": float(records["joint_actions_agreed"].sum()),
        "tries_lost": float(records["tries_lost"].sum()),
    }
    values |= _against_isolated(indicator, None if isolated is None else isolated["indicator"])
    values |= _after_events(scenario, indicator)
    return {name: values[name] for name in DERIVED_OUTCOMES}


def first_month_at(indicator: NDArray[np.float64], level: float) -> float:
    """First month with an indicator at or above a level; NaN where there is none."""
    reached = indicator >= level
    month = int(reached.argmax())
    return float(month) if reached[month] else math.nan


def _against_isolated(indicator: NDArray[np.float64], isolated: NDArray[np.float64] | None) -> dict[str, float]:
    if isolated is None:
        return {"crossover": math.nan, "area_over_isolated": math.nan}
    difference = indicator - isolated
    area = float(difference[1:].sum())
    if difference[-1] <= 0:
        return {"crossover": math.nan, "area_over_isolated": area}
    below = difference <= 0
    months_above = int(below[::-1].argmax()) if below.any() else len(difference)
    return {"crossover": float(len(difference) - months_above), "area_over_isolated": area}


def notable_month(scenario: Scenario) -> int | None:
    """The month in which the backbone's staff first falls, if the scenario says it does."""
    staff = scenario.backbone.staff
    for event in sorted(scenario.events, key=lambda one: one.month):
        if isinstance(event, StaffEvent):
            if event.staff < staff:
                return event.month
            staff = event.staff
    return None


def _after_events(scenario: Scenario, indicator: NDArray[np.float64]) -> dict[str, float]:
    """Durability after the last event, and what is retained after staff first falls."""
    if not scenario.events:
        return dict.fromkeys(("durability", *RETAINED), math.nan)
    last, falls = max(event.month for event in scenario.events), notable_month(scenario)
    values = {"durability": _ratio(indicator, len(indicator) - 1, last - 1)}
    for name, years in RETAINED.items():
        values[name] = math.nan if falls is None else _ratio(indicator, falls - 1 + 12 * years, falls - 1)
    return values


def _ratio(indicator: NDArray[np.float64], later: int, earlier: int) -> float:
    if later >= len(indicator) or indicator[earlier] <= 0:
        return math.nan
    return float(indicator[later] / indicator[earlier])
