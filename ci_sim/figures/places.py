"""The map of programs: who serves nobody, who is served once, who is served twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from ci_sim.figures.page import INK, LINE, SMALL, WIDTH, caption_of, page, plain, shorten, text_width, wrap

if TYPE_CHECKING:
    from ci_sim.simulate import Trajectory

__all__ = ["coverage", "coverage_in_words"]

GAP, COVERED, DUPLICATED = "#FFFFFF", "#9BD0F0", "#D55E00"
"""Apart in lightness too, for those who see no colours and for print; black letters are legible on all."""
HATCHED = "#8C8C8C"
KINDS = ("gap: no program", "covered: one program", "duplicated: two or more programs")
LONGEST_NAME, TWO_LINES = 140.0, 105.0
"""Widths of a name on one line and on two."""
SMALLEST_BORDERED = 5.0
CORNERS = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
HIGHEST, LOWEST = 720.0, 110.0
"""Of the map."""


def coverage(trajectory: Trajectory, *, note: str = "") -> Figure:
    """How many programs serve each lever in each community at the horizon of a run: gaps, covered, duplicated.

    Parameters
    ----------
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    providers, world = trajectory.state.providers, trajectory.world
    n_communities, n_levers = providers.shape
    rows = [shorten(plain(name), LONGEST_NAME, SMALL) for name in world.scenario.community_names]
    row = max(LOWEST, min(HIGHEST, 17.0 * n_communities)) / n_communities
    column = (WIDTH - 50 - max(text_width(name, SMALL) for name in rows)) / n_levers
    columns, upright = _fit([name.replace("_", " ") for name in world.scenario.lever_names], column)
    names_below = max(text_width(line, SMALL) for line in "\n".join(columns).split("\n")) if upright else SMALL * LINE
    bordered = min(row, column) >= SMALLEST_BORDERED
    numbered = row >= SMALL * LINE and column >= text_width(str(providers.max()), SMALL) + 3
    caption = caption_of(("Numbers: programs at a place. " if numbered else "") + _in_words(providers), note)
    figure = page(_heading(trajectory), caption, row * n_communities + names_below + 45, _legend(hatched=bordered), 3)
    axes = figure.add_subplot()
    kinds = np.minimum(providers, 2)
    colours = ListedColormap([GAP, COVERED, DUPLICATED])
    axes.imshow(kinds, cmap=colours, vmin=-0.5, vmax=2.5, aspect="auto", interpolation="nearest")
    if bordered:
        _draw_borders(axes, kinds)
    if numbered:
        _write_numbers(axes, providers, row, column)
    _name(axes, rows, columns, row, column, upright)
    return figure


def coverage_in_words(trajectory: Trajectory) -> str:
    """What :func:`coverage` shows, for those who cannot see it."""
    return f"{_heading(trajectory)}. {_in_words(trajectory.state.providers)}"


def _fit(names: Sequence[str], column: float) -> tuple[list[str], bool]:
    """Names of columns as they are if they fit; else upright, on two lines where a column is wide enough."""
    if max(text_width(name, SMALL) for name in names) <= column - 4:
        return list(names), False
    if column >= 3 * SMALL:
        return ["\n".join(wrap(name, TWO_LINES, SMALL, most=2)) for name in names], True
    return [shorten(name, LONGEST_NAME, SMALL) for name in names], True


def _heading(trajectory: Trajectory) -> str:
    arm, world = trajectory.arm, trajectory.world
    return f"Programs after {world.scenario.horizon.months} months: {arm.title or arm.name}, world {world.replication}"


def _in_words(providers: NDArray[np.int64]) -> str:
    n_communities, n_levers = providers.shape
    counts = (providers == 0).sum(), (providers == 1).sum(), (providers > 1).sum()
    gaps, covered, duplicated = (f"{count:,} ({count / providers.size:.0%})" for count in counts)
    communities = "1 community" if n_communities == 1 else f"{n_communities:,} communities"
    return (
        f"{providers.size:,} places ({communities} \u00d7 {n_levers} levers): {gaps} gaps, {covered} covered once, "
        f"{duplicated} duplicated. One run, one possible history."
    )


def _legend(*, hatched: bool) -> list[tuple[Patch, str]]:
    looks = ((GAP, "////" if hatched else ""), (COVERED, ""), (DUPLICATED, ""))
    return [
        (Patch(facecolor=colour, edgecolor=HATCHED, hatch=hatch, linewidth=0.6), words)
        for (colour, hatch), words in zip(looks, KINDS, strict=True)
    ]


def _draw_borders(axes: Axes, kinds: NDArray[np.int64]) -> None:
    """Borders between cells, and hatches over the gaps, which white alone would not show."""
    n_communities, n_levers = kinds.shape
    axes.hlines(np.arange(1, n_communities) - 0.5, -0.5, n_levers - 0.5, color="white", linewidth=1.0)
    axes.vlines(np.arange(1, n_levers) - 0.5, -0.5, n_communities - 0.5, color="white", linewidth=1.0)
    gaps = [place + 0.45 * CORNERS for place in np.argwhere(kinds == 0)[:, ::-1]]
    axes.add_collection(
        PolyCollection(gaps, facecolor="none", edgecolor=HATCHED, hatch="////", linewidth=0.6), autolim=False
    )


def _write_numbers(axes: Axes, providers: NDArray[np.int64], row: float, column: float) -> None:
    """Each number once, as a marker at all the places that have it: a text for every cell would take seconds."""
    half = np.minimum(0.7 * SMALL / np.array([column, row]), 0.42)
    plates = [place + half * CORNERS for place in np.argwhere(providers == 0)[:, ::-1]]
    axes.add_collection(PolyCollection(plates, facecolor="white", linewidth=0), autolim=False)
    for count in np.unique(providers):
        outline = TextPath((0, 0), str(count), size=SMALL)
        box = outline.get_extents()
        centred = outline.vertices - ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        communities, levers = np.nonzero(providers == count)
        # A marker is scaled so that its farthest point lies half of the root of its size away.
        size = (2 * np.abs(centred).max()) ** 2
        axes.scatter(levers, communities, s=size, marker=Path(centred, outline.codes), color=INK, linewidth=0)


def _name(axes: Axes, rows: Sequence[str], columns: Sequence[str], row: float, column: float, upright: bool) -> None:
    """Names of rows and columns, of every n-th where there is no room for all."""
    every_row, every_column = (int(np.ceil(SMALL * LINE / side)) for side in (row, column))
    every_column = every_column if upright else 1
    shown = range(0, len(rows), every_row)
    axes.set_yticks(shown, [rows[n] for n in shown], size=SMALL, color=INK, parse_math=False)
    shown = range(0, len(columns), every_column)
    labels = [columns[n] for n in shown]
    axes.set_xticks(shown, labels, size=SMALL, color=INK, parse_math=False, rotation=90 if upright else 0)
    axes.set_ylabel("Community" + (f" (one in {every_row} named)" if every_row > 1 else ""), color=INK)
    axes.set_xlabel("Lever" + (f" (one in {every_column} named)" if every_column > 1 else ""), color=INK)
    axes.tick_params(length=0 if max(every_row, every_column) == 1 else 3)
    axes.spines[:].set_visible(False)
