"""Regret of many alternatives, from the best to the worst, and the set that cannot be told apart from the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ci_sim.figures.marks import quiet, zero_line
from ci_sim.figures.page import INK, Legend, caption_of, page
from ci_sim.figures.profiles import SHAPES
from ci_sim.figures.worlds import COLOURS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["regret"]


def regret(
    table: pd.DataFrame,
    kinds: Sequence[str],
    *,
    title: str,
    axis: str,
    across: str,
    scale: float = 100.0,
    note: str = "",
) -> Figure:
    """A mark with its interval for each alternative.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.regret.regret`, the best first, with a column ``kind``.
    kinds : in the order of the legend; each has a shape and a colour.
    scale : what regrets are multiplied with.
    """
    used = [*COLOURS[1:], COLOURS[0]]
    legend: Legend = [
        (Line2D([], [], linestyle="", marker=SHAPES[n], color=used[n], markersize=6), kind)
        for n, kind in enumerate(kinds)
    ]
    size = int(table["in_best_set"].sum())
    shade = Patch(facecolor="#E3E3E3", edgecolor="none")
    legend = [*legend, (shade, f"not distinguishable from the best: {size} of {len(table)}")]
    figure = page(title, caption_of("Bars: 95 % intervals of the paired difference to the best.", note), 320, legend, 3)
    axes = figure.add_subplot()
    for place in table.index[table["in_best_set"]]:
        axes.axvspan(place + 0.5, place + 1.5, color="#E3E3E3", linewidth=0, zorder=0)
    for n, kind in enumerate(kinds):
        rows = table[table["kind"] == kind]
        low, middle, high = (scale * rows[name] for name in ("regret_low", "regret", "regret_high"))
        axes.vlines(rows.index + 1, low, high, color=used[n], linewidth=1.0, zorder=2)
        axes.plot(rows.index + 1, middle, SHAPES[n], color=used[n], markersize=4.5, linestyle="", zorder=3)
    axes.set_xlim(0.5, len(table) + 0.5)
    axes.set_ylabel(axis, color=INK)
    axes.set_xlabel(across, color=INK)
    quiet(axes, grid="y")
    zero_line(axes)
    return figure
