"""How many replications are needed: for precision at every point, and for power."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from ci_sim.analysis.intervals import Interval
from ci_sim.figures.estimates import Row, few_points, rows_page, scale_of_table
from ci_sim.figures.page import INK, caption_of

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["replicates_power", "replicates_precision"]

AXIS = "Replications needed (logarithmic)"
MEANING = ("more than the pilot has", "the pilot has them")


def replicates_precision(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Replications that a wanted half-width needs, at every point.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.replicates.analyse`, ``replicates_precision``.
    sentence, note : for the caption.
    """
    shown, more = few_points(table, "needed", "what they need")
    rows = [
        Row(str(row["label"]), Interval.of(row, "needed"), bool(row["replications"] < row["needed"]))
        for _, row in shown.iterrows()
    ]
    scale = scale_of_table(table)
    wanted = f"{scale.number(table['wanted'].iloc[0])} {scale.unit}".rstrip()
    caption = (
        f"Needed for a 95 % interval of {wanted} to either side of the mean. {_pilot(table)} Dots have an "
        "interval, for the spread in the pilot is itself an estimate."
    )
    return _page(rows, table, title, caption_of(sentence, caption, more, note))


def replicates_power(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Replications that a test needs to find effects of several sizes.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.replicates.analyse`, ``replicates_power``; not empty.
    """
    scale, rows = scale_of_table(table), []
    for _, row in table.iterrows():
        needed = float(row["needed"])
        effect = f"{scale.number(row['effect'])} {scale.unit}".rstrip()
        interval = Interval(needed, math.nan, math.nan)
        rows.append(Row(f"{row['test']}, {row['size']}: {effect}", interval, bool(row["replications"] < needed)))
    alpha, power = table["alpha"].iloc[0], table["power"].iloc[0]
    caption = (
        f"Needed for power {power:g} at the {alpha:g} level (Secchi & Seri 2017). Analysis of variance: an effect is "
        f"the difference of two points, all others midway. {_pilot(table)}"
    )
    return _page(rows, table, title, caption_of(sentence, caption, note))


def _pilot(table: pd.DataFrame) -> str:
    return f"Upright line: the pilot's {int(table['replications'].min())} replications."


def _page(rows: list[Row], table: pd.DataFrame, title: str, caption: str) -> Figure:
    figure, (axes,) = rows_page({"": rows}, title=title, axis=AXIS, caption=caption, meaning=MEANING)
    axes.axvline(float(table["replications"].min()), color=INK, linewidth=1.4, linestyle=(0, (4, 2)))
    _whole_numbers(axes, rows)
    return figure


def _whole_numbers(axes: Axes, rows: list[Row]) -> None:
    axes.set_xscale("log")
    highest = max(bound for row in rows for bound in row.interval if not math.isnan(bound))
    axes.set_xlim(1.5, max(100.0, 2 * highest))
    ticks = [10**n for n in range(1, 1 + math.floor(math.log10(axes.get_xlim()[1])))]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.xaxis.set_minor_formatter(NullFormatter())
