"""The break-even chart: where on a grid of two factors an arm pays, loses, or cannot be told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ci_sim.analysis.words import factor_axis
from ci_sim.figures.marks import MARKS, quiet
from ci_sim.figures.page import INK, QUIET, SMALL, caption_of, page

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["break_even"]

TITLES = {"isolated": "against isolated", "isolated_equal_spend": "against isolated at equal spend"}
KINDS = {1: "pays", 0: "cannot be told", -1: "loses"}


def break_even(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """A panel for each reference: every cell with its class as colour and sign, and the number behind it.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.break_even.cells`; x runs across, y upwards.
    sentence, note : for the caption.
    """
    x, y = (str(name) for name in table.columns[1:3])
    measure = "difference" if table["net_value"].isna().all() else "net_value"
    references = list(dict.fromkeys(table["reference"]))
    unit = "points of the outcome (0..100)" if measure == "difference" else "net value in thousand over the whole run"
    caption = (
        f"Numbers: mean difference in {unit}. Classes by its 95 % interval: of 20 cells "
        "without any difference about 1 is classed as paying or losing by chance. Lines: interpolated between cells."
    )
    legend: list[tuple[Any, str]] = [
        (Patch(facecolor=MARKS[n].tint, edgecolor=QUIET), f"{MARKS[n].sign} {kind}") for n, kind in KINDS.items()
    ]
    legend += [
        (Line2D([], [], color=INK, linewidth=2.0), "break-even"),
        (Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 2))), "interval touches zero"),
    ]
    rows = table[y].nunique()
    figure = page(title, caption_of(sentence, caption, note), max(220.0, 40.0 * rows) + 60, legend, 5)
    panels = figure.subplots(1, len(references), sharey=True, squeeze=False)[0]
    for axes, reference in zip(panels, references, strict=True):
        _draw(axes, table[table["reference"] == reference], x, y, measure, crowded=len(references) > 1)
        axes.set_title(
            TITLES.get(reference, f"against {reference.replace('_', ' ')}"), loc="left", size=SMALL + 1, color=INK
        )
        axes.set_xlabel(factor_axis(x), color=INK)
    panels[0].set_ylabel(factor_axis(y), color=INK)
    return figure


def _draw(axes: Axes, table: pd.DataFrame, x: str, y: str, measure: str, *, crowded: bool) -> None:
    grids = {
        end: table.pivot(index=y, columns=x, values=f"{measure}{end}").sort_index().sort_index(axis=1)  # noqa: PD010
        for end in ("", "_low", "_high")
    }
    middle, low, high = (grid.to_numpy(float) for grid in grids.values())
    classes = np.where(low > 0, 1, np.where(high < 0, -1, 0))
    colours = ListedColormap([MARKS[n].tint for n in (-1, 0, 1)])
    axes.imshow(classes, origin="lower", aspect="auto", cmap=colours, vmin=-1, vmax=1, interpolation="nearest")
    size = SMALL if middle.shape[1] <= (7 if crowded else 14) else 0
    scale = 100 if measure == "difference" else 1
    for (row, column), kind in np.ndenumerate(classes):
        value = middle[row, column]
        behind = {"facecolor": MARKS[int(kind)].tint, "edgecolor": "none", "pad": 1.5}
        text = MARKS[int(kind)].sign + (
            f"\n{scale * value:.0f}".replace("-", "\u2212") if size and not math.isnan(value) else ""
        )
        axes.text(column, row, text, ha="center", va="center", size=SMALL, color=INK, linespacing=1.05, bbox=behind)
    _lines(axes, (middle, low, high))
    _ticks(axes, grids[""].columns.tolist(), grids[""].index.tolist())


def _lines(axes: Axes, grids: Sequence[Any]) -> None:
    """Zero of the estimate, and of both bounds, interpolated between the middles of cells."""
    for values, width, dashes in zip(grids, (2.0, 1.2, 1.2), ("-", (0, (4, 2)), (0, (4, 2))), strict=True):
        if min(values.shape) > 1 and np.nanmin(values) < 0 < np.nanmax(values):
            axes.contour(values, levels=[0], colors=[INK], linewidths=[width], linestyles=[dashes])


def _ticks(axes: Axes, across: list[Any], up: list[Any]) -> None:
    every = max(1, math.ceil(len(across) / 8))
    axes.set_xticks(range(0, len(across), every), [f"{value:g}" for value in across[::every]])
    axes.set_yticks(range(len(up)), [f"{value:g}" for value in up])
    quiet(axes)
