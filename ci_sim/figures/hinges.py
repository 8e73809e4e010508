"""What a result hinges on: the rank correlation of every factor, those told from chance filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from ci_sim.analysis.intervals import LEVEL
from ci_sim.figures.marks import MARKS, key_of, quiet, zero_line
from ci_sim.figures.page import INK, SMALL, caption_of, page

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["hinges"]

MOST = 20


def hinges(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """The strongest factors with their intervals.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.hinges.rank_correlations`.
    sentence, note : for the caption.
    """
    shown = table.head(MOST)
    rest = f"The {len(table) - MOST} weakest factors are left out." if len(table) > MOST else ""
    how = (
        "Spearman's rank correlation over the points of the design, with its 95 % interval; filled where the strongest "
        "of as many factors without influence would reach it in fewer than 5 of 100 cases. A factor whose influence "
        "turns may show none."
    )
    legend = [(key_of(1), "raises it"), (key_of(-1), "lowers it"), (key_of(0), "cannot be told from chance")]
    figure = page(title, caption_of(sentence, how, rest, note), 70 + 20.0 * max(1, len(shown)), legend, 3)
    axes = figure.add_subplot()
    for place, row in enumerate(shown.to_dict("records")):
        clear = row["chance"] <= 1 - LEVEL
        mark = MARKS[(1 if row["correlation"] > 0 else -1) if clear else 0]
        axes.plot([row["correlation_low"], row["correlation_high"]], [place] * 2, color=mark.colour, linewidth=1.6)
        axes.plot(
            row["correlation"], place, marker=mark.shape, color=mark.colour, markerfacecolor=mark.face, markersize=7
        )
    zero_line(axes, upright=True)
    axes.set_yticks(range(len(shown)), shown["factor"].tolist())
    axes.set_ylim(max(1, len(shown)) - 0.4, -0.6)
    axes.set_xlim(-1, 1)
    axes.set_xlabel("Rank correlation with the result", color=INK)
    quiet(axes, grid="x")
    axes.tick_params(axis="y", length=0, labelsize=SMALL)
    return figure
