"""What the runs of a comparison say: outcome per arm, paired differences to the isolated arm, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Interval, mean_interval, ratio_interval, share_interval

__all__ = ["ArmSummary", "summarise", "summary_table", "verdict"]


@dataclass(frozen=True)
class ArmSummary:
    """One arm over all worlds. Outcomes 0..1, money in the scenario's unit, None where there is nothing to compare.

    Attributes
    ----------
    difference : outcome minus the isolated arm's in the same world.
    won : share of worlds in which it beats the isolated arm.
    months_to_half : median of the worlds that reach it (half of the run's own final gain).
    never_half, never_threshold : share of worlds that never do.
    gap_change : change of the priority gap since month 0; above 0 the gap widened.
    cost_per_point : mean spend over mean gain in points (0..100).
    variance_ratio : variance of the paired difference over that of an unpaired one; below 1 pairing helps.
    """

    arm: str
    title: str
    worlds: int
    outcome: Interval
    difference: Interval | None
    won: Interval | None
    months_to_half: float
    never_half: Interval
    months_to_threshold: float
    never_threshold: Interval
    priority_outcome: Interval
    priority_gap: Interval
    gap_change: Interval
    spend: float
    cost_per_point: Interval
    variance_ratio: float


def summarise(runs: pd.DataFrame, titles: Mapping[str, str], reference: str = "isolated") -> list[ArmSummary]:
    """Summaries of all arms in the order of ``titles``.

    Parameters
    ----------
    runs : one row per run, with ``arm``, ``replication`` and the derived outcomes.
    titles : title of every arm by name.
    reference : arm the others are held against; without it differences are None.
    """
    by_arm = {str(arm): table.set_index("replication").sort_index() for arm, table in runs.groupby("arm")}
    base = by_arm.get(reference)
    return [
        _summarise_arm(arm, title, by_arm[arm], base if arm != reference else None) for arm, title in titles.items()
    ]


def _summarise_arm(arm: str, title: str, table: pd.DataFrame, base: pd.DataFrame | None) -> ArmSummary:
    outcome = table["outcome"].to_numpy(float)
    worlds = len(outcome)
    difference, won, ratio = None, None, math.nan
    if base is not None:
        other = base["outcome"].reindex(table.index).to_numpy(float)
        difference = mean_interval(outcome - other)
        won = share_interval(int((outcome > other).sum()), worlds)
        unpaired = outcome.var() + other.var()
        ratio = float((outcome - other).var() / unpaired) if unpaired > 0 else math.nan
    return ArmSummary(
        arm=arm,
        title=title,
        worlds=worlds,
        outcome=mean_interval(outcome),
        difference=difference,
        won=won,
        months_to_half=_median(table["months_to_half"]),
        never_half=_never(table["months_to_half"]),
        months_to_threshold=_median(table["months_to_threshold"]),
        never_threshold=_never(table["months_to_threshold"]),
        priority_outcome=mean_interval(table["priority_outcome"].to_numpy(float)),
        priority_gap=mean_interval(table["priority_gap"].to_numpy(float)),
        gap_change=mean_interval((table["priority_gap"] - table["priority_gap_start"]).to_numpy(float)),
        spend=float(table["spend"].mean()),
        cost_per_point=ratio_interval(table["spend"].to_numpy(float), 100 * table["gain"].to_numpy(float)),
        variance_ratio=ratio,
    )


def _median(months: pd.Series[float]) -> float:
    reached = months.dropna()
    return float(reached.median()) if len(reached) else math.nan


def _never(months: pd.Series[float]) -> Interval:
    return share_interval(int(months.isna().sum()), len(months))


def summary_table(summaries: list[ArmSummary]) -> pd.DataFrame:
    """The summaries as a flat table: a row per arm, an interval as three columns."""
    rows = []
    for summary in summaries:
        row: dict[str, object] = {}
        for name, value in vars(summary).items():
            if isinstance(value, Interval) or value is None:
                low_high = value if value is not None else Interval(np.nan, np.nan, np.nan)
                row |= {name: low_high.estimate, f"{name}_low": low_high.low, f"{name}_high": low_high.high}
            else:
                row[name] = value
        rows.append(row)
    return pd.DataFrame(rows)


def verdict(summaries: list[ArmSummary], problem: str, years: float) -> str:
    """One sentence on what the comparison means; computed, and silent on what cannot be told apart."""
    by_arm = {summary.arm: summary for summary in summaries}
    isolated = by_arm.get("isolated")
    subject = by_arm.get("collective_impact") or next((s for s in summaries if s.difference is not None), None)
    ends = "; ".join(f"{summary.title} {_points(summary.outcome.estimate)}" for summary in summaries)
    if subject is None or isolated is None or subject.difference is None or subject.won is None:
        return f"After {years:g} years, in points of 100: {ends}."
    gained, low, high = subject.difference
    if math.isnan(low):
        return f"In this one world, after {years:g} years, in points of 100: {ends}; more worlds would tell chance."
    if low <= 0 <= high:
        effect = "cannot be told apart from"
    else:
        effect = f"ends {abs(100 * gained):.0f} points {'above' if gained > 0 else 'below'}"
    return (
        f"{problem}: after {years:g} years {subject.title} {effect} isolated impact "
        f"({_points(subject.outcome.estimate)} against {_points(isolated.outcome.estimate)} of 100; 95 % interval of "
        f"the difference {100 * low:+.0f} to {100 * high:+.0f}) and is ahead in {100 * subject.won.estimate:.0f} % of "
        f"{subject.worlds} worlds{_same_money(by_arm, subject)}{_gap(subject)}."
    )


def _points(value: float) -> str:
    return f"{100 * value:.0f}"


def _same_money(by_arm: Mapping[str, ArmSummary], subject: ArmSummary) -> str:
    equal = by_arm.get("isolated_equal_spend")
    if equal is None or equal.difference is None or equal is subject or math.isnan(equal.difference.low):
        return ""
    change = 100 * equal.difference.estimate
    if equal.difference.low <= 0 <= equal.difference.high:
        return "; the same money spent on more programs instead makes no difference that can be told apart"
    return f"; the same money spent on more programs instead changes {change:+.0f} points"


def _gap(subject: ArmSummary) -> str:
    """The equity flag: a mean that rises while the gap to the priority group clearly widens."""
    if math.isnan(subject.gap_change.low) or subject.gap_change.low <= 0:
        return ""
    return f". Flag: the gap to the priority group widens meanwhile, by {100 * subject.gap_change.estimate:.0f} points"
