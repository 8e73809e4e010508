"""Slices of a sweep: an outcome, or what an arm changes of it, along one factor, split by another."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from ci_sim.analysis.intervals import mean_interval
from ci_sim.analysis.response import Response
from ci_sim.app.shelf import Sheet

__all__ = ["Slice", "slice_table"]

MOST_VALUES = 12
"""Values of a factor shown one by one; of more, numbers are put into ranges."""
RANGES, PANELS = 8, 3
"""Ranges of x, and of what panels are split by."""
MOST_PANELS = 6
WHOLE = ""
"""Neither factor nor reference."""


class Slice(NamedTuple):
    """What is asked of a sheet.

    Attributes
    ----------
    x : factor along the axis; empty where the results have none.
    outcome : derived outcome.
    arm, against : the arm, and the one it is held against in the same worlds; empty for the arm by itself.
    by : factor that splits the panels; empty for one panel.
    """

    x: str
    outcome: str
    arm: str
    against: str = WHOLE
    by: str = WHOLE


def slice_table(sheet: Sheet, asked: Slice) -> pd.DataFrame:
    """Estimates along a factor.

    Every value is first averaged over the points that share it, world by world; the interval is that of the mean over
    worlds (of paired differences where there is a reference).

    Returns
    -------
    A row per panel and value: ``panel``, ``value`` (in words), ``x`` (its place on the axis: the number itself, the
    mean of a range, or the number of a text), ``mean``, ``low``, ``high`` in the outcome's unit, ``points``,
    ``worlds``.

    Raises
    ------
    InputError : the sheet lacks an arm or outcome.
    """
    cells = Response(asked.outcome, asked.arm, asked.against or None).cells(sheet.runs)
    settings = sheet.runs.groupby("point").first().loc[cells.index]
    values, places = _grouped(settings, asked.x, MOST_VALUES, RANGES)
    panels, order = _grouped(settings, asked.by, MOST_PANELS, PANELS)
    rows = []
    for panel in sorted(panels.unique(), key=lambda name: order[name]):
        for value in sorted(values[panels == panel].unique(), key=lambda name: places[name]):
            here = cells[(panels == panel) & (values == value)]
            by_world = here.mean(axis=0).dropna()
            found = mean_interval(by_world.to_numpy(float))
            row = {"panel": panel, "value": value, "x": places[value], "mean": found.estimate, "low": found.low}
            rows.append(row | {"high": found.high, "points": len(here), "worlds": len(by_world)})
    return pd.DataFrame(rows)


def _grouped(settings: pd.DataFrame, key: str, most: int, ranges: int) -> tuple[pd.Series[Any], dict[str, float]]:
    """The value, or the range, of every point in words; and where each of them stands."""
    if key not in settings:
        return pd.Series("", settings.index), {"": 0.0}
    column = settings[key]
    distinct = sorted(column.dropna().unique())
    numbers = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numbers and len(distinct) > most:
        cut = pd.qcut(column, ranges, duplicates="drop")
        words = cut.map(lambda one: f"{max(one.left, distinct[0]):.4g} - {one.right:.4g}").astype(str)
        return words, {str(name): float(mean) for name, mean in column.groupby(words).mean().items()}
    words = column.map(lambda one: f"{one:.6g}" if numbers else str(one))
    if numbers:
        return words, {f"{one:.6g}": float(one) for one in distinct}
    return words, {str(one): float(n) for n, one in enumerate(distinct)}
