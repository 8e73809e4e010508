"""The main figure: the course of the indicator in every arm, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ci_sim.figures.events import draw_events, place_events
from ci_sim.figures.page import INK, LINE, SMALL, WIDTH, caption_of, lay_apart, months_axis, page, text_width, wrap
from ci_sim.figures.worlds import (
    INDICATOR,
    Spread,
    arm_style,
    arm_title,
    arms_in_order,
    band_in_words,
    draw,
    months_of,
    number,
    percent_axis,
    spread,
    values_of,
    worlds_in_words,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["draw_trajectories", "trajectories", "trajectories_in_words"]

LABELS = 150.0
"""Width of the labels at the right end of lines."""
LEAD = 32.0
"""From the end of a line to its label: enough to show how the line is dashed."""
BESIDE = 75.0
"""Left of the axes, and margins."""
BENEATH = 60.0
"""Below the axes, and margins."""


def trajectories(
    timeseries: pd.DataFrame,
    titles: Mapping[str, str],
    *,
    title: str,
    threshold: float | None = None,
    events: Sequence[tuple[int, str]] = (),
    note: str = "",
) -> Figure:
    """The indicator of every arm: median and the band that holds 8 of 10 simulated worlds.

    Parameters
    ----------
    timeseries : columns arm, replication, month, indicator (0..1).
    titles : of the arms, by name; their order here is the order of colours.
    threshold : drawn across, 0..1.
    events : (month, note).
    note : what a reader must know before believing the picture; at the end of the caption.
    """
    spreads, months = _spreads(timeseries, titles), months_of(timeseries)
    labels = {arm: _end_label(arm_title(arm, titles), values) for arm, values in spreads.items()}
    right = LEAD + max((text_width(line, SMALL) for lines in labels.values() for line in lines), default=0.0)
    placed, listed = place_events(events, months[-1], WIDTH - BESIDE - right, right)
    rows = max((event.row + 1 for event in placed), default=0)
    axis = max(320.0, sum(_height(lines) for lines in labels.values()))
    caption = caption_of(band_in_words(timeseries["replication"].nunique()), listed, note)
    figure = page(title, caption, axis + BENEATH + rows * SMALL * LINE)
    axes = figure.add_subplot()
    draw_trajectories(axes, timeseries, titles, threshold=threshold, height=axis)
    draw_events(axes, placed)
    return figure


def draw_trajectories(
    axes: Axes, timeseries: pd.DataFrame, titles: Mapping[str, str], *, threshold: float | None, height: float
) -> None:
    """Medians, bands and threshold on axes that have room for titles at their right.

    Parameters
    ----------
    height : of the axes, at least.
    """
    spreads, months = _spreads(timeseries, titles), months_of(timeseries)
    percent_axis(axes, min(v.low.min() for v in spreads.values()), max(v.high.max() for v in spreads.values()))
    for arm, values in spreads.items():
        draw(axes, months, values, arm_style(arm, titles, spreads), among=len(spreads))
    months_axis(axes, months[-1])
    axes.set_ylabel(INDICATOR, color=INK)
    if threshold is not None:
        _draw_threshold(axes, 100 * threshold)
    labels = {arm: _end_label(arm_title(arm, titles), values) for arm, values in spreads.items()}
    _label_ends(axes, months[-1], spreads, labels, height, titles)


def trajectories_in_words(timeseries: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """What :func:`trajectories` shows at the last month, in a paragraph, for those who cannot see it."""
    last, worlds = months_of(timeseries)[-1], timeseries["replication"].nunique()
    when = f"year {last // 12}" if last > 36 and last % 12 == 0 else f"month {last}"
    parts = []
    for arm, values in _spreads(timeseries, titles).items():
        band = f" (in 8 of 10 worlds {number(values.low[-1])} to {number(values.high[-1])})" if worlds > 1 else ""
        parts.append(f"{arm_title(arm, titles)} {number(values.median[-1])}{band}")
    what = "the median indicator (0 = what chance gives, 100 = best achievable)"
    return f"At the end of {when}, {what} over {worlds_in_words(worlds)} is: {'; '.join(parts)}."


def _spreads(timeseries: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, Spread]:
    return {
        arm: spread(values_of(timeseries[timeseries["arm"] == arm], "indicator"))
        for arm in arms_in_order(timeseries, titles)
    }


def _end_label(title: str, values: Spread) -> list[str]:
    """The whole title, and the last median."""
    return wrap(f"{title}: {number(values.median[-1])}", LABELS, SMALL)


def _height(lines: list[str]) -> float:
    return len(lines) * SMALL * LINE + 3


def _draw_threshold(axes: Axes, level: float) -> None:
    axes.axhline(level, color=INK, linewidth=0.9, zorder=1)
    axes.annotate(
        f"threshold {number(level)}", xy=(0, level), xycoords=("axes fraction", "data"), xytext=(5, 2),
        textcoords="offset points", va="bottom", size=SMALL, color=INK,
        bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def _label_ends(
    axes: Axes,
    last: int,
    spreads: Mapping[str, Spread],
    labels: Mapping[str, list[str]],
    axis: float,
    titles: Mapping[str, str],
) -> None:
    """Titles at the right ends of the lines, moved apart, each tied to its line by a piece of it.

    Parameters
    ----------
    axis : height that the axes have at least; where they come out higher, labels are only further apart.
    """
    low, high = axes.get_ylim()
    ends = [values.median[-1] for values in spreads.values()]
    wanted = [axis * (end - low) / (high - low) for end in ends]
    placed = lay_apart(wanted, [_height(labels[arm]) for arm in spreads], 0, axis)
    for arm, end, here, there in zip(spreads, ends, wanted, placed, strict=True):
        colour, dashes = arm_style(arm, titles, spreads)
        shift = there - here
        line = {"arrowstyle": "-", "color": colour, "linestyle": dashes, "linewidth": 2.0, "shrinkA": 0, "shrinkB": 0}
        axes.annotate(
            "", xy=(last, end), xytext=(LEAD - 5, shift), textcoords="offset points", annotation_clip=False,
            arrowprops=line,
        )  # fmt: skip
        axes.annotate(
            "\n".join(labels[arm]), xy=(last, end), xytext=(LEAD, shift), textcoords="offset points", va="center",
            size=SMALL, color=INK, linespacing=1.15, parse_math=False, annotation_clip=False,
        )  # fmt: skip
