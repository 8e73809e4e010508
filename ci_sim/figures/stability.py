"""Conclusion stability: the lead of an arm in every plausible setting, in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ci_sim.analysis.points import standing
from ci_sim.figures.marks import MARKS, key_of, quiet, zero_line
from ci_sim.figures.page import INK, SMALL, WIDTH, caption_of, page, wrap

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stability"]

KINDS = {1: "clearly ahead", 0: "cannot be told", -1: "clearly behind"}


def stability(
    samples: Mapping[str, pd.DataFrame], *, title: str, lead: str, sentence: str = "", note: str = ""
) -> Figure:
    """A panel for each sample of settings: the mean paired difference at every point, lowest first.

    Parameters
    ----------
    samples : by what varies, the table of :func:`ci_sim.analysis.points.point_differences`.
    lead : what the difference is, as in "Collective Impact minus isolated".
    sentence, note : for the caption.
    """
    legend = [(key_of(kind), name) for kind, name in KINDS.items()]
    how = "A mark is a setting, drawn from plausible ranges; its line the 95 % interval of its worlds, cut at the edge."
    figure = page(title, caption_of(sentence, how, note), 300, legend, 3)
    leads = np.concatenate([[0.0], *(100 * points["difference"].to_numpy(float) for points in samples.values())])
    panels = figure.subplots(1, len(samples), sharey=True, squeeze=False)[0]
    for axes, (name, points) in zip(panels, samples.items(), strict=True):
        # Intervals of two or three worlds can be wider than any outcome; the picture need not be.
        axes.set_ylim(leads.min() - 15, leads.max() + 15)
        _draw(axes, points.sort_values("difference"))
        axes.set_title(
            "\n".join(wrap(name, WIDTH / len(samples) - 70, SMALL + 1)), loc="left", size=SMALL + 1, color=INK
        )
        axes.set_xlabel(f"{len(points):,} settings, in order", color=INK)
    panels[0].set_ylabel("\n".join(wrap(f"{lead} (points)", 280, SMALL + 1)), color=INK)
    return figure


def _draw(axes: Axes, points: pd.DataFrame) -> None:
    low, middle, high = (100 * points[f"difference{end}"].to_numpy(float) for end in ("_low", "", "_high"))
    kinds = np.array([standing(*bounds) for bounds in zip(low, high, strict=True)])
    at = np.arange(1, len(points) + 1)
    size = float(np.clip(3000 / max(1, len(points)), 8, 36))
    for kind, mark in MARKS.items():
        here = kinds == kind
        axes.vlines(at[here], low[here], high[here], color=mark.colour, linewidth=0.7, alpha=0.6)
        axes.scatter(
            at[here],
            middle[here],
            s=size,
            marker=mark.shape,
            facecolor=mark.face,
            edgecolor=mark.colour,
            linewidth=0.8,
            zorder=3,
        )
    zero_line(axes)
    axes.set_xlim(0, len(points) + 1)
    quiet(axes, grid="y")
