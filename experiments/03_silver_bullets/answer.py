"""The answer to 03: what each bullet adds to isolated impact, in the same worlds, against Collective Impact."""

from __future__ import annotations

import pandas as pd

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.worlds import in_points, of_worlds
from ci_sim.experiments.answer import Answer, Picture, Sweeps, check
from ci_sim.figures.estimates import Row, rows_page

K, NONE = "problem.interdependence", "no bullet"
ALL, YEARLY, ONCE = "all: programs x 4", "best place replicated every year", "best place replicated once"
FULL, EQUAL = "Collective Impact, no bullet", "the backbone's money for programs"


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    gains = {k: _gains(sweeps, k) for k in (0, 5)}
    rows = [
        {K: k, "treatment": name, "worlds": len(values), **mean_interval(values.to_numpy())._asdict()}
        for k, treatments in gains.items()
        for name, values in treatments.items()
    ]
    table = pd.DataFrame(rows)
    bullets = {name: values for name, values in gains[5].items() if name != FULL}
    best = max(bullets, key=lambda name: bullets[name].mean())
    sentence = (
        f"At K = 5 the best of {len(bullets)} bullets ({best}) changes the outcome of isolated impact by "
        f"{_said(bullets[best])} points, Collective Impact without any by {_said(gains[5][FULL])}. At K = 0 programs "
        f"for all, four times as many, bring {_said(gains[0][ALL])}, Collective Impact {_said(gains[0][FULL])}."
    )
    return Answer(
        sentence,
        _told(table),
        _checks(sweeps, gains, best),
        {
            "silver_bullets": Picture(
                lambda note: _draw(table, note),
                table,
                "What each bullet adds to isolated impact, and what Collective Impact adds, at K = 0 and 5.",
            )
        },
    )


def _gains(sweeps: Sweeps, k: int) -> dict[str, pd.Series]:
    """What each treatment adds to untreated isolated impact, by world."""
    runs = sweeps["design"].runs
    base = of_worlds(runs, "isolated", {K: k, "title": NONE})
    names = [name for name in dict.fromkeys(runs["title"]) if name != NONE]
    found = {name: of_worlds(runs, "isolated", {K: k, "title": name}) - base for name in names}
    for name, design in ((ONCE, "design_replication_once"), (YEARLY, "design_replication_yearly")):
        # Its organizations are all alike, so it is held against the runs without replication of the same make.
        found[name] = of_worlds(sweeps[design].runs, "isolated", {K: k}) - _untouched(sweeps, k)
    found[EQUAL] = of_worlds(runs, "isolated_equal_spend", {K: k, "title": NONE}) - base
    found[FULL] = of_worlds(runs, "collective_impact", {K: k, "title": NONE}) - base
    return found


def _untouched(sweeps: Sweeps, k: int) -> pd.Series:
    return of_worlds(sweeps["design_untouched"].runs, "isolated", {K: k})


def _a_year_later(sweeps: Sweeps) -> Interval:
    """At month 48, K = 5: the indicator with the replication of month 37 minus that without."""
    values = []
    for name in ("design_replication_once", "design_untouched"):
        series = sweeps[name].timeseries()
        points = sweeps[name].runs.drop_duplicates("point").set_index("point")[K]
        rows = series[(series["arm"] == "isolated") & (series["month"] == 48) & (series["point"].map(points) == 5)]
        values.append(rows.set_index("replication")["indicator"].sort_index())
    return mean_interval((values[0] - values[1]).to_numpy())


def _checks(sweeps: Sweeps, gains, best: str):
    hard, easy = gains[5], gains[0]
    later, end = _a_year_later(sweeps), mean_interval(hard[ONCE].to_numpy())
    at_end = check(4, end, f"a year later {in_points(later, signed=True)} points, at the horizon", below=0.05)
    if not later.low > 0:
        verdict = "failed" if later.high < 0 else "cannot be told"
        at_end = type(at_end)(4, verdict, at_end.because)
    return [
        check(1, mean_interval(hard[best].to_numpy()), f"the best bullet at K = 5, {best}", below=0.1),
        check(
            2, mean_interval((hard[FULL] - hard[best]).to_numpy()), f"Collective Impact minus {best}, K = 5", above=0
        ),
        check(
            3,
            mean_interval((easy[ALL] - easy[FULL] / 2).to_numpy()),
            "programs x 4 minus half the collective gain, K = 0",
            above=0,
        ),
        at_end,
        check(
            5,
            mean_interval((hard[YEARLY] - hard[FULL] / 3).to_numpy()),
            "replication every year minus a third of the collective gain, K = 5",
            below=0,
        ),
    ]


def _said(values: pd.Series) -> str:
    return in_points(mean_interval(values.to_numpy()), signed=True)


def _told(table: pd.DataFrame) -> pd.DataFrame:
    cells = [in_points(Interval(*row), signed=True) for row in table[["estimate", "low", "high"]].to_numpy(float)]
    told = table.assign(cell=cells).pivot(index="treatment", columns=K, values="cell")  # noqa: PD010
    told = told.reindex(table["treatment"].unique()).reset_index()
    return told.rename(columns={0: "change of the outcome, K = 0", 5: "K = 5"})


def _draw(table: pd.DataFrame, note: str):
    panels = {
        f"K = {k}": [
            Row(
                row["treatment"],
                Interval(*(100 * row[name] for name in ("estimate", "low", "high"))),
                not row["low"] <= 0 <= row["high"],
            )
            for _, row in rows.iterrows()
        ]
        for k, rows in table.groupby(K)
    }
    title = "Silver bullets: what each adds to isolated impact, and what Collective Impact adds"
    return rows_page(panels, title=title, axis="Change of the outcome (points of 100)", caption=note)[0]
