"""Scenario discovery: in which part of the factors' space the cases of interest lie, said in words (Bryant & Lempert
2010), and silent where shuffled cases give as good a box.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import xlogy

from ci_sim.analysis.box_words import box_words, case_words
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.points import factors_of, point_differences
from ci_sim.analysis.prim import Box, Columns, Mask, enclose, induce, quasi_p, without

__all__ = ["Discovery", "analyse", "box_words", "columns_of", "describe", "discover", "elsewhere", "search"]

MOST_FACTORS = 3
"""A box with more restricted factors than this is no longer understood (Bryant & Lempert 2010)."""
SIGNIFICANT = 0.05
SHUFFLES = 99
NEXT_BEST = 8
"""Of boxes and of factors how many are followed further."""
FEWEST = 5
"""Cases, and other points, below which there is nothing to learn from."""


@dataclass(frozen=True)
class Discovery:
    """What a search for a box came to.

    Attributes
    ----------
    x, cases : the points, and which of them are of interest.
    case : what the cases are, as the beginning of a sentence.
    trajectory : of peeling and pasting, the widest box first.
    box : chosen and simplified; None where shuffled cases give one as good.
    quasi_p : of each of its restricted factors.
    chance : share of shuffles, the data counted as one, that give as good a trajectory; NaN with too few cases.
    """

    x: Columns = field(repr=False)
    cases: Mask = field(repr=False)
    case: str
    trajectory: list[Box] = field(repr=False)
    box: Box | None
    quasi_p: dict[str, float]
    chance: float


def columns_of(points: pd.DataFrame, factors: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Columns for :mod:`ci_sim.analysis.prim`: numbers as they are, everything else as words."""
    numbers = {factor: pd.api.types.is_numeric_dtype(points[factor]) for factor in factors}
    return {
        f: points[f].to_numpy() if number else points[f].astype(str).to_numpy(object) for f, number in numbers.items()
    }


def discover(x: Columns, cases: Mask, case: str = "This happens", *, shuffles: int = SHUFFLES) -> Discovery:
    """Search for a box and ask whether chance would give one as good.

    The chosen box is the simplified one that best separates cases from other points: the largest likelihood ratio of
    one density inside and another outside against one density everywhere (the scan statistic, Kulldorff 1997). The
    trajectory shows what else there was to choose from. Chance is judged by a permutation test of that ratio's maximum
    over the trajectory: the cases are shuffled over the points and the search is repeated.

    Parameters
    ----------
    cases : (n,) which points are of interest.
    shuffles : of the permutation test; 99 make 0.01 the smallest probability.
    """
    if min(np.count_nonzero(cases), np.count_nonzero(~cases)) < FEWEST:
        return Discovery(x, cases, case, [enclose(x, cases, {})], None, {}, math.nan)
    best, trajectory = _search(x, cases)
    chance = _chance(x, cases, separation(best), shuffles)
    if chance > SIGNIFICANT:
        return Discovery(x, cases, case, trajectory, None, {}, chance)
    return Discovery(x, cases, case, trajectory, best, quasi_p(x, cases, best), chance)


def separation(box: Box) -> float:
    """Log likelihood ratio of a box denser than what lies outside it; 0 where it is not (Kulldorff 1997)."""
    outside, missed = len(box.inside) - box.n, box.hits / box.coverage - box.hits if box.hits else 0.0
    if box.hits * outside <= missed * box.n:
        return 0.0
    whole = (box.hits + missed) / len(box.inside)
    return float(
        sum(_log_likelihood(hits, n) for hits, n in ((box.hits, box.n), (missed, outside)))
        - _log_likelihood(whole * len(box.inside), len(box.inside))
    )


def _log_likelihood(hits: float, n: float) -> float:
    """Of the density at which so many of the points are cases."""
    return float(xlogy(hits, hits / n) + xlogy(n - hits, 1 - hits / n))


def _search(x: Columns, cases: Mask) -> tuple[Box, list[Box]]:
    """The simplified box that separates best, and the trajectory it comes from.

    Peeling is greedy: with many factors it may walk past the box of a single one. So it starts anew with each factor
    alone, and with the best of these together with each of the next best (constrained PRIM, Kwakkel 2019).
    """
    found = [_best(x, cases, list(x))]
    alone = {factor: _best(x, cases, [factor]) for factor in x}
    lead, *others = sorted(alone, key=lambda factor: separation(alone[factor][0]), reverse=True)
    found += [*alone.values(), *(_best(x, cases, [lead, other]) for other in others[:NEXT_BEST])]
    return max(found, key=lambda one: separation(one[0]))


def _best(x: Columns, cases: Mask, factors: list[str]) -> tuple[Box, list[Box]]:
    trajectory = induce({factor: x[factor] for factor in factors}, cases)
    candidates = sorted(trajectory, key=separation, reverse=True)[:NEXT_BEST]
    return max((_simplify(x, cases, box) for box in candidates), key=separation), trajectory


def _chance(x: Columns, cases: Mask, reached: float, shuffles: int) -> float:
    """Share of shuffles, the data counted as one, that come as far; not followed further once it is too large."""
    draw = np.random.default_rng(0)
    as_good = 1
    for done in range(1, shuffles + 1):
        as_good += separation(_search(x, draw.permutation(cases))[0]) >= reached
        if as_good > SIGNIFICANT * (shuffles + 1):
            return as_good / (done + 1)
    return as_good / (shuffles + 1)


def _simplify(x: Columns, cases: Mask, box: Box) -> Box:
    """The box without the restrictions that may be chance, the weakest lifted first, and with few enough of them."""
    while box.limits:
        values = quasi_p(x, cases, box)
        weakest = max(values, key=lambda factor: values[factor])
        if values[weakest] <= SIGNIFICANT and len(values) <= MOST_FACTORS:
            break
        box = without(x, cases, box, weakest)
    return box


def elsewhere(found: Discovery, shuffles: int = SHUFFLES) -> Discovery | None:
    """The same search among the points outside the box, for cases may have more than one reason; None without a box."""
    if found.box is None:
        return None
    outside = ~found.box.inside
    rest = {factor: values[outside] for factor, values in found.x.items()}
    return discover(rest, found.cases[outside], found.case, shuffles=shuffles)


def describe(found: Discovery) -> str:
    """The chosen box in a sentence, or that there is too little to choose from; empty where chance does as well."""
    box, hits, points = found.box, int(found.cases.sum()), len(found.cases)
    if box is None:
        if not math.isnan(found.chance):
            return ""
        return f"{found.case} at {hits:,} of {points:,} points{' - too few to say when' * (0 < hits < FEWEST)}."
    mostly = "mostly" if min(box.coverage, box.density) >= 0.5 else "more often than elsewhere"
    return (
        f"{found.case} {mostly} when {box_words(found.x, box)}: {100 * box.coverage:.0f} % of such points lie there "
        f"(coverage), and {100 * box.density:.0f} % of the points there are such (density), against "
        f"{100 * hits / points:.0f} % of all {points:,} points."
    )


def analyse(
    runs: pd.DataFrame,
    *,
    arm: str = "collective_impact",
    reference: str = "isolated",
    outcome: str = "outcome",
    side: Literal["below", "above"] = "below",
    level: float = 0.0,
    shuffles: int = SHUFFLES,
) -> Finding:
    """Where in the space of the factors an arm ends below (or above) another.

    Parameters
    ----------
    runs : of a design that spreads over the space, as a Latin hypercube does.
    side, level : a point is a case where the mean paired difference lies on this side of this level.

    Returns
    -------
    The trajectory, a row per box, and at its end the chosen box with the largest of its quasi-p-values; then the same
    of a second search among the points outside that box. The sentence is empty where chance gives as good a box.

    Raises
    ------
    InputError : an arm or outcome that is not there.
    """
    return finding(
        search(runs, arm=arm, reference=reference, outcome=outcome, side=side, level=level, shuffles=shuffles), shuffles
    )


def search(
    runs: pd.DataFrame,
    *,
    arm: str = "collective_impact",
    reference: str = "isolated",
    outcome: str = "outcome",
    side: Literal["below", "above"] = "below",
    level: float = 0.0,
    shuffles: int = SHUFFLES,
) -> Discovery:
    """As :func:`analyse`, but all that the figures need."""
    points = point_differences(runs, arm, reference, outcome)
    difference = points["difference"].to_numpy()
    cases = difference < level if side == "below" else difference > level
    case = case_words(arm, reference, outcome, side, level)
    return discover(columns_of(points, factors_of(points)), cases, case, shuffles=shuffles)


def finding(found: Discovery, shuffles: int = SHUFFLES) -> Finding:
    """A discovery, and a second one outside its box, as a table and sentences."""
    second = elsewhere(found, shuffles)
    searches = [found] if second is None else [found, second]
    said = [describe(found), *(f"Outside that box: {describe(one)}" for one in searches[1:] if one.box is not None)]
    tables = [_table(one).assign(search=number) for number, one in enumerate(searches, 1)]
    return Finding("discovery", f"When {found.case}", pd.concat(tables, ignore_index=True), " ".join(said))


def _table(found: Discovery) -> pd.DataFrame:
    boxes = [("trajectory", step, box, math.nan) for step, box in enumerate(found.trajectory)]
    if found.box is not None:
        boxes.append(("chosen", len(boxes), found.box, max(found.quasi_p.values())))
    rows = [
        (kind, step, box.n, box.hits, box.coverage, box.density, len(box.limits), box_words(found.x, box), largest)
        for kind, step, box, largest in boxes
    ]
    columns = ["kind", "step", "points", "cases", "coverage", "density", "restricted", "box", "quasi_p"]
    return pd.DataFrame(rows, columns=columns).assign(chance=found.chance)
