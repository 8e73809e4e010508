"""The answer to 02: the generic analysis of a factorial, its Shapley values, and five predictions held against it."""

from __future__ import annotations

from ci_sim import figures
from ci_sim.analysis import factorial
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.worlds import Verdict, in_points, of_worlds
from ci_sim.experiments.answer import Answer, Check, Picture, Sweeps, check
from ci_sim.parameters import CONDITIONS

K = "problem.interdependence"
SHORT = {condition: condition.replace("_", " ") for condition in CONDITIONS}


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    runs, design = sweeps["design"].runs, sweeps["design"].design
    effects, shapley, additivity = factorial.analyse(runs, design)
    for finding in (effects, shapley, additivity):
        finding.table["label"] = [f"K = {k}" for k in finding.table[K]]
    hard = shapley.table[shapley.table[K] == 5]
    whole = additivity.table.set_index(K)
    clear = hard[hard["shapley_low"] > 0].sort_values("shapley", ascending=False)
    named = ", ".join(
        f"{SHORT[row['condition']]} {in_points(Interval.of(row, 'shapley'), signed=True)}"
        for _, row in clear.iterrows()
    )
    sentence = (
        f"At K = 5 the five conditions together change {_row(whole.loc[5], 'together')} points, the sum of each alone "
        f"{_row(whole.loc[5], 'sum_alone')}; at K = 0 {_row(whole.loc[0], 'together')} and "
        f"{_row(whole.loc[0], 'sum_alone')}. Shapley values at K = 5, in points: {named or 'none clear of zero'}."
    )
    return Answer(
        sentence,
        _table(shapley.table, additivity.table),
        _checks(runs, shapley.table),
        {
            "shapley": Picture(
                lambda note: figures.shapley(shapley.table, title=shapley.title, note=note),
                shapley.table,
                "Shapley values of the five conditions, a panel per degree of complexity.",
            ),
            "additivity": Picture(
                lambda note: figures.additivity(additivity.table, title=additivity.title, note=note),
                additivity.table,
                "All five conditions together against the sum of each alone, by complexity.",
            ),
            "effects": Picture(
                lambda note: figures.factorial_effects(effects.table, title=effects.title, note=note),
                effects.table,
                "All 31 effects of the factorial, a panel per degree of complexity.",
            ),
        },
    )


def _row(row, name: str) -> str:
    return in_points(Interval.of(row, name), signed=True)


def _excess(runs, k: int):
    none, everything = (of_worlds(runs, f"subset_{code}", {K: k}) for code in ("00000", "11111"))
    alone = sum(of_worlds(runs, f"subset_{_only(n)}", {K: k}) - none for n in range(5))
    return everything - none - alone


def _only(which: int) -> str:
    return "".join("1" if n == which else "0" for n in range(5))


def _all_but(which: int) -> str:
    return "".join("0" if n == which else "1" for n in range(5))


def _checks(runs, shapley) -> list[Check]:
    degrees = sorted(k for k in shapley[K].unique() if k >= 2)
    last = {
        name: mean_interval(
            (of_worlds(runs, "subset_11111", {K: 5}) - of_worlds(runs, f"subset_{_all_but(n)}", {K: 5})).to_numpy()
        )
        for n, name in enumerate(CONDITIONS)
    }
    least = min(last, key=lambda name: last[name].low)
    return [
        check(1, mean_interval(_excess(runs, 5).to_numpy()), "excess of the whole over its parts at K = 5", above=0),
        check(
            2,
            mean_interval((_excess(runs, 8) - _excess(runs, 0)).to_numpy()),
            "excess at K = 8 minus at K = 0",
            above=0,
        ),
        _extreme(3, shapley[shapley[K].isin(degrees)], "backbone", largest=True),
        _extreme(4, shapley[shapley[K] == 5], "shared_measurement", largest=False),
        check(5, last[least], f"the one with the lowest bound, {SHORT[least]}, added last at K = 5", above=0),
    ]


def _extreme(number: int, shapley, condition: str, *, largest: bool) -> Check:
    """Whether a condition has the largest (smallest) Shapley value at every point, by intervals."""
    verdicts: list[Verdict] = []
    told = []
    for k, rows in shapley.groupby(K):
        own = Interval.of(rows[rows["condition"] == condition].iloc[0], "shapley")
        others = rows[rows["condition"] != condition]
        edge = others.loc[others["shapley"].idxmax() if largest else others["shapley"].idxmin()]
        other = Interval.of(edge, "shapley")
        upper, lower = (own, other) if largest else (other, own)
        held, failed = upper.low > lower.high, upper.high < lower.low
        verdicts.append("held" if held else "failed" if failed else "cannot be told")
        told.append(
            f"K = {k}: {in_points(own, signed=True)} against {in_points(other, signed=True)} of "
            f"{SHORT[edge['condition']]}"
        )
    for verdict in ("failed", "cannot be told"):
        if verdict in verdicts:
            return Check(number, verdict, f"{SHORT[condition]}, points; {'; '.join(told)}")
    return Check(number, "held", f"{SHORT[condition]}, points; {'; '.join(told)}")


def _table(shapley, additivity):
    table = additivity[[K]].rename(columns={K: "K"})
    table["all five together"] = [_row(row, "together") for _, row in additivity.iterrows()]
    table["sum of each alone"] = [_row(row, "sum_alone") for _, row in additivity.iterrows()]
    for condition in CONDITIONS:
        rows = shapley[shapley["condition"] == condition]
        table[f"Shapley: {SHORT[condition]}"] = [_row(row, "shapley") for _, row in rows.iterrows()]
    return table.astype(str)
