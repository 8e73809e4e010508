"""Small multiples over time: the maturities of the five conditions, and the gap between groups of communities."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ci_sim.figures.page import INK, LINE, SMALL, WIDTH, caption_of, months_axis, page, wrap
from ci_sim.figures.worlds import (
    INDICATOR,
    Style,
    arm_title,
    arms_in_order,
    band_in_words,
    draw,
    months_of,
    number,
    percent_axis,
    spread,
    values_of,
    worlds_in_words,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["group_gap", "group_gap_in_words", "maturities", "maturities_in_words"]

MATURITIES = {
    "common_agenda": "Common agenda",
    "shared_measurement": "Shared measurement",
    "mutually_reinforcing_activities": "Mutually reinforcing activities",
    "continuous_communication": "Continuous communication",
    "backbone": "Backbone: upkeep carried",
}
ONE_STYLE: Style = ("#0072B2", "-")
GROUPS: dict[str, Style] = {
    "rest_indicator": ("#D55E00", (0, (6.0, 1.5))),
    "indicator": ("#000000", (0, (1.0, 1.0))),
    "priority_indicator": ("#0072B2", "-"),
}
GROUP_NAMES = ("all other communities", "mean of all communities", "priority group (communities with the least pull)")
BESIDE = 50.0
"""Left of the panels."""
BETWEEN = 28.0
"""Between panels, side by side."""


def maturities(timeseries: pd.DataFrame, *, title: str, note: str = "") -> Figure:
    """How far each of the five conditions is in place in one arm; a panel each, for their lines often coincide.

    Parameters
    ----------
    timeseries : columns replication, month and the five maturities (0..1), of one arm.
    note : what a reader must know before believing the picture; at the end of the caption.

    Raises
    ------
    ValueError : the rows of more than one arm.
    """
    if "arm" in timeseries and len(arms_in_order(timeseries, {})) > 1:
        raise ValueError("maturities are drawn for one arm; select its rows")
    months = months_of(timeseries)
    figure = page(title, caption_of(band_in_words(timeseries["replication"].nunique()), note), 250)
    figure.supylabel("Maturity (0 = absent, 100 = fully in place)", size=SMALL + 1, color=INK)
    panels = figure.subplots(1, len(MATURITIES), sharey=True)
    for axes, (column, name) in zip(panels, MATURITIES.items(), strict=True):
        values = spread(values_of(timeseries, column))
        percent_axis(axes, 0, 100)
        draw(axes, months, values, ONE_STYLE)
        months_axis(axes, months[-1], 5)
        lines = wrap(name, (WIDTH - BESIDE) / len(MATURITIES) - BETWEEN, SMALL)
        _head(axes, [*lines, f"at the end: {number(values.median[-1])}"])
    return figure


def maturities_in_words(timeseries: pd.DataFrame) -> str:
    """What :func:`maturities` shows at the last month, for those who cannot see it."""
    ends = [
        f"{name.partition(':')[0]} {number(spread(values_of(timeseries, column)).median[-1])}"
        for column, name in MATURITIES.items()
    ]
    worlds = worlds_in_words(timeseries["replication"].nunique())
    scale = "0 = absent, 100 = fully in place"
    return f"Median maturity ({scale}) in month {months_of(timeseries)[-1]} over {worlds}: {'; '.join(ends)}."


def group_gap(timeseries: pd.DataFrame, titles: Mapping[str, str], *, title: str, note: str = "") -> Figure:
    """Priority group, all others and the mean of all communities, arm by arm, with the gap between the groups.

    Means over worlds, so that the gap between the lines is the mean of the gaps.

    Parameters
    ----------
    timeseries : columns arm, replication, month, indicator, priority_indicator, rest_indicator (0..1).
    titles : of the arms, by name.
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    arms = arms_in_order(timeseries, titles)
    columns = 2 if len(arms) == 4 else min(3, len(arms))
    rows = math.ceil(len(arms) / columns)
    width = (WIDTH - BESIDE) / columns - BETWEEN
    series = {arm: timeseries[timeseries["arm"] == arm] for arm in arms}
    heads = {
        arm: wrap(arm_title(arm, titles), width, SMALL) + wrap(_gap_in_words(series[arm]), width, SMALL) for arm in arms
    }
    tallest = max(len(lines) for lines in heads.values()) * SMALL * LINE
    worlds = timeseries["replication"].nunique()
    caption = (
        f"Lines: means over {worlds_in_words(worlds)}. Gap: all other communities minus priority group, in points of "
        "the indicator; below 0 the priority group is ahead"
    ) + ("; in brackets the band that held it in 8 of 10 simulated worlds." if worlds > 1 else ".")
    legend = [*zip((_sample(style) for style in GROUPS.values()), GROUP_NAMES, strict=True), (_shade(), "gap")]
    caption = caption_of(caption, note)
    figure = page(title, caption, rows * (tallest + (270 if rows == 1 else 180)) + 30, legend, len(legend))
    figure.supylabel(INDICATOR, size=SMALL + 1, color=INK)
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
    lines = {arm: {group: 100 * values_of(series[arm], group).mean(axis=0) for group in GROUPS} for arm in arms}
    lowest = min(np.nanmin(line) for groups in lines.values() for line in groups.values() if not np.isnan(line).all())
    for axes, arm in zip(panels, arms, strict=False):
        _draw_gap(axes, months_of(series[arm]), lines[arm])
        months_axis(axes, months_of(timeseries)[-1], 10 if columns < 3 else 6)
        percent_axis(axes, lowest, 100)
        _head(axes, heads[arm])
    for axes in panels[len(arms) :]:
        axes.remove()
    return figure


def group_gap_in_words(timeseries: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """What :func:`group_gap` shows at the last month, for those who cannot see it."""
    arms = [
        f"{arm_title(arm, titles)}, {_gap_in_words(timeseries[timeseries['arm'] == arm])}"
        for arm in arms_in_order(timeseries, titles)
    ]
    return f"Gap in points between all other communities and the priority group. {'; '.join(arms)}."


def _head(axes: Axes, lines: list[str]) -> None:
    axes.set_title("\n".join(lines), loc="left", size=SMALL, color=INK, linespacing=1.2, parse_math=False)


def _sample(style: Style) -> Line2D:
    return Line2D([], [], color=style[0], linestyle=style[1], linewidth=2.0)


def _shade() -> Patch:
    return Patch(facecolor="#EDEDED", edgecolor="#B3B3B3", hatch="////", linewidth=0.5)


def _draw_gap(axes: Axes, months: list[int], lines: Mapping[str, NDArray[np.float64]]) -> None:
    shade = _shade()
    axes.fill_between(
        months, lines["priority_indicator"], lines["rest_indicator"], facecolor=shade.get_facecolor(),
        edgecolor=shade.get_edgecolor(), hatch=shade.get_hatch(), linewidth=0,
    )  # fmt: skip
    for column, (colour, dashes) in GROUPS.items():
        axes.plot(months, lines[column], color=colour, linestyle=dashes, linewidth=2.0)


def _gap_in_words(arm: pd.DataFrame) -> str:
    """Mean and gap at the last month: never the one without the other."""
    mean = number(100 * float(values_of(arm, "indicator")[:, -1].mean()))
    gaps = 100 * (values_of(arm, "rest_indicator")[:, -1] - values_of(arm, "priority_indicator")[:, -1])
    if np.isnan(gaps).any():
        return f"at the end: mean {mean}, no other community to compare with"
    if len(gaps) == 1:
        return f"at the end: mean {mean}, gap {number(gaps[0])}"
    low, high = np.quantile(gaps, (0.1, 0.9))
    return f"at the end: mean {mean}, gap {number(gaps.mean())} ({number(low)} to {number(high)})"
