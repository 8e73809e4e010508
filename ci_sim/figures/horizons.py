"""The funder's horizon: the lead of an arm over time, with what evaluators at different horizons conclude from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ci_sim.analysis.horizons import yearly
from ci_sim.analysis.points import standing
from ci_sim.figures.marks import MARKS, key_of, quiet, zero_line
from ci_sim.figures.page import INK, QUIET, SMALL, WIDTH, caption_of, months_axis, page, wrap
from ci_sim.figures.worlds import months_of, values_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["horizons"]

ONE = "#0072B2"
KINDS = {1: "above zero: it works", 0: "cannot be told", -1: "below zero: it fails"}
NAMES = {"joint_actions_agreed": "joint actions a month"}


def horizons(
    timeseries: pd.DataFrame,
    table: pd.DataFrame,
    *,
    title: str,
    arm: str = "collective_impact",
    reference: str = "isolated",
    sentence: str = "",
    note: str = "",
) -> Figure:
    """Above, the lead in the indicator; below, the lead in what moves before it.

    Parameters
    ----------
    timeseries : of one point; the columns that the table measures.
    table : of :func:`ci_sim.analysis.horizons.analyse`.
    sentence, note : for the caption.
    """
    means, timeseries = table[table["kind"] == "difference"], yearly(timeseries)
    measures = list(dict.fromkeys(means["measure"]))
    worlds = timeseries["replication"].nunique()
    how = (
        f"Lines: mean paired difference over {worlds:,} simulated worlds; band: 8 of 10 single worlds; marks: what the "
        "95 % interval of the mean says at that horizon."
    )
    legend = [(key_of(kind), name) for kind, name in KINDS.items()]
    figure = page(title, caption_of(sentence, how, note), 430 if len(measures) > 1 else 270, legend, 3)
    rows = figure.add_gridspec(
        2 if len(measures) > 1 else 1, max(1, len(measures) - 1), height_ratios=(3, 2)[: min(2, len(measures))]
    )
    places = [rows[0, :], *(rows[1, n] for n in range(len(measures) - 1))]
    for place, measure in zip(places, measures, strict=True):
        axes = figure.add_subplot(place)
        scale = 100 if measure == "indicator" else 1
        leads = scale * (_worlds(timeseries, arm, measure) - _worlds(timeseries, reference, measure))
        _draw(axes, months_of(timeseries), leads, means[means["measure"] == measure], scale)
        months_axis(axes, months_of(timeseries)[-1], 10 if measure == "indicator" else 5)
        if measure == "indicator":
            axes.set_ylabel("Lead in the indicator (points)", color=INK)
            continue
        name = NAMES.get(measure, measure.replace("_", " "))
        lines = wrap(name, WIDTH / (len(measures) - 1) - 50, SMALL)
        axes.set_title("\n".join(lines), loc="left", size=SMALL, color=INK)
    return figure


def _worlds(timeseries: pd.DataFrame, arm: str, measure: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return values_of(timeseries[timeseries["arm"] == arm], measure)


def _draw(
    axes: Axes,
    months: list[int],
    leads: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    means: pd.DataFrame,
    scale: float,
) -> None:
    low, high = np.quantile(leads, (0.1, 0.9), axis=0)
    axes.fill_between(months, low, high, color=ONE, alpha=0.16, linewidth=0)
    axes.plot(months, leads.mean(axis=0), color=ONE, linewidth=1.6)
    zero_line(axes)
    for row in means.to_dict("records"):
        mark, value = MARKS[standing(row["value_low"], row["value_high"])], scale * row["value"]
        axes.axvline(row["month"], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        if not math.isnan(row["value_low"]):
            bounds = [scale * row["value_low"], scale * row["value_high"]]
            axes.plot([row["month"]] * 2, bounds, color=mark.colour, linewidth=1.6, clip_on=False)
        axes.plot(row["month"], value, mark.shape, color=mark.colour, mfc=mark.face, ms=7, clip_on=False, zorder=5)
    quiet(axes, grid="y")
