"""Tornado charts: factors from the most to the least that matters, each with what luck alone would make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ci_sim.analysis.intervals import Interval
from ci_sim.figures.estimates import (
    CLEAR,
    Row,
    bar_look,
    draw_interval,
    plain_axes,
    rows_page,
    scale_of_table,
    ticks_in_view,
)
from ci_sim.figures.page import INK, SMALL, caption_of, page, shorten

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["morris", "replicate_noise", "sobol"]

SECOND, LUCK = "#56B4E9", "#D55E00"
ROW = 42.0
LABELS = 220.0
NOT_CLEAR = "not distinguishable from zero"


class _Bars(NamedTuple):
    """The two measures of a factor that are drawn: columns of the table, and their names."""

    first: str
    first_name: str
    first_clear: str
    second: str
    second_name: str
    second_clear: str


SOBOL = _Bars("st", "total, with interactions", "clear", "s1", "first order, by itself", "s1_clear")
MORRIS = _Bars("mu_star", "mean size of the effect (\u03bc*)", "clear", "sigma", "its unevenness (\u03c3)", "clear")


def sobol(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Sobol indices as a tornado chart.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.sensitivity.analyse`.
    sentence, note : for the caption.
    """
    caption = (
        "Share of the variance between points that goes with a factor. Estimates may come out below zero by sampling "
        "error: read them as none. Luck: the part of the total that differences between replications explain."
    )
    caption = caption_of(sentence, caption, _size(table), note)
    return _tornado(table, SOBOL, 100, "Share of the variance (%)", title, caption)


def morris(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Morris' measures as a tornado chart.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.screening.analyse`.
    """
    caption = (
        "Elementary effects, per whole range of a factor. Unevenness as large as the mean size: the effect depends on "
        "the other factors, or on where in its range the factor is. Luck: the mean size that luck alone would make."
    )
    scale = scale_of_table(table)
    axis = f"Change over the whole range ({scale.unit or 'in the outcome'})"
    return _tornado(table, MORRIS, scale.factor, axis, title, caption_of(sentence, caption, _size(table), note))


def replicate_noise(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Parameters and luck: the share of each source in the variance between single runs.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.noise.noise_finding`.
    """
    rows = []
    for _, row in table.iterrows():
        share = Interval(*(100 * bound for bound in Interval.of(row, "share")))
        rows.append(Row(str(row["source"]), share, share.low > 0))
    caption = caption_of(sentence, "Luck: what differs between replications of the same point.", note)
    axis = "Share of the variance between single runs (%)"
    return rows_page({"": rows}, title=title, axis=axis, caption=caption, bars=True)[0]


def _size(table: pd.DataFrame) -> str:
    groups = "groups" if "groups" in table else "trajectories"
    number, replications = int(table[groups].iloc[0]), int(table["replications"].iloc[0])
    word = "replication" if replications == 1 else "replications"
    return f"{number:,} {groups} of points, {replications:,} {word} each."


def _tornado(table: pd.DataFrame, bars: _Bars, factor: float, axis: str, title: str, caption: str) -> Figure:
    table = table.sort_values(bars.first, ascending=False, ignore_index=True)
    legend = [
        (Patch(**bar_look(CLEAR)), bars.first_name),
        (Patch(**bar_look(SECOND, CLEAR)), bars.second_name),
        (Line2D([], [], color=INK, linewidth=1.6), "95 % interval"),
    ]
    luck = f"{bars.first}_noise"
    if table[luck].notna().any():
        legend.append((_luck_mark(), "luck"))
    if not (table[bars.first_clear] & table[bars.second_clear]).all():
        legend.append((Patch(**bar_look(None)), NOT_CLEAR))
    figure = page(title, caption, ROW * len(table) + 52, legend, 3)
    axes = figure.add_subplot()
    for y, (_, row) in enumerate(table.iterrows()):
        for at, column, clear, colour in (
            (y - 0.18, bars.first, bars.first_clear, CLEAR),
            (y + 0.18, bars.second, bars.second_clear, SECOND),
        ):
            interval = Interval(*(factor * bound for bound in Interval.of(row, column)))
            look = bar_look(colour if row[clear] else None, CLEAR)
            axes.barh(at, interval.estimate, height=0.32, zorder=2, **look)
            draw_interval(axes, interval, at)
        axes.plot(factor * row[luck], y - 0.18, "|", color=LUCK, markersize=11, markeredgewidth=2.5, zorder=4)
    _finish(axes, table, bars, axis)
    return figure


def _luck_mark() -> Line2D:
    return Line2D([], [], color=LUCK, marker="|", markersize=11, markeredgewidth=2.5, linestyle="")


def _finish(axes: Axes, table: pd.DataFrame, bars: _Bars, axis: str) -> None:
    labels = []
    for _, row in table.iterrows():
        name = shorten(str(row["factor"]).rpartition(".")[2].replace("_", " "), LABELS, SMALL)
        below = f"{row['from']:.4g} to {row['to']:.4g}" if row[bars.first_clear] else NOT_CLEAR
        labels.append(f"{name}\n{below}".replace("-", "\N{MINUS SIGN}"))
    axes.set_yticks(range(len(labels)), labels, parse_math=False)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_xlabel(axis, color=INK)
    plain_axes(axes)
    ticks_in_view(axes)
