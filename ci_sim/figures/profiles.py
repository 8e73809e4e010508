"""Profiles: estimates with their intervals along one factor, a line per series, panels side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ci_sim.figures.marks import quiet, zero_line
from ci_sim.figures.page import INK, SMALL, WIDTH, Legend, caption_of, page, text_width, wrap
from ci_sim.figures.worlds import COLOURS, DASHES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["profiles"]

SHAPES = ("o", "s", "^", "D", "v", "P", "X")
BODY = 300.0
APART = 0.006
"""Between the marks of neighbouring series, in lengths of the axis, so that no interval hides another."""


def profiles(
    table: pd.DataFrame,
    *,
    x: str,
    series: str,
    title: str,
    axis: str,
    across: str,
    panel: str = "",
    names: Mapping[Any, str] | None = None,
    scale: float = 100.0,
    shared: bool = True,
    note: str = "",
) -> Figure:
    """Lines with intervals.

    Parameters
    ----------
    table : columns ``x``, ``series``, perhaps ``panel``, and ``estimate``, ``low``, ``high``.
    x : factor that runs across; its values stand at equal distances, in the order they come.
    series : column whose values have a line each.
    axis, across : labels of the upright axis and of the one across.
    panel : column whose values have a panel each.
    names : of values of ``series`` and ``panel``, for people.
    scale : what estimates are multiplied with.
    shared : whether all panels have one upright axis.
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    names = names or {}
    values, lines = list(dict.fromkeys(table[x])), list(dict.fromkeys(table[series]))
    heads = list(dict.fromkeys(table[panel])) if panel else [None]
    legend: Legend = [(_sample(n), str(names.get(line, line))) for n, line in enumerate(lines)]
    widest = max(text_width(text, SMALL) for _, text in legend) + 50
    caption = caption_of(_worlds(table) + "Marks: means; bars: 95 % intervals.", note)
    figure = page(title, caption, BODY, legend, max(1, int(WIDTH / widest)))
    panels: Sequence[Axes] = figure.subplots(1, len(heads), sharey=shared, squeeze=False)[0]
    for axes, head in zip(panels, heads, strict=True):
        shown = table if head is None else table[table[panel] == head]
        for number, line in enumerate(lines):
            shift = APART * (number - (len(lines) - 1) / 2) * len(values)
            _draw(axes, shown[shown[series] == line], x, values, number, shift, scale)
        if head is not None:
            room = WIDTH / len(heads) - 30
            text = "\n".join(wrap(str(names.get(head, head)), room, SMALL))
            axes.set_title(text, loc="left", size=SMALL, color=INK, parse_math=False)
        _dress(axes, values, across)
    for axes in panels if not shared else panels[:1]:
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    panels[0].set_ylabel(axis, color=INK)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, x: str, values: list[Any], number: int, shift: float, scale: float) -> None:
    places = np.array([values.index(value) for value in rows[x]], float) + shift
    order = np.argsort(places)
    estimate, low, high = (scale * rows[name].to_numpy(float)[order] for name in ("estimate", "low", "high"))
    colour, dashes = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    axes.plot(places[order], estimate, color=colour, linestyle=dashes, linewidth=1.5, zorder=3)
    axes.plot(places[order], estimate, SHAPES[number % len(SHAPES)], color=colour, markersize=5.5, zorder=4)
    axes.vlines(places[order], low, high, color=colour, linewidth=1.4, zorder=3)


def _sample(number: int) -> Line2D:
    colour, dashes = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    return Line2D([], [], color=colour, linestyle=dashes, marker=SHAPES[number % len(SHAPES)], markersize=5.5)


def _dress(axes: Axes, values: list[Any], across: str) -> None:
    labels = [f"{value:g}" if isinstance(value, int | float) else str(value) for value in values]
    axes.set_xticks(range(len(values)), labels, parse_math=False)
    axes.set_xlim(-0.4, len(values) - 0.6)
    axes.set_xlabel(across, color=INK)
    quiet(axes, grid="y")
    zero_line(axes)


def _worlds(table: pd.DataFrame) -> str:
    if "worlds" not in table:
        return ""
    fewest, most = int(table["worlds"].min()), int(table["worlds"].max())
    return f"{fewest:,} worlds at each point. " if fewest == most else f"{fewest:,} to {most:,} worlds at each point. "
