"""Marks for what an interval says - above zero, below it, or neither - and axes that keep to the background."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from ci_sim.figures.page import INK, QUIET, SMALL

__all__ = ["MARKS", "Mark", "key_of", "quiet", "zero_line"]


class Mark(NamedTuple):
    """A shape, its colour, the colour inside it, the tint of an area, and a sign that stands for all of them."""

    shape: str
    colour: str
    face: str
    tint: str
    sign: str


MARKS = {
    1: Mark("^", "#0072B2", "#0072B2", "#BFDDF0", "+"),
    0: Mark("o", "#595959", "white", "#F0F0F0", "?"),
    -1: Mark("v", "#D55E00", "#D55E00", "#F8D3B8", "\u2212"),
}
"""By :func:`ci_sim.analysis.points.standing`. Shapes and signs differ as well as colours."""


def key_of(standing: int) -> Line2D:
    """A mark for the legend."""
    mark = MARKS[standing]
    return Line2D([], [], linestyle="", marker=mark.shape, markersize=7, color=mark.colour, markerfacecolor=mark.face)


def quiet(axes: Axes, *, grid: str = "") -> None:
    """No frame above and to the right, small letters, no ticks beyond the ends, lines in the direction asked for.

    To be called when the ends of the axes stand.
    """
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=QUIET)
    if grid in ("x", "y"):
        axes.grid(axis=grid, color="#D9D9D9", linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    for axis in (axes.xaxis, axes.yaxis):
        if not isinstance(axis.get_major_locator(), FixedLocator):
            low, high = sorted(axis.get_view_interval())
            axis.set_ticks([tick for tick in axis.get_majorticklocs() if low <= tick <= high])


def zero_line(axes: Axes, *, upright: bool = False) -> None:
    """Where there is no difference."""
    (axes.axvline if upright else axes.axhline)(0, color=INK, linewidth=0.9, zorder=1)
