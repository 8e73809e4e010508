"""The wiring of a scenario: which lever depends on which, and who may work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import NDArray

from ci_sim.figures.links import Mandates, dependencies, lever_titles, mandates, wiring_in_words
from ci_sim.figures.page import (
    INK,
    LINE,
    MARGIN,
    QUIET,
    SMALL,
    WIDTH,
    caption_of,
    lay_apart,
    page,
    shorten,
    text_width,
    wrap,
)
from ci_sim.figures.trust import KINDS

if TYPE_CHECKING:
    from ci_sim.world import World

__all__ = ["wiring"]

RADIUS, ASIDE, HEIGHT = 165.0, 26.0, 390.0
"""Of the circle of levers, from it to the names, and the least height of both."""
FEW = 20
"""Levers up to which names have two lines, and a third for their links."""
ROW, COLUMN_NAMES, ROW_NAMES = 15.0, 108.0, 222.0
"""Height of a row of mandates, the most of the names above and the width of those beside them."""
THREAD = "#8C8C8C"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#7B3294", "#8C6D00")
"""Of arrows, lever by lever: to follow one; where it comes from is seen without."""
TINT = 0.28

Floats = NDArray[np.float64]


def wiring(world: World, *, note: str = "") -> Figure:
    """Levers on a circle with an arrow for each link, and below them the mandates of the organizations by sector.

    Parameters
    ----------
    world : its wiring and mandates are the scenario's own where it lists them, else those drawn in this world.
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    scenario, table = world.scenario, mandates(world)
    names, columns = _beside(world), _above(world)
    circle = max(HEIGHT, *(sum(map(_height, side)) for side in (names[: len(names) // 2], names[len(names) // 2 :])))
    above = max((text_width(line, SMALL) for name in columns for line in name), default=0.0)
    rows = len(table.labels) + (len(set(table.sectors)) + 1 if scenario.groups else 0)
    height = circle + above + rows * ROW + 4 * MARGIN
    drawn = "" if scenario.problem.wiring == "explicit" else f", as drawn in world {world.replication}"
    title = f"{scenario.title or scenario.name}: what depends on what, and who may work on it{drawn}"
    caption = caption_of(
        "An arrow runs from a lever to one whose outcome depends on it; a larger dot drives more levers. Numbers: "
        "organizations of a group that have the lever in their mandate.",
        wiring_in_words(world),
        note,
    )
    figure = page(title, caption, height + 2 * MARGIN)
    axes = figure.add_subplot()
    axes.axis("off")
    half = WIDTH / 2 - MARGIN
    axes.set(xlim=(-half, half), ylim=(-height, 0))
    _draw_circle(axes, dependencies(world), names, circle)
    _draw_mandates(axes, table, columns, -circle - 3 * MARGIN - above, grouped=bool(scenario.groups))
    return figure


def _beside(world: World) -> list[list[str]]:
    """Names of the levers beside the circle, line by line; with their links where there is room."""
    links, titles = dependencies(world), lever_titles(world.scenario)
    room = WIDTH / 2 - MARGIN - RADIUS - ASIDE
    if len(links) > FEW:
        return [[shorten(title, room, SMALL)] for title in titles]
    counts = zip(titles, links.sum(axis=1), links.sum(axis=0), strict=True)
    return [[*wrap(title, room, SMALL, most=2), f"depends on {on}, drives {of}"] for title, on, of in counts]


def _above(world: World) -> list[list[str]]:
    """Names of the levers above the mandates, line by line; none where columns are too narrow."""
    titles = lever_titles(world.scenario)
    column = (WIDTH - 2 * MARGIN - ROW_NAMES) / len(titles)
    if column < SMALL * LINE:
        return []
    return [wrap(title, COLUMN_NAMES, SMALL, most=2 if column >= 2.6 * SMALL else 1) for title in titles]


def _height(lines: list[str]) -> float:
    return (len(lines) + 0.25) * SMALL * LINE


def _draw_circle(axes: Axes, links: NDArray[np.bool_], names: list[list[str]], height: float) -> None:
    count = len(links)
    angles = 2 * np.pi * (np.arange(count) + 0.5) / count
    points = RADIUS * np.column_stack([np.sin(angles), np.cos(angles)]) - [0, height / 2]
    sizes = _sizes(links)
    for lever, other in np.argwhere(links):
        axes.add_patch(
            FancyArrowPatch(
                tuple(points[other]), tuple(points[lever]), connectionstyle="arc3,rad=0.16", arrowstyle="-|>",
                mutation_scale=8, linewidth=0.9, color=COLOURS[other % len(COLOURS)], alpha=0.85,
                shrinkA=np.sqrt(sizes[other]) / 2, shrinkB=np.sqrt(sizes[lever]) / 2 + 1, zorder=1,
            )
        )  # fmt: skip
    colours = [COLOURS[n % len(COLOURS)] for n in range(count)]
    axes.scatter(points[:, 0], points[:, 1], s=sizes, color=colours, edgecolor="white", linewidth=0.8, zorder=2)
    _name_levers(axes, points, names, height)


def _sizes(links: NDArray[np.bool_]) -> Floats:
    """Areas of the dots, smaller where many share the circle."""
    crowd = min(1.0, 16 / len(links))
    areas: Floats = crowd * (30 + 22 * links.sum(axis=0, dtype=np.float64))
    return areas


def _name_levers(axes: Axes, points: Floats, names: list[list[str]], height: float) -> None:
    """Names in a column on each side, moved apart, each tied to its dot by a thin line."""
    threads = []
    for side, at in ((1, "left"), (-1, "right")):
        here = [n for n in range(len(names)) if (points[n, 0] >= 0) == (side > 0)]
        placed = lay_apart([points[n, 1] for n in here], [_height(names[n]) for n in here], -height, 0)
        for n, centre in zip(here, placed, strict=True):
            x = side * (RADIUS + ASIDE)
            threads.append([tuple(points[n]), (x - side * 4, centre)])
            top = centre + len(names[n]) * SMALL * LINE / 2
            for number, line in enumerate(names[n]):
                colour = QUIET if line.startswith("depends on ") and number else INK
                _write(axes, x, top - (number + 0.5) * SMALL * LINE, line, ha=at, color=colour)
    axes.add_collection(LineCollection(threads, linewidths=0.6, colors=THREAD, zorder=0), autolim=False)


def _draw_mandates(axes: Axes, table: Mandates, names: list[list[str]], top: float, *, grouped: bool) -> None:
    """A row for each group under its sector's name, a column for each lever, and the sums; one row without groups."""
    left, right = -WIDTH / 2 + MARGIN + ROW_NAMES, WIDTH / 2 - MARGIN
    column = (right - left) / table.counts.shape[1]
    for n, lines in enumerate(names):
        style = {"ha": "center", "va": "bottom", "rotation": 90, "linespacing": 1.1}
        _write(axes, left + (n + 0.5) * column, top + 4, "\n".join(lines), **style)
    y, sector = top, ""
    for label, kind, counts in zip(table.labels, table.sectors, table.counts, strict=True):
        if kind != sector and grouped:
            sector = kind
            y -= ROW
            _write(axes, left - ROW_NAMES, y + ROW / 2, kind.capitalize(), ha="left", weight="bold")
        y -= ROW
        _row(axes, (left, y), column, label, counts, KINDS[kind][1])
    if grouped:
        _row(axes, (left, y - ROW), column, "All organizations", table.counts.sum(axis=0), THREAD)


def _row(
    axes: Axes, corner: tuple[float, float], column: float, label: str, counts: NDArray[np.int64], colour: str
) -> None:
    left, y = corner
    _write(axes, left - 6, y + ROW / 2, shorten(label, ROW_NAMES - 10, SMALL), ha="right")
    for n in np.flatnonzero(counts):
        x = left + n * column
        axes.add_patch(Rectangle((x + 0.75, y + 0.75), column - 1.5, ROW - 1.5, color=(colour, TINT), linewidth=0))
        if column >= SMALL * 2:
            _write(axes, x + column / 2, y + ROW / 2, str(counts[n]), ha="center")
    axes.plot([left, left + column * len(counts)], [y, y], color="#D9D9D9", linewidth=0.5, zorder=0)


def _write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    drawn = axes.text(
        x, y, text, **{"color": INK, "va": "center_baseline", "size": SMALL, "parse_math": False, **style}
    )
    drawn.set_in_layout(False)  # its room is reckoned with: the axes are as wide as the figure
