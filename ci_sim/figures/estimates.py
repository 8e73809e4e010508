"""Estimates with their intervals, a row each: as dots or bars, grey and hollow where they may as well be zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ci_sim.figures.page import INK, LINE, QUIET, SMALL, WIDTH, Legend, caption_of, page, text_width, wrap

if TYPE_CHECKING:
    from ci_sim.analysis.intervals import Interval

__all__ = ["CLEAR", "ROW", "UNCLEAR", "Row", "bar_look", "draw_rows", "head", "legend_of", "rows_page", "spread_out"]

CLEAR, UNCLEAR = "#0072B2", "#8C8C8C"
ROW = 17.0
"""Height of a row."""
MOST_ROWS, MOST_PANELS = 60, 5
LABELS = 230.0
"""Width of the labels of rows, at most."""
BELOW = 46.0
"""Axis with its label."""


class Row(NamedTuple):
    """An estimate: its label, interval, whether it is clear of zero, and the band of most worlds where there is one."""

    label: str
    interval: Interval
    clear: bool
    band: tuple[float, float] | None = None


def spread_out(points: Sequence[int], most: int = MOST_PANELS) -> list[int]:
    """As many of the points as are shown, evenly, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    return [points[round(n)] for n in np.linspace(0, len(points) - 1, most)]


def rows_page(
    panels: Mapping[str, Sequence[Row]],
    *,
    title: str,
    axis: str,
    caption: str,
    bars: bool = False,
    zero: str = "not distinguishable from zero",
) -> tuple[Figure, list[Axes]]:
    """A page of panels side by side, whose rows have the same labels.

    Parameters
    ----------
    panels : rows by the panel's head.
    axis : label of the axis all panels share.
    zero : what grey stands for, in the legend.
    """
    rows = next(iter(panels.values()))
    shown = {name: list(each)[:MOST_ROWS] for name, each in panels.items()}
    more = f"Not shown: {len(rows) - MOST_ROWS} further rows of the table." if len(rows) > MOST_ROWS else ""
    labels = ["\n".join(wrap(row.label, LABELS, SMALL)) for row in rows[:MOST_ROWS]]
    lines = max(label.count("\n") + 1 for label in labels)
    left = max(text_width(line, SMALL) for label in labels for line in label.split("\n"))
    width = (WIDTH - left - 40) / len(panels) - 16
    heads = {name: wrap(name, width, SMALL) for name in panels}
    above = max(len(each) for each in heads.values()) * SMALL * LINE
    height = max(ROW, lines * SMALL * LINE + 3) * len(labels) + BELOW + above
    legend = legend_of([row for each in shown.values() for row in each], bars, zero)
    figure = page(title, caption_of(caption, more), height, legend, len(legend))
    figure.supxlabel(axis, size=SMALL + 1, color=INK)
    axes = list(figure.subplots(1, len(panels), sharey=True, sharex=True, squeeze=False).ravel())
    for one, (name, each) in zip(axes, shown.items(), strict=True):
        draw_rows(one, each, bars=bars)
        head(one, heads[name])
    axes[0].set_yticks(range(len(labels)), labels, parse_math=False)
    axes[0].set_ylim(len(labels) - 0.4, -0.6)
    return figure, axes


def head(axes: Axes, lines: Sequence[str]) -> None:
    """The head of a panel, above it at the left."""
    axes.set_title("\n".join(lines), loc="left", size=SMALL, color=INK, linespacing=1.2, parse_math=False)


def draw_rows(axes: Axes, rows: Sequence[Row], *, bars: bool) -> None:
    """The rows from top to bottom, and a line at zero."""
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for y, (_, interval, clear, band) in enumerate(rows):
        colour = CLEAR if clear else UNCLEAR
        if np.isnan(interval.estimate):
            continue
        if band is not None:
            axes.plot(band, (y, y), color=colour, linewidth=6, alpha=0.25, solid_capstyle="butt", zorder=2)
        if bars:
            axes.barh(y, interval.estimate, height=0.6, zorder=2, **bar_look(colour if clear else None))
        if not np.isnan(interval.low):
            axes.plot(interval[1:], (y, y), color=INK if bars else colour, linewidth=1.6, zorder=3)
        if not bars:
            axes.plot(interval.estimate, y, "o", color=colour, mfc=colour if clear else "white", ms=5.5, zorder=4)
    axes.grid(axis="x", color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=QUIET)
    axes.tick_params(axis="y", length=0)


def bar_look(colour: str | None, edge: str | None = None) -> dict[str, Any]:
    """How a bar is filled; without a colour, as one that may as well be zero: grey and hatched."""
    if colour is None:
        return {"facecolor": "#EDEDED", "edgecolor": UNCLEAR, "hatch": "////"}
    return {"facecolor": colour, "edgecolor": edge or colour}


def legend_of(rows: Sequence[Row], bars: bool, zero: str) -> Legend:
    """What is drawn, of that only which occurs."""
    found: list[tuple[Line2D | Patch, str]] = []
    for clear, text in ((True, "estimate"), (False, f"estimate {zero}")):
        if not any(row.clear == clear for row in rows):
            continue
        colour = CLEAR if clear else UNCLEAR
        if bars:
            found.append((Patch(**bar_look(colour if clear else None)), text))
        else:
            mark = Line2D([], [], color=colour, marker="o", markerfacecolor=colour if clear else "white", linestyle="")
            found.append((mark, text))
    if any(not np.isnan(row.interval.low) for row in rows):
        found.append((Line2D([], [], color=INK if bars else QUIET, linewidth=1.6), "95 % interval"))
    if any(row.band is not None for row in rows):
        found.append((Line2D([], [], color=QUIET, linewidth=6, alpha=0.4), "8 of 10 worlds"))
    return found
