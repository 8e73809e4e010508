"""Estimates over a factor: a line with its intervals for each of a few things, where a panel per point is too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ci_sim.analysis.response import factor_name
from ci_sim.analysis.words import factor_axis
from ci_sim.figures.page import INK, QUIET, SMALL, page
from ci_sim.figures.worlds import arm_style

__all__ = ["lines_over_factor", "only_factor"]

MARKS = "osD^v"


def only_factor(table: pd.DataFrame) -> str:
    """The one factor that varies between the points of a table, where it is one and a number; otherwise empty.

    Parameters
    ----------
    table : with the factors' columns between ``point`` and ``label``.
    """
    columns = list(table.columns)
    factors = columns[columns.index("point") + 1 : columns.index("label")]
    varying = [key for key in factors if len(table[key].unique()) > 1]
    numeric = len(varying) == 1 and pd.api.types.is_numeric_dtype(table[varying[0]])
    return str(varying[0]) if numeric else ""


def lines_over_factor(
    series: Mapping[str, pd.DataFrame], factor: str, value: str, times: float, *, title: str, axis: str, caption: str
) -> Figure:
    """Lines over the values of a factor, each with the 95 % interval at every value.

    Parameters
    ----------
    series : rows by name, with the factor's column and ``value``, ``value_low``, ``value_high``; ten at most.
    times : what values are multiplied with.
    axis : label of the vertical axis.
    """
    names = list(series)
    legend = [(Line2D([], [], **_look(name, names)), name) for name in names]
    figure = page(title, caption, 330, legend, 3)
    axes = figure.add_subplot()
    axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
    for name, rows in series.items():
        ordered = rows.sort_values(factor)
        x, y = ordered[factor], times * ordered[value]
        axes.plot(x, y, **_look(name, names))
        ends = times * ordered[f"{value}_low"], times * ordered[f"{value}_high"]
        axes.vlines(x, *ends, color=arm_style(name, {}, names)[0], linewidth=1.2)
    every = sorted(next(iter(series.values()))[factor].unique())
    axes.set_xticks(every if len(every) <= 14 else every[:: -(-len(every) // 14)])
    axes.set_xlabel(factor_axis(factor, factor_name(factor).capitalize()), color=INK)
    axes.set_ylabel(axis, color=INK)
    low, high = axes.get_ylim()
    axes.set_yticks([tick for tick in axes.get_yticks() if low <= tick <= high])
    axes.set_ylim(low, high)
    axes.grid(axis="y", color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=QUIET)
    return figure


def _look(name: str, names: Sequence[str]) -> dict[str, Any]:
    """Colour, dashes and mark: any two of ten lines differ in more than one of them."""
    colour, dashes = arm_style(name, {}, names)
    mark = MARKS[names.index(name) % len(MARKS)]
    return {"color": colour, "linestyle": dashes, "marker": mark, "markersize": 5, "linewidth": 1.6}
