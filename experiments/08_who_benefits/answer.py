"""The answer to 08: mean and gap to the priority group together; no score is formed of them."""

from __future__ import annotations

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval, share_interval
from ci_sim.analysis.worlds import estimates, in_points, of_worlds
from ci_sim.experiments.answer import ARMS, Answer, Check, Picture, Sweeps, check, wide

SKEW, FOCUS = "problem.pull_skew", "equity.focus"
CI, GAP = "collective_impact", "priority_gap"


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    runs = sweeps["design"].runs
    both = {
        measure: estimates(runs, [SKEW, FOCUS], list(ARMS), outcome=name)
        for measure, name in (("mean", "outcome"), ("gap", GAP))
    }
    shown = pd.concat([table.assign(measure=measure) for measure, table in both.items()], ignore_index=True)
    shown["panel"] = [
        f"{m}, {'moderately' if s == 0.5 else 'very'} unequal pull"
        for m, s in zip(shown["measure"], shown[SKEW], strict=True)
    ]
    said = "; ".join(
        f"focus {focus:g}: mean {_said(runs, focus, 'outcome')}, gap {_said(runs, focus, GAP)}"
        for focus in (0.0, 0.5, 1.0)
    )
    sentence = f"Collective Impact where communities are very unequal (skew 1), in points of 100 - {said}."
    return Answer(
        sentence,
        _table(both),
        _checks(runs),
        {
            "mean_and_gap": Picture(
                lambda note: figures.profiles(
                    shown,
                    x=FOCUS,
                    series="arm",
                    panel="panel",
                    shared=False,
                    names=ARMS,
                    note=note,
                    title="Who benefits: the mean, and the gap between the others and the priority group",
                    axis="Points of 100",
                    across="equity focus",
                ),
                shown,
                "Mean outcome and gap to the priority group, side by side, by equity focus and inequality of pull.",
            )
        },
    )


def _mean(values) -> Interval:
    return mean_interval(values.to_numpy())


def _said(runs: pd.DataFrame, focus: float, outcome: str) -> str:
    return in_points(_mean(of_worlds(runs, CI, {SKEW: 1.0, FOCUS: focus}, outcome)), signed=outcome == GAP)


def _checks(runs: pd.DataFrame) -> list[Check]:
    gap = {f: of_worlds(runs, CI, {SKEW: 0.5, FOCUS: f}, GAP) for f in (0.0, 1.0)}
    mean = {f: of_worlds(runs, CI, {SKEW: 0.5, FOCUS: f}) for f in (0.5, 1.0)}
    price = _mean(mean[0.5] - mean[1.0])
    size = price if price.estimate >= 0 else Interval(-price.estimate, -price.high, -price.low)
    flagged = of_worlds(runs, CI, {SKEW: 1.0, FOCUS: 0.0}, "gap_widened")
    closed = _mean(of_worlds(runs, CI, {SKEW: 1.0, FOCUS: 1.0}, GAP))
    isolated = {s: _mean(of_worlds(runs, "isolated", {SKEW: s, FOCUS: 0.5}, GAP)) for s in (0.5, 1.0)}
    larger = _mean(
        of_worlds(runs, "isolated", {SKEW: 1.0, FOCUS: 0.5}, GAP)
        - of_worlds(runs, "isolated", {SKEW: 0.5, FOCUS: 0.5}, GAP)
    )
    both = "held" if larger.low > 0 and isolated[0.5].low > 0 else "failed" if larger.high < 0 else "cannot be told"
    return [
        check(1, _mean(gap[0.0] - gap[1.0]), "gap at focus 0 minus gap at focus 1", above=0),
        check(2, size, "size of the change of the mean from focus 0.5 to 1", below=0.05),
        check(
            3, share_interval(int(flagged.sum()), len(flagged)), "worlds flagged, focus 0, skew 1", above=0.5, unit="%"
        ),
        Check(4, "failed" if closed.low > 0 else "held", f"gap at focus 1, skew 1: {in_points(closed, signed=True)}"),
        Check(
            5,
            both,
            f"isolated impact's gap: {in_points(isolated[0.5], signed=True)} at skew 0.5, "
            f"{in_points(isolated[1.0], signed=True)} at skew 1; difference {in_points(larger, signed=True)}",
        ),
    ]


def _table(both: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Mean and gap of every arm, side by side."""
    keys = {SKEW: "skew", FOCUS: "focus"}
    mean, gap = (wide(both[m], keys, "arm", ARMS, signed=m == "gap") for m in ("mean", "gap"))
    table = mean[["skew", "focus"]].copy()
    for title in ARMS.values():
        table[f"{title}: mean; gap"] = [f"{one}; {other}" for one, other in zip(mean[title], gap[title], strict=True)]
    return table
