"""The answer to 05: outcome by backbone staff and organizations, and what a point costs."""

from __future__ import annotations

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval, ratio_interval
from ci_sim.analysis.worlds import estimates, in_points, of_worlds
from ci_sim.experiments.answer import Answer, Check, Picture, Sweeps, check, wide

COUNT, STAFF = "organizations.count", "backbone.staff"
CI = "collective_impact"


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    runs = sweeps["design"].runs
    gains = estimates(runs, [COUNT, STAFF], [CI], reference="isolated")
    needed = {count: _needed(runs, count) for count in sorted(runs[COUNT].unique())}
    most = ", ".join(f"{_most(runs, count):g} for {count}" for count in needed)
    said = ", ".join(f"{staff:g} for {count}" for count, staff in needed.items())
    sentence = (
        f"Staff that reach nine tenths of the best gain of the range: {most} organizations (a measure added after the "
        f"first run); the fewest that cannot be told apart from the best: {said}. With 24 organizations and no staff "
        f"Collective Impact adds {_said(_gain(runs, 24, 0.0))} points to isolated impact, with 4 staff "
        f"{_said(_gain(runs, 24, 4.0))}."
    )
    names = {count: f"{count} organizations" for count in needed}
    return Answer(
        sentence,
        _table(gains, runs, names),
        _checks(runs, needed),
        {
            "backbone": Picture(
                lambda note: figures.profiles(
                    gains,
                    x=STAFF,
                    series=COUNT,
                    names=names,
                    note=note,
                    title="How much backbone: what Collective Impact adds, by staff and organizations",
                    axis="Outcome minus isolated impact's (points of 100)",
                    across="backbone staff (full-time equivalents)",
                ),
                gains,
                "What Collective Impact adds to isolated impact by backbone staff, a line per number of organizations.",
            )
        },
    )


def _gain(runs: pd.DataFrame, count: int, staff: float) -> pd.Series:
    where = {COUNT: count, STAFF: staff}
    return of_worlds(runs, CI, where) - of_worlds(runs, "isolated", where)


def _mean(values) -> Interval:
    return mean_interval(values.to_numpy())


def _said(values) -> str:
    return in_points(_mean(values), signed=True)


def _needed(runs: pd.DataFrame, count: int) -> float:
    """Fewest staff whose outcome is not clearly below that of the best number of staff, in the same worlds."""
    staffs = sorted(runs[runs[COUNT] == count][STAFF].unique())
    own = {staff: of_worlds(runs, CI, {COUNT: count, STAFF: staff}) for staff in staffs}
    best = max(own, key=lambda staff: own[staff].mean())
    return next(float(s) for s in staffs if s == best or not _mean(own[best] - own[s]).low > 0)


def _most(runs: pd.DataFrame, count: int) -> float:
    """Fewest staff with at least nine tenths of the best mean gain."""
    staffs = sorted(runs[runs[COUNT] == count][STAFF].unique())
    gain = {staff: float(_gain(runs, count, staff).mean()) for staff in staffs}
    return next(float(staff) for staff in staffs if gain[staff] >= 0.9 * max(gain.values()))


def _per_point(runs: pd.DataFrame, count: int, staff: float, arm: str) -> Interval:
    """Money beyond isolated impact's over points beyond isolated impact's; NaN where no gain is clear."""
    where = {COUNT: count, STAFF: staff}
    money = of_worlds(runs, arm, where, "spend") - of_worlds(runs, "isolated", where, "spend")
    points = of_worlds(runs, arm, where) - of_worlds(runs, "isolated", where)
    return ratio_interval(money.to_numpy(), 100 * points.to_numpy())


def _checks(runs: pd.DataFrame, needed: dict[int, float]) -> list[Check]:
    first = of_worlds(runs, CI, {COUNT: 24, STAFF: 2.0}) - of_worlds(runs, CI, {COUNT: 24, STAFF: 0.0})
    further = of_worlds(runs, CI, {COUNT: 24, STAFF: 16.0}) - of_worlds(runs, CI, {COUNT: 24, STAFF: 2.0})
    few, many = (_mean(_gain(runs, count, 0.0)) for count in (12, 96))
    volunteers = "held" if few.low > 0 and not many.low > 0 else "failed"
    crowded = of_worlds(runs, CI, {COUNT: 96, STAFF: 4.0}) - of_worlds(runs, CI, {COUNT: 24, STAFF: 4.0})
    enough = max(needed[24], 2.0)
    ours, others = (_per_point(runs, 24, enough, arm) for arm in (CI, "isolated_equal_spend"))
    cheaper = "cannot be told" if ours.high != ours.high else "held"
    if others.high == others.high and ours.high == ours.high:
        cheaper = "held" if ours.high < others.low else "failed" if ours.low > others.high else "cannot be told"
    programs = "no clear gain" if others.estimate != others.estimate else f"{others.estimate:.0f}"
    return [
        check(1, _mean(first - further), "first two staff minus all further ones, 24 organizations", above=0),
        Check(
            2,
            "held" if needed[48] > needed[12] else "failed",
            f"staff needed: {needed[48]:g} for 48 organizations, {needed[12]:g} for 12",
        ),
        Check(
            3,
            volunteers,
            f"without staff, against isolated impact: {in_points(few, signed=True)} points with 12, "
            f"{in_points(many, signed=True)} with 96 organizations",
        ),
        check(4, _mean(crowded), "96 minus 24 organizations, 4 staff", below=0),
        Check(
            5,
            cheaper,
            f"thousand per point beyond isolated impact, {enough:g} staff, 24 organizations: "
            f"{ours.estimate:.0f} [{ours.low:.0f}, {ours.high:.0f}]; the same money for programs: {programs}",
        ),
    ]


def _table(gains: pd.DataFrame, runs: pd.DataFrame, names: dict[int, str]) -> pd.DataFrame:
    table = wide(gains, {STAFF: "staff"}, COUNT, names, signed=True)
    equal = estimates(runs, [COUNT, STAFF], ["isolated_equal_spend"], reference="isolated")
    equal = equal[equal[COUNT] == 24]
    cells = [in_points(Interval(*row), signed=True) for row in equal[["estimate", "low", "high"]].to_numpy(float)]
    staff = [f"{value:g}" for value in equal[STAFF]]
    table["same money for programs, 24"] = table["staff"].map(dict(zip(staff, cells, strict=True))).fillna("")
    return table
