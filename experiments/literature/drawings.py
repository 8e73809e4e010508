"""Figures of the page: rows and courses in, a matplotlib ``Figure`` out; no two lines differ in colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ci_sim.figures.page import INK, QUIET, SMALL, page
from ci_sim.figures.worlds import arm_style
from experiments.literature import kauffman, lazer_friedman, levinthal
from experiments.literature.rows import Row

__all__ = ["forms", "networks", "optima"]

LIMIT = "Artificial problems and agents: nothing here is measured in the world."
OURS: dict[str, Any] = {"markersize": 5, "color": "#0072B2"}
PUBLISHED: dict[str, Any] = {
    "marker": "D",
    "markersize": 9,
    "color": INK,
    "markerfacecolor": "none",
    "linestyle": "",
}


def optima(rows: Sequence[Row]) -> Figure:
    """Mean performance of local optima against K, here and as published."""
    legend = [
        (Line2D([], [], **OURS, marker="o", linestyle="-"), "here, N = 16"),
        (Line2D([], [], **OURS, marker="s", linestyle=":"), "here, N = 48"),
        (Line2D([], [], **PUBLISHED), "published"),
    ]
    caption = f"Means over landscapes, 50 walks each, with 95 % intervals.\n{LIMIT}"
    figure = page("Local optima on which random adaptive walks end", caption, 290, legend, 3)
    axes = figure.add_subplot()
    for n, marker, dashes in ((16, "o", "-"), (48, "s", ":")):
        ks = [k for size, k in kauffman.PUBLISHED if size == n]
        ours = [one for one in rows if one.quantity.startswith(f"N = {n},")]
        errors = [[r.estimate - r.low for r in ours], [r.high - r.estimate for r in ours]]
        axes.errorbar(ks, [r.estimate for r in ours], yerr=errors, **OURS, marker=marker, linestyle=dashes, capsize=3)
        axes.plot(ks, [r.published_low for r in ours], **PUBLISHED)
    _plain(axes, "Partners of a lever, K", "Performance F of local optima (0 to 1)")
    return figure


def networks(rows: Sequence[Row], course: pd.DataFrame) -> Figure:
    """Scores round by round, and in how many worlds each network ends above the full one."""
    names = list(lazer_friedman.NETWORKS)
    styles = {name: arm_style(name, {}, names) for name in names}
    legend = [(Line2D([], [], color=c, linestyle=d, linewidth=2.0), name) for name, (c, d) in styles.items()]
    worlds = rows[0].worlds
    caption = (
        f"Left: mean over {worlds:,} landscapes. Right: dot and bar: here, with 95 % interval; diamond: published; a "
        f"tie is no win.\n{LIMIT}"
    )
    figure = page("Who sees whom: networks of a hundred agents on one problem", caption, 300, legend, 5)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    for name, (colour, dashes) in styles.items():
        left.plot(course["round"], course[name], color=colour, linestyle=dashes, linewidth=2.0)
    left.set(xlim=(0, 100), ylim=(0, 1))
    _plain(left, "Round", "Score, (F / maximum)^8, mean of agents")
    for place, (name, ours) in enumerate(zip(lazer_friedman.PUBLISHED, rows, strict=False)):
        bar = [[ours.estimate - ours.low], [ours.high - ours.estimate]]
        right.errorbar(ours.estimate, -place, xerr=bar, marker="o", markersize=5, color=styles[name][0], capsize=3)
        right.plot(ours.published_low, -place, **PUBLISHED)
    right.set_yticks(range(0, -len(lazer_friedman.PUBLISHED), -1), list(lazer_friedman.PUBLISHED))
    right.set(xlim=(0, 1000), ylim=(-len(lazer_friedman.PUBLISHED) + 0.5, 0.5))
    _plain(right, "Worlds of 1,000 won against full", "")
    return figure


def forms(rows: Sequence[Row], course: pd.DataFrame) -> Figure:
    """Different organizational forms, period by period."""
    names = [f"K = {k}" for k in levinthal.PUBLISHED]
    styles = {name: arm_style(name, {}, names) for name in names}
    legend = [(Line2D([], [], color=c, linestyle=d, linewidth=2.0), name) for name, (c, d) in styles.items()]
    caption = f"Means over {rows[0].worlds:,} landscapes. Diamonds: published, at the start and at the end.\n{LIMIT}"
    figure = page("A hundred organizations: how many different forms are left", caption, 290, legend, 3)
    axes = figure.add_subplot()
    for name, (colour, dashes) in styles.items():
        axes.plot(course["period"], course[name], color=colour, linestyle=dashes, linewidth=2.0)
    last = int(course["period"].iloc[-1])
    for place, ours in enumerate(rows):
        middle = (ours.published_low + ours.published_high) / 2
        axes.plot(last if place else 0, middle, **PUBLISHED, clip_on=False, zorder=3)
    axes.set_yscale("log")
    axes.set_yticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.set_yticks([], minor=True)
    axes.set(xlim=(0, last), ylim=(0.9, 110))
    _plain(axes, "Period", "Different forms (logarithmic)")
    return figure


def _plain(axes: Axes, across: str, up: str) -> None:
    axes.set_xlabel(across, color=INK)
    axes.set_ylabel(up, color=INK)
    axes.grid(color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=QUIET)
