"""When worlds reach a level: the share that has, month by month; what is missing to 100 at the end never does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ci_sim.figures.page import INK, caption_of, months_axis, page
from ci_sim.figures.worlds import arm_style, arm_title, percent_axis

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["reaching"]


def reaching(
    runs: pd.DataFrame,
    table: pd.DataFrame,
    titles: Mapping[str, str],
    *,
    title: str,
    last: int,
    sentence: str = "",
    note: str = "",
) -> Figure:
    """A step line per arm.

    Parameters
    ----------
    runs : one row per run, ``arm`` and ``months_to_threshold``.
    table : of :func:`ci_sim.analysis.reaching.reached_by`, whose arms are drawn.
    last : the horizon, in months.
    """
    arms = [str(arm) for arm in table["arm"]]
    never = dict(zip(arms, table["never"], strict=True))
    legend = []
    for arm in arms:
        colour, dashes = arm_style(arm, titles, arms)
        sample = Line2D([], [], color=colour, linestyle=dashes, linewidth=2.0)
        legend.append((sample, f"{arm_title(arm, titles)}: {100 * never[arm]:.0f} % never"))
    figure = page(title, caption_of(sentence, note), 290, legend, 2)
    axes = figure.add_subplot()
    percent_axis(axes, 0, 100)
    for arm in arms:
        months = np.sort(runs.loc[runs["arm"] == arm, "months_to_threshold"].to_numpy(float))
        share = 100 * np.searchsorted(months[~np.isnan(months)], np.arange(last + 1), side="right") / len(months)
        colour, dashes = arm_style(arm, titles, arms)
        axes.step(np.arange(last + 1), share, where="post", color=colour, linestyle=dashes, linewidth=2.0)
    months_axis(axes, last)
    axes.set_ylabel("Worlds that have reached it (%)", color=INK)
    return figure
