"""Scenario discovery: the box among the points, and what else there was to choose between coverage and density."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from ci_sim.analysis.discovery import SIGNIFICANT, describe
from ci_sim.analysis.words import factor_axis
from ci_sim.figures.marks import quiet
from ci_sim.figures.page import INK, QUIET, SMALL, caption_of, page

if TYPE_CHECKING:
    from ci_sim.analysis.discovery import Discovery
    from ci_sim.analysis.prim import Limits

__all__ = ["scenario_discovery"]

OPEN = (-math.inf, math.inf)
CASE, OTHER = "#D55E00", "#0072B2"
BOX: dict[str, Any] = {"facecolor": "#F8D3B8", "alpha": 0.45, "edgecolor": INK, "linewidth": 1.4}


def scenario_discovery(found: Discovery, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Cases and other points over the two most restricted factors, with the box; beside it the trade-off.

    Parameters
    ----------
    sentence : for the caption, by default of :func:`ci_sim.analysis.discovery.describe`.
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    nothing = "No box was found that chance would not give as well." if found.chance > SIGNIFICANT else ""
    hidden = len(found.box.limits) - 2 if found.box else 0
    more = f"{hidden} more restricted factor{'s are' if hidden > 1 else ' is'} not drawn." if hidden > 0 else ""
    how = (
        "Right: the boxes of patient rule induction, from all points (lower right) to ever smaller ones; the star: the "
        "chosen one without the restrictions that may be chance."
    )
    figure = page(
        title,
        caption_of(sentence or describe(found) or nothing, how if found.box else "", more, note),
        330,
        _legend(found),
        4,
    )
    scatter, trade_off = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_points(scatter, found)
    _draw_trade_off(trade_off, found)
    return figure


def _legend(found: Discovery) -> list[tuple[Any, str]]:
    entries: list[tuple[Any, str]] = [
        (_dot("^", CASE, CASE), "such a case"),
        (_dot("o", OTHER, "white"), "other point"),
    ]
    if found.box is not None:
        entries += [(Rectangle((0, 0), 1, 1, **BOX), "box"), (_dot("*", INK, CASE, 11), "chosen box")]
    return entries


def _dot(shape: str, colour: str, face: str, size: float = 6) -> Line2D:
    return Line2D([], [], linestyle="", marker=shape, color=colour, markerfacecolor=face, markersize=size)


def _most_restricted(found: Discovery) -> list[str]:
    """Two factors: those whose limits leave out most points, then any others."""
    limits = found.box.limits if found.box else {}
    kept = {factor: np.count_nonzero(_inside(found.x[factor], limit)) for factor, limit in limits.items()}
    order = [*sorted(kept, key=lambda factor: kept[factor]), *(factor for factor in found.x if factor not in kept)]
    return (order + order)[:2]


def _inside(values: NDArray[Any], limits: Limits) -> NDArray[np.bool_]:
    if isinstance(limits, frozenset):
        return np.isin(values.astype(str), sorted(limits))
    return np.asarray((values >= limits[0]) & (values <= limits[1]))


class _Side(NamedTuple):
    """One factor as a side of the picture: where the points stand, the box, the whole, and words for ticks."""

    points: NDArray[np.float64]
    box: tuple[float, float]
    whole: tuple[float, float]
    words: list[str]


def _side(found: Discovery, factor: str, jitter: NDArray[np.float64]) -> _Side:
    values: NDArray[Any] = found.x[factor]
    limits: Limits = found.box.limits.get(factor, OPEN) if found.box else OPEN
    words: list[str] = []
    if values.dtype.kind not in "iuf":
        words = sorted(set(values), key=lambda word: (isinstance(limits, frozenset) and word not in limits, word))
        values = np.array([words.index(value) for value in values])
        limits = (0, len(limits) - 1) if isinstance(limits, frozenset) else OPEN
    assert not isinstance(limits, frozenset)
    room = 0.02 * float(np.ptp(values)) or 0.5
    if values.dtype.kind in "iu":  # points at the same whole number would hide one another
        values, limits, room = values + jitter, (limits[0] - 0.5, limits[1] + 0.5), 0.2
    low, high = float(values.min()) - room, float(values.max()) + room
    return _Side(values, (max(low, limits[0]), min(high, limits[1])), (low, high), words)


def _draw_points(axes: Axes, found: Discovery) -> None:
    names, draw = _most_restricted(found), np.random.default_rng(0)
    across, up = (_side(found, name, draw.uniform(-0.3, 0.3, len(found.cases))) for name in names)
    for chosen, shape, colour, face in ((~found.cases, "o", OTHER, "white"), (found.cases, "^", CASE, CASE)):
        x, y = across.points[chosen], up.points[chosen]
        axes.scatter(x, y, s=22, marker=shape, facecolor=face, edgecolor=colour, linewidth=0.9)
    if found.box is not None:
        (left, right), (bottom, top) = across.box, up.box
        axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, zorder=0.5, **BOX))
    axes.set(xlim=across.whole, ylim=up.whole)
    if across.words:
        axes.set_xticks(range(len(across.words)), across.words)
    if up.words:
        axes.set_yticks(range(len(up.words)), up.words)
    axes.set_xlabel(factor_axis(names[0]), color=INK)
    axes.set_ylabel(factor_axis(names[1]), color=INK)
    quiet(axes)


def _draw_trade_off(axes: Axes, found: Discovery) -> None:
    coverage = [100 * box.coverage for box in found.trajectory]
    density = [100 * box.density for box in found.trajectory]
    axes.plot(coverage, density, color=QUIET, linewidth=1.0, marker="o", markersize=3.5)
    if found.box is not None:
        at = (100 * found.box.coverage, 100 * found.box.density)
        axes.plot(*at, marker="*", markersize=13, color=CASE, markeredgecolor=INK, linestyle="")
    axes.set(xlim=(-3, 103), ylim=(-3, 103))
    axes.set_xlabel("Coverage (% of all cases in the box)", size=SMALL + 1, color=INK)
    axes.set_ylabel("Density (% of the box that are cases)", size=SMALL + 1, color=INK)
    quiet(axes, grid="y")
