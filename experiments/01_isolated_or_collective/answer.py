"""The answer to 01: gains over isolated impact by complexity, width of mandates, and where interdependence lies."""

from __future__ import annotations

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.worlds import estimates, in_points, of_worlds
from ci_sim.experiments.answer import ARMS, Answer, Picture, Sweep, Sweeps, check, wide

K, MANDATE, MODULARITY = "problem.interdependence", "organizations.mandate", "problem.modularity"
OTHERS = ["isolated_equal_spend", "ordinary_coalition", "collective_impact"]


def answer(sweeps: Sweeps) -> Answer:
    """Compute the answer."""
    mandates, modules = sweeps["design"], sweeps["design_modules"]
    gains = estimates(mandates.runs, [MANDATE, K], OTHERS, reference="isolated")
    inside = estimates(modules.runs, [K, MODULARITY], OTHERS, reference="isolated")
    default = gains[gains[MANDATE] == 3]
    collective = default[default["arm"] == "collective_impact"]
    behind = int((collective["low"] <= 0).sum())
    simple, hard = (_gain(mandates, {K: k, MANDATE: 3}) for k in (0, 8))
    crossing, within = (_gain(modules, {K: 5, MODULARITY: m}) for m in (0.0, 1.0))
    sentence = (
        f"Collective Impact ends above isolated impact at {len(collective) - behind} of {len(collective)} degrees of "
        f"complexity (mandates of 3 levers): by {_said(simple)} points at K = 0 and by {_said(hard)} at K = 8. Where "
        f"interdependence crosses organizations it adds {_said(crossing)} points at K = 5, where it lies inside "
        f"their mandates {_said(within)}."
    )
    return Answer(sentence, _table(gains, inside), _checks(mandates, modules), _pictures(gains, inside))


def _gain(sweep: Sweep, where: dict[str, float], arm: str = "collective_impact"):
    return of_worlds(sweep.runs, arm, where) - of_worlds(sweep.runs, "isolated", where)


def _mean(values) -> Interval:
    return mean_interval(values.to_numpy())


def _said(values) -> str:
    return in_points(_mean(values), signed=True)


def _checks(mandates: Sweep, modules: Sweep):
    at = {k: _gain(mandates, {K: k, MANDATE: 3}) for k in (0, 5, 8)}
    crossing, within = (_gain(modules, {K: 5, MODULARITY: m}) for m in (0.0, 1.0))
    narrow, wide_ = (_gain(mandates, {K: 5, MANDATE: m}) for m in (1, 12))
    shares = {
        k: _gain(mandates, {K: k, MANDATE: 3}, "ordinary_coalition") - _gain(mandates, {K: k, MANDATE: 3}) / 3
        for k in sorted(mandates.runs[K].unique())
    }
    worst = max(shares, key=lambda k: shares[k].mean())
    equal = _mean(_gain(mandates, {K: 5, MANDATE: 3}, "isolated_equal_spend"))
    moved = equal if equal.estimate >= 0 else Interval(-equal.estimate, -equal.high, -equal.low)
    return [
        check(1, _mean(at[8] - at[0]), "gain at K = 8 minus gain at K = 0", above=0),
        check(2, _mean(at[0]), "gain at K = 0", above=0),
        check(3, _mean(within - crossing / 2), "gain inside mandates minus half of the gain across them", below=0),
        check(4, _mean(wide_ - narrow), "gain with mandates of 12 levers minus gain with 1", below=0),
        check(
            5, _mean(shares[worst]), f"coalition's gain minus a third of the collective one, at K = {worst}", below=0
        ),
        check(6, moved, "size of what equal spend changes at K = 5", below=0.05),
    ]


def _table(gains, inside):
    told = wide(gains.sort_values([MANDATE, K]), {MANDATE: "mandate", K: "K"}, "arm", ARMS, signed=True)
    more = wide(inside, {K: "K", MODULARITY: "modularity"}, "arm", ARMS, signed=True)
    keys = ["design", "K", "mandate", "modularity"]
    both = [told.assign(design="width of mandates", modularity=""), more.assign(design="modules", mandate="")]
    table = pd.concat(both, ignore_index=True)
    return table[[*keys, *(name for name in table.columns if name not in keys)]]


def _pictures(gains, inside):
    widths = {m: f"mandates of {m} lever{'s' if m > 1 else ''}" for m in gains[MANDATE].unique()}
    degrees = {k: f"K = {k}" for k in inside[K].unique()}
    axis = "Outcome minus isolated impact's (points of 100)"
    return {
        "complexity": Picture(
            lambda note: figures.profiles(
                gains,
                x=K,
                series="arm",
                panel=MANDATE,
                names=ARMS | widths,
                axis=axis,
                note=note,
                title="What each arm adds to isolated impact, by complexity and width of mandates",
                across="K: levers an area depends on",
            ),
            gains,
            "What each arm adds to isolated impact, by complexity K, a panel per width of mandates.",
        ),
        "inside_or_across": Picture(
            lambda note: figures.profiles(
                inside,
                x=MODULARITY,
                series="arm",
                panel=K,
                names=ARMS | degrees,
                axis=axis,
                note=note,
                title="The same interdependence, across organizations (0) or inside their mandates (1)",
                across="share of links bound to a module",
            ),
            inside,
            "What each arm adds to isolated impact, by how much interdependence lies inside mandates.",
        ),
    }
