"""The answer to 06: the regret of every order of the five conditions, and the set not distinguishable from the best."""

from __future__ import annotations

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.regret import regret
from ci_sim.analysis.worlds import in_points
from ci_sim.experiments.answer import Answer, Check, Picture, Sweeps, check
from ci_sim.parameters import CONDITIONS

SHORT = dict(zip(CONDITIONS, ("agenda", "measurement", "activities", "communication", "backbone"), strict=True))
PLACES = ("first", "second", "third", "fourth", "last")
SHOWN = 12


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    runs = sweeps["design"].runs
    runs = runs[runs["arm"] == "collective_impact"]
    area, outcome = (_cells(runs, name) for name in ("area_over_isolated", "outcome"))
    table = regret(area / 12)  # point-years, of 0..1
    table.insert(1, "kind", [f"backbone {PLACES[_place(order)]}" for order in table["alternative"]])
    table["outcome"] = [outcome[order].mean() for order in table["alternative"]]
    kinds = [f"backbone {place}" for place in PLACES if f"backbone {place}" in set(table["kind"])]
    chosen = table[table["in_best_set"]]
    worst = table.iloc[-1]
    sentence = (
        f"{len(chosen)} of {len(table)} orders cannot be told apart from the best ({_words(table['alternative'][0])}); "
        f"in them the backbone stands {_counted(chosen)}. The worst order ({_words(worst['alternative'])}) falls "
        f"{in_points(Interval.of(worst, 'regret'))} point-years short of the best over the whole run (a "
        f"point-year is a point of 100 for a year)."
    )
    return Answer(
        sentence,
        _table(table),
        _checks(table, outcome),
        {
            "regret": Picture(
                lambda note: figures.regret(
                    table,
                    kinds,
                    note=note,
                    title="Which condition first: the regret of every order",
                    axis="Regret (points of 100, times years)",
                    across="orders, the best first",
                ),
                table,
                "Regret of the orders by where the backbone stands; shaded: not distinguishable from the best.",
            )
        },
    )


def _cells(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    cells = runs.pivot(index="replication", columns="order", values=outcome)  # noqa: PD010 - nothing to aggregate
    return cells.rename(columns=lambda order: str(order).partition("@")[0])


def _place(order: str) -> int:
    return order.split(">").index("backbone")


def _words(order: str) -> str:
    return ", ".join(SHORT[name] for name in order.split(">"))


def _counted(rows: pd.DataFrame) -> str:
    counts = rows["kind"].value_counts()
    parts = [(kind.removeprefix("backbone "), int(counts[kind])) for kind in sorted(counts.index, key=_rank)]
    return ", ".join(f"{place} in {count}" for place, count in parts)


def _rank(kind: str) -> int:
    return PLACES.index(kind.removeprefix("backbone "))


def _checks(table: pd.DataFrame, outcome: pd.DataFrame) -> list[Check]:
    worst = Interval.of(table.iloc[-1], "regret")
    means = outcome.mean()
    spread = mean_interval((outcome[means.idxmax()] - outcome[means.idxmin()]).to_numpy())
    chosen = table[table["in_best_set"]]
    late = int((chosen["kind"].map(_rank) > 1).sum())
    third = len(table) - len(table) // 3
    last = table.index[table["kind"] == "backbone last"]
    mean_rank = float((last + 1).to_numpy().mean())
    return [
        check(1, Interval(*(100 * value for value in worst)), "regret of the worst order", above=0, unit="point-years"),
        check(2, spread, "outcome at the horizon, best order minus worst", below=0.05),
        Check(3, "failed" if late else "held", f"of {len(chosen)} orders in the set, {late} have the backbone later"),
        Check(4, "held" if len(chosen) >= 5 else "failed", f"{len(chosen)} of {len(table)} orders in the set"),
        Check(
            5,
            "held" if mean_rank > third else "failed",
            f"mean rank of orders with the backbone last: {mean_rank:.1f} of "
            f"{len(table)}; the worst third begins at {third + 1}",
        ),
    ]


def _table(table: pd.DataFrame) -> pd.DataFrame:
    rows = table if len(table) <= SHOWN else pd.concat([table.head(SHOWN), table.tail(3)])
    return pd.DataFrame(
        {
            "rank": rows.index + 1,
            "order": [_words(order) for order in rows["alternative"]],
            "regret (point-years)": [in_points(Interval.of(row, "regret")) for _, row in rows.iterrows()],
            "not distinguishable from the best": ["yes" if chosen else "no" for chosen in rows["in_best_set"]],
            "outcome at the horizon": [f"{100 * value:.1f}" for value in rows["outcome"]],
        }
    )
