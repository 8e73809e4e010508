"""Estimates along the levels of something that is set: a panel for each measure, the best levels filled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ci_sim.analysis.intervals import Interval
from ci_sim.figures.marks import quiet, zero_line
from ci_sim.figures.page import INK, QUIET, SMALL, WIDTH, Legend, caption_of, page, wrap

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["levels"]

COLOUR = "#0072B2"
MARKED = ("cannot be told from the best", "behind the best by more than chance")


def levels(
    table: pd.DataFrame,
    panels: Mapping[str, str],
    *,
    level: str,
    axis: str,
    title: str,
    own: float | None = None,
    unranked: Collection[str] = (),
    sentence: str = "",
    note: str = "",
) -> Figure:
    """Estimates by level.

    Parameters
    ----------
    table : a row per level: ``level``, ``in_best_set`` and, for each panel, an interval, drawn times 100.
    panels : label of the axis upwards, by the column of the estimate.
    level, axis : column of the level, and the label of its axis.
    own : the scenario's own level.
    unranked : panels whose values say nothing of which level is best: grey, without that mark.
    """
    legend: Legend = [
        (Line2D([], [], color=COLOUR, marker="o", mfc=COLOUR, linestyle=""), MARKED[0]),
        (Line2D([], [], color=COLOUR, marker="o", mfc="white", linestyle=""), MARKED[1]),
        (Line2D([], [], color=COLOUR, linewidth=1.6), "95 % interval"),
        (Line2D([], [], color=QUIET, linewidth=0.9, linestyle=(0, (4, 3))), "as in the scenario"),
    ]
    figure = page(title, caption_of(sentence, note), 290, legend[: 3 if own is None else 4], 4)
    room = WIDTH / len(panels) - 70
    for axes, (column, name) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        for _, row in table.dropna(subset=[column]).iterrows():
            at, value = float(row[level]), Interval(*(100 * bound for bound in Interval.of(row, column)))
            colour, shape = (QUIET, "D") if column in unranked else (COLOUR, "o")
            axes.plot([at, at], value[1:], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
            face = colour if row["in_best_set"] or column in unranked else "white"
            axes.plot(at, value.estimate, shape, color=colour, mfc=face, ms=5.5, zorder=3)
        if own is not None:
            axes.axvline(own, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        zero_line(axes)
        axes.set_xlabel("\n".join(wrap(axis, room, SMALL + 1)), color=INK)
        axes.set_title("\n".join(wrap(name, room, SMALL + 1)), loc="left", size=SMALL + 1, color=INK)
        quiet(axes, grid="y")
    return figure
