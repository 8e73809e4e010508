"""Estimates with their intervals, a row each: as dots or bars, grey and hollow where they may as well be zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ci_sim.analysis.response import Scale, scale_of
from ci_sim.figures.page import INK, LINE, QUIET, SMALL, WIDTH, Legend, caption_of, page, text_width, wrap

if TYPE_CHECKING:
    import pandas as pd

    from ci_sim.analysis.intervals import Interval

__all__ = [
    "CLEAR", "UNCLEAR", "Row", "bar_look", "draw_interval", "few_points", "plain_axes", "rows_page", "scale_of_table",
    "spread_out", "ticks_in_view",
]  # fmt: skip

CLEAR, UNCLEAR = "#0072B2", "#8C8C8C"
ROW = 17.0
"""Height of a row."""
MOST_ROWS, MOST_PANELS = 60, 5
SOME_POINTS = 30
"""Points shown where there are more than rows on a page."""
LABELS, LABELS_ALONE = 230.0, 330.0
"""Width of the labels of rows, at most; of one panel that stands alone."""
BELOW = 32.0
"""The axis, without its label."""
MEANING = ("estimate", "estimate not distinguishable from zero")


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


def few_points(table: pd.DataFrame, by: str, what: str) -> tuple[pd.DataFrame, str]:
    """A table with all its points, or with some of them from the largest value to the smallest; and how it was chosen.

    Parameters
    ----------
    table : rows by ``point``; where a point has several, its last one is its place in the order.
    by, what : the column that orders the points, and what to call it.
    """
    order = table.groupby("point")[by].last().sort_values(ascending=False, kind="stable").index.tolist()
    if len(order) <= MOST_ROWS:
        return table, ""
    shown = spread_out(order, SOME_POINTS)
    place = {point: nth for nth, point in enumerate(shown)}
    some = table[table["point"].isin(shown)].sort_values("point", key=lambda points: points.map(place), kind="stable")
    return some, f"Shown: {len(shown)} of {len(order):,} points, spread evenly over {what}, the largest first."


def scale_of_table(table: pd.DataFrame) -> Scale:
    """How the values of a finding's table are said: that of the outcome it is about."""
    return scale_of(str(table["outcome"].iloc[0]))


def rows_page(
    panels: Mapping[str, Sequence[Row]],
    *,
    title: str,
    axis: str,
    caption: str,
    bars: bool = False,
    meaning: tuple[str, str] = MEANING,
    own_scales: bool = False,
) -> tuple[Figure, list[Axes]]:
    """A page of panels side by side, whose rows have the same labels.

    Parameters
    ----------
    panels : rows by the panel's head.
    axis : label of every panel's axis.
    meaning : of colour and of grey, in the legend.
    own_scales : whether every panel has a scale of its own.
    """
    rows = next(iter(panels.values()))
    shown = {name: list(each)[:MOST_ROWS] for name, each in panels.items()}
    more = f"Not shown: {len(rows) - MOST_ROWS} further rows of the table." if len(rows) > MOST_ROWS else ""
    labels = [
        "\n".join(wrap(row.label, LABELS if len(panels) > 1 else LABELS_ALONE, SMALL)) for row in rows[:MOST_ROWS]
    ]
    lines = max(label.count("\n") + 1 for label in labels)
    left = max(text_width(line, SMALL) for label in labels for line in label.split("\n"))
    width = (WIDTH - left - 40) / len(panels) - 16
    heads = {name: wrap(name, width, SMALL) for name in panels}
    below = wrap(axis, width, SMALL + 1)
    above = max(len(each) for each in heads.values()) * SMALL * LINE
    height = max(ROW, lines * SMALL * LINE + 3) * len(labels) + BELOW + above + len(below) * (SMALL + 1) * LINE
    legend = _legend([row for each in shown.values() for row in each], bars, meaning)
    figure = page(title, caption_of(caption, more), height, legend, len(legend))
    axes = list(figure.subplots(1, len(panels), sharey=True, sharex=not own_scales, squeeze=False).ravel())
    for one, (name, each) in zip(axes, shown.items(), strict=True):
        _draw_rows(one, each, bars=bars)
        plain_axes(one)
        _head(one, heads[name])
        one.set_xlabel("\n".join(below), color=INK, size=SMALL + 1, parse_math=False)
    for one in axes if own_scales else axes[:1]:
        ticks_in_view(one, max(2, min(8, int(width / 32))))
    axes[0].set_yticks(range(len(labels)), labels, parse_math=False)
    axes[0].set_ylim(len(labels) - 0.4, -0.6)
    return figure, axes


def _head(axes: Axes, lines: Sequence[str]) -> None:
    """The head of a panel, above it at the left."""
    axes.set_title("\n".join(lines), loc="left", size=SMALL, color=INK, linespacing=1.2, parse_math=False)


def _draw_rows(axes: Axes, rows: Sequence[Row], *, bars: bool) -> None:
    """The rows from top to bottom."""
    for y, (_, interval, clear, band) in enumerate(rows):
        colour = CLEAR if clear else UNCLEAR
        if np.isnan(interval.estimate):
            continue
        if band is not None:
            axes.plot(band, (y, y), color=colour, linewidth=6, alpha=0.25, solid_capstyle="butt", zorder=2)
        if bars:
            axes.barh(y, interval.estimate, height=0.6, zorder=2, **bar_look(colour if clear else None))
        if not np.isnan(interval.low):
            draw_interval(axes, interval, y, INK if bars else colour)
        if not bars:
            axes.plot(interval.estimate, y, "o", color=colour, mfc=colour if clear else "white", ms=5.5, zorder=4)


def plain_axes(axes: Axes) -> None:
    """A line at zero, a faint grid, and no more of a frame than the axis itself."""
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.grid(axis="x", color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=QUIET)
    axes.tick_params(axis="y", length=0)


def ticks_in_view(axes: Axes, most: int = 8) -> None:
    """Few ticks, and none beyond the ends of the axis."""
    axes.locator_params(axis="x", nbins=most)
    low, high = axes.get_xlim()
    axes.set_xticks([tick for tick in axes.get_xticks() if low <= tick <= high])
    axes.set_xlim(low, high)


def draw_interval(axes: Axes, interval: Interval, y: float, colour: str = INK) -> None:
    """The interval as a line, set off in white from what is behind."""
    for width, paint in ((4.0, "white"), (1.6, colour)):
        axes.plot(interval[1:], (y, y), color=paint, linewidth=width, solid_capstyle="butt", zorder=3)


def bar_look(colour: str | None, edge: str | None = None) -> dict[str, Any]:
    """How a bar is filled; without a colour, as one that may as well be zero: grey and hatched."""
    if colour is None:
        return {"facecolor": "#EDEDED", "edgecolor": UNCLEAR, "hatch": "////"}
    return {"facecolor": colour, "edgecolor": edge or colour}


def _legend(rows: Sequence[Row], bars: bool, meaning: tuple[str, str]) -> Legend:
    """What is drawn, of that only which occurs."""
    found: list[tuple[Line2D | Patch, str]] = []
    for clear, text in zip((True, False), meaning, strict=True):
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
