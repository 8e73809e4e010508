"""The funder's horizon: what evaluators at three, five and ten years conclude from the very same runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import mean_interval, share_interval
from ci_sim.analysis.points import paired, standing
from ci_sim.analysis.words import arm_words, interval_of, listed, share_words, signed_points
from ci_sim.complaints import Complaint, InputError

__all__ = ["LEADING", "MONTHS", "VERDICTS", "analyse", "differences_at", "judged_alone", "recorded_months", "yearly"]

MONTHS = (36, 60, 120)
LEADING = ("alignment", "shared_measurement", "trust", "joint_actions_agreed")
"""Recorded outcomes that move before the indicator does; joint actions a month, as the mean of a year."""
VERDICTS = {1: "it works", 0: "cannot be told", -1: "it fails"}
"""Of the indicator, by where the 95 % interval of the difference lies: above zero, across it, below it."""
SIDES = {1: "higher", 0: "cannot be told", -1: "lower"}
"""The same of what moves before it."""
YEAR = 12
MARGIN = 0.05


def recorded_months(timeseries: pd.DataFrame, months: Sequence[int] = MONTHS) -> list[int]:
    """The last recorded month up to each horizon; horizons that the runs do not reach are left out.

    Raises
    ------
    InputError : the runs reach none of them.
    """
    recorded = np.sort(timeseries["month"].unique())
    reached = [int(recorded[recorded <= month][-1]) for month in sorted(months) if recorded[-1] >= month]
    if not reached:
        allowed = f"runs of at least {min(months)} months"
        raise InputError("time series", [Complaint("months", f"{int(recorded[-1])} months", allowed)])
    return list(dict.fromkeys(reached))


def yearly(timeseries: pd.DataFrame) -> pd.DataFrame:
    """The time series with joint actions as the mean of the year's recorded months, for single months are few."""
    if "joint_actions_agreed" not in timeseries:
        return timeseries
    months = np.sort(timeseries["month"].unique())
    window = max(1, YEAR // int(np.diff(months).min(initial=YEAR)))
    ordered = timeseries.sort_values(["arm", "replication", "month"])
    runs = ordered.groupby(["arm", "replication"], observed=True)["joint_actions_agreed"]
    return ordered.assign(joint_actions_agreed=runs.transform(lambda one: one.rolling(window, min_periods=1).mean()))


def differences_at(
    timeseries: pd.DataFrame,
    months: Sequence[int] = MONTHS,
    *,
    arm: str = "collective_impact",
    reference: str = "isolated",
    measures: Sequence[str] = ("indicator", *LEADING),
) -> pd.DataFrame:
    """The mean paired difference of every measure at every horizon, as an evaluator of all worlds would have it.

    Returns
    -------
    ``month``, ``measure``, ``kind`` ("difference"), ``value``, ``value_low``, ``value_high`` (in the measure's unit),
    ``verdict``: one of :data:`VERDICTS` or of :data:`SIDES`.
    """
    pairs = _worlds(yearly(timeseries), arm, reference, list(measures))
    rows = []
    for month in recorded_months(timeseries, months):
        for measure in measures:
            value = mean_interval(pairs.xs(month, level="month")[measure].to_numpy())
            words = VERDICTS if measure == "indicator" else SIDES
            rows.append((month, measure, "difference", *value, words[standing(value.low, value.high)]))
    return pd.DataFrame(rows, columns=["month", "measure", "kind", "value", "value_low", "value_high", "verdict"])


def judged_alone(
    timeseries: pd.DataFrame,
    months: Sequence[int] = MONTHS,
    *,
    arm: str = "collective_impact",
    reference: str = "isolated",
    margin: float = MARGIN,
    goal: float | None = None,
) -> pd.DataFrame:
    """What an evaluator of a single pilot says at each horizon, held against what the last horizon shows.

    Parameters
    ----------
    margin : a world is a success where the indicator is this much above the reference in the same world (0..1).
    goal : judge by this level of the indicator instead, without any comparison (0..1).

    Returns
    -------
    As :func:`differences_at`, ``kind`` being "share of worlds": ``failed`` at the horizon; ``false_failure``, failed
    then but a success at the last horizon; ``false_success``, the other way round. Wilson's intervals; no verdicts.
    """
    if goal is None:
        success = _worlds(timeseries, arm, reference, ["indicator"])["indicator"].unstack("month") >= margin  # noqa: PD010
    else:
        own = timeseries[timeseries["arm"] == arm]
        success = own.pivot(index="replication", columns="month", values="indicator") >= goal  # noqa: PD010
    reached = recorded_months(timeseries, months)
    final = success[reached[-1]].to_numpy()
    rows = []
    for month in reached:
        then = success[month].to_numpy()
        for name, hits in (("failed", ~then), ("false_failure", ~then & final), ("false_success", then & ~final)):
            rows.append((month, name, "share of worlds", *share_interval(int(hits.sum()), len(hits)), ""))
    return pd.DataFrame(rows, columns=["month", "measure", "kind", "value", "value_low", "value_high", "verdict"])


def _worlds(timeseries: pd.DataFrame, arm: str, reference: str, measures: list[str]) -> pd.DataFrame:
    points = timeseries["point"].nunique() if "point" in timeseries else 1
    if points > 1:
        raise InputError("time series", [Complaint("point", f"{points:,} points", "the rows of one point")])
    return paired(timeseries, arm, reference, measures, ["month", "replication"])


def analyse(
    timeseries: pd.DataFrame,
    *,
    months: Sequence[int] = MONTHS,
    arm: str = "collective_impact",
    reference: str = "isolated",
    margin: float = MARGIN,
    goal: float | None = None,
) -> Finding:
    """What evaluators at several horizons would each conclude from the same runs, and how often they would be wrong.

    Parameters
    ----------
    timeseries : of one point: ``arm``, ``replication``, ``month``, ``indicator`` and what of :data:`LEADING` is there.
    margin, goal : when a single pilot counts as a success; see :func:`judged_alone`.

    Raises
    ------
    InputError : more than one point, an arm that is not there, or runs shorter than every horizon.
    """
    measures = ["indicator", *(measure for measure in LEADING if measure in timeseries)]
    sides = {"arm": arm, "reference": reference}
    means = differences_at(timeseries, months, measures=measures, **sides)
    alone = judged_alone(timeseries, months, margin=margin, goal=goal, **sides)
    sentence = "" if means["value_low"].isna().any() else _in_words(means, alone, arm, reference, margin, goal)
    title = f"What evaluators conclude about {arm_words(arm)} at different horizons"
    return Finding("horizons", title, pd.concat([means, alone], ignore_index=True), sentence)


def _in_words(
    means: pd.DataFrame, alone: pd.DataFrame, arm: str, reference: str, margin: float, goal: float | None
) -> str:
    parts = []
    for row in means[means["measure"] == "indicator"].to_dict("records"):
        points = signed_points(interval_of(row, "value"))
        parts.append(f"after {_years(row['month'])} {points} points ({row['verdict']})")
    first, last = int(means["month"].iloc[0]), int(means["month"].iloc[-1])
    text = f"{arm_words(arm)} against {arm_words(reference)}, from the same worlds: {', '.join(parts)}"
    text += _ahead_of_the_indicator(means[means["month"] == first])
    if first == last:
        return f"{text}."
    rule = f"ahead by {100 * margin:.0f} points or more" if goal is None else f"at {100 * goal:.0f} points or more"
    shares = [
        share_words(interval_of(row, "value"))
        for name in ("false_failure", "false_success")
        for row in alone[(alone["month"] == first) & (alone["measure"] == name)].to_dict("records")
    ]
    return (
        f"{text}. Of single pilots, judged a success where {rule}, {shares[0]} look failed after {_years(first)} "
        f"although they succeed after {_years(last)}, and {shares[1]} the other way round."
    )


def _ahead_of_the_indicator(first: pd.DataFrame) -> str:
    """What has clearly risen at the first horizon already, where the indicator has not."""
    if (first.loc[first["measure"] == "indicator", "verdict"] == VERDICTS[1]).all():
        return ""
    risen = first[(first["measure"] != "indicator") & (first["value_low"] > 0)]["measure"]
    names = [str(name).replace("_", " ") for name in risen]
    return f"; {listed(names)} had clearly risen by the first of these" if names else ""


def _years(month: int) -> str:
    return f"{month // 12} years" if month % 12 == 0 and month > 12 else f"{month} months"
