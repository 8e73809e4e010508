"""Where Collective Impact stops paying, over a grid of two factors: against isolated impact, and at the same money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import factors_of, paired, standing
from ci_sim.analysis.words import arm_words, rounded
from ci_sim.complaints import Complaint, InputError

__all__ = ["CLASSES", "REFERENCES", "analyse", "break_even_line", "cells", "net_value"]

REFERENCES = ("isolated", "isolated_equal_spend")
CLASSES = {1: "pays", 0: "cannot be told", -1: "loses"}
"""By where the 95 % interval lies: above zero, across it, below it."""


def cells(
    runs: pd.DataFrame,
    *,
    arm: str = "collective_impact",
    references: Sequence[str] = REFERENCES,
    x: str = "",
    y: str = "",
    value_per_point: float | None = None,
) -> pd.DataFrame:
    """A row per reference and cell of the grid.

    Parameters
    ----------
    runs : of a grid over two factors, with ``outcome`` and ``spend``.
    x, y : the factors; left out, the two that vary.
    value_per_point : money that one point (of 100) of the outcome at the horizon is worth. Without it, an arm pays
        where its outcome is higher; with it, where that is worth more than it costs (see :func:`net_value`).

    Returns
    -------
    ``reference``, x, y, ``worlds``, ``difference`` (0..1), ``extra_spend`` (money), ``net_value`` (money, NaN without
    ``value_per_point``), each with its 95 % paired interval, and ``class``: one of :data:`CLASSES`.

    Raises
    ------
    InputError : other than two factors vary, or an arm or column is missing.
    """
    x, y = _two_factors(runs, x, y)
    rows = []
    for reference in references:
        differences = paired(runs, arm, reference, ["outcome", "spend"], [x, y, "point", "replication"])
        for (at_x, at_y), worlds in differences.groupby(level=[x, y]):
            outcome, spend = worlds["outcome"].to_numpy(), worlds["spend"].to_numpy()
            worth = net_value(outcome, spend, math.nan if value_per_point is None else value_per_point)
            gain = mean_interval(outcome)
            told = gain if value_per_point is None else worth
            kind = CLASSES[standing(told.low, told.high)]
            rows.append((reference, at_x, at_y, len(worlds), *gain, *mean_interval(spend), *worth, kind))
    with_bounds = [
        f"{name}{end}" for name in ("difference", "extra_spend", "net_value") for end in ("", "_low", "_high")
    ]
    return pd.DataFrame(rows, columns=["reference", x, y, "worlds", *with_bounds, "class"])


def net_value(outcome: NDArray[np.float64], spend: NDArray[np.float64], value_per_point: float) -> Interval:
    """What the gain is worth minus what it costs, in the scenario's money over the whole horizon.

    Parameters
    ----------
    outcome, spend : (worlds,) paired differences; outcome in 0..1.
    value_per_point : money per point of 100, at the horizon.
    """
    return mean_interval(100 * value_per_point * outcome - spend)


def _two_factors(runs: pd.DataFrame, x: str, y: str) -> tuple[str, str]:
    varied = factors_of(runs)
    rest = [factor for factor in varied if factor not in (x, y)]
    x = x or (rest.pop(0) if rest else "")
    y = y or (rest.pop(0) if rest else "")
    if rest or x == y or {x, y} - set(varied):
        found = f"{len(varied)} factors that vary ({', '.join(varied) or 'none'})"
        raise InputError("results", [Complaint("factors", found, "a grid over exactly two factors of numbers")])
    return x, y


def break_even_line(table: pd.DataFrame, x: str, y: str, measure: str = "difference") -> pd.DataFrame:
    """Where along x a measure crosses zero, for each y and each reference, interpolated between neighbouring cells.

    Parameters
    ----------
    table : of :func:`cells`.
    measure : ``difference`` or ``net_value``.

    Returns
    -------
    ``reference``, y, ``break_even`` where the estimate crosses, ``first`` and ``last`` x where a bound of the interval
    touches zero: between them it cannot be told. A row for every crossing; none where nothing crosses.
    """
    rows = []
    for (reference, at_y), those in table.groupby(["reference", y], sort=False):
        row = those.sort_values(x)
        at = row[x].to_numpy(float)
        bounds = [_crossings(at, row[f"{measure}{end}"].to_numpy(float)) for end in ("_low", "_high")]
        for crossing in _crossings(at, row[measure].to_numpy(float)):
            touches = [min(found, key=lambda value: abs(value - crossing), default=math.nan) for found in bounds]
            low, high = sorted(touches) if not any(map(math.isnan, touches)) else (math.nan, math.nan)
            rows.append((reference, at_y, crossing, low, high))
    return pd.DataFrame(rows, columns=["reference", y, "break_even", "first", "last"])


def _crossings(at: NDArray[np.float64], values: NDArray[np.float64]) -> list[float]:
    """Where a line through the points changes sign."""
    pairs = pairwise(zip(at, values, strict=True))
    return [
        float(a + (b - a) * u / (u - v)) for (a, u), (b, v) in pairs if (u < 0) != (v < 0) and not math.isnan(u + v)
    ]


def analyse(
    runs: pd.DataFrame,
    *,
    arm: str = "collective_impact",
    references: Sequence[str] = REFERENCES,
    x: str = "",
    y: str = "",
    value_per_point: float | None = None,
) -> Finding:
    """Where on a grid of two factors an arm pays, where it loses, and where that cannot be told.

    Parameters and errors are those of :func:`cells`, and so is the table; a reference that was not run is left out as
    long as there is another.
    """
    run = [reference for reference in references if (runs["arm"] == reference).any()] or list(references[:1])
    x, y = _two_factors(runs, x, y)
    table = cells(runs, arm=arm, references=run, x=x, y=y, value_per_point=value_per_point)
    measure = "difference" if value_per_point is None else "net_value"
    line = break_even_line(table, x, y, measure)
    said = [_in_words(table[table["reference"] == one], line[line["reference"] == one], one, x, y) for one in run]
    if all(table["class"] == CLASSES[0]):
        said = []
    worth = "" if value_per_point is None else f" at {rounded(value_per_point, 6)} (thousand) a point"
    head = f"Where {arm_words(arm)} pays{worth}"
    return Finding("break_even", head, table, f"{head}: {'; '.join(said)}." if said else "")


def _in_words(table: pd.DataFrame, line: pd.DataFrame, reference: str, x: str, y: str) -> str:
    counts = {kind: int((table["class"] == kind).sum()) for kind in CLASSES.values()}
    text = (
        f"against {arm_words(reference)} it pays in {counts['pays']} of {len(table)} cells, loses in "
        f"{counts['loses']}, cannot be told in {counts['cannot be told']}"
    )
    ends = [line[line[y] == at] for at in dict.fromkeys((table[y].min(), table[y].max()))]
    for _, at, even, first, last in pd.concat(ends).to_numpy():
        between = "" if math.isnan(first) else f" [{rounded(first)}, {rounded(last)}]"
        text += f", break-even at {x} {rounded(even)}{between} where {y} is {rounded(at)}"
    return text
