"""Many worlds in one line: arms in order, what a number was in the worlds, how it is drawn and said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ci_sim.figures.page import INK, QUIET, SMALL, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "INDICATOR", "Spread", "Style", "arm_style", "arm_title", "arms_in_order", "band_in_words", "draw", "months_of",
    "number", "percent_axis", "spread", "values_of", "worlds_in_words",
]  # fmt: skip

INDICATOR = "Indicator (0 = what chance gives, 100 = best achievable)"

Dashes: TypeAlias = Literal["-"] | tuple[float, Sequence[float]]
Style: TypeAlias = tuple[str, Dashes]
"""Colour, and dashes as matplotlib has them."""
# Okabe & Ito's colours without their yellow, which is hardly seen on white; dark ones first. Seven colours and five
# styles of line have no common divisor: any two of 35 arms differ in one of them at least.
COLOURS = ("#000000", "#D55E00", "#009E73", "#0072B2", "#CC79A7", "#E69F00", "#56B4E9")
DASHES: tuple[Dashes, ...] = (
    (0, (5.0, 1.6)),
    (0, (1.0, 1.0)),
    (0, (6.0, 1.5, 1.0, 1.5)),
    "-",
    (0, (2.5, 1.0, 1.0, 1.0, 1.0, 1.0)),
)


class Spread(NamedTuple):
    """What a number was in the worlds, month by month, times 100; NaN where it was not recorded."""

    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]


def spread(values: NDArray[np.float64]) -> Spread:
    """Median and the band that holds 8 of 10 worlds, of (worlds, months) values in 0..1."""
    low, median, high = np.quantile(100 * values, (0.1, 0.5, 0.9), axis=0)
    return Spread(low, median, high)


def values_of(arm: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A column of one arm's time series as (worlds, months)."""
    table = arm.pivot(index="replication", columns="month", values=column)  # noqa: PD010 - nothing to aggregate
    return table.to_numpy(np.float64)


def months_of(timeseries: pd.DataFrame) -> list[int]:
    """The months of a time series, in order."""
    return sorted(int(month) for month in timeseries["month"].unique())


def arms_in_order(timeseries: pd.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """The arms of a time series: in the order of their titles, then as they come."""
    present = [str(arm) for arm in timeseries["arm"].unique()]
    return [arm for arm in titles if arm in present] + [arm for arm in present if arm not in titles]


def arm_title(arm: str, titles: Mapping[str, str]) -> str:
    """The title of an arm, or its name where it has none."""
    return plain(titles.get(arm, "")) or arm.replace("_", " ")


def arm_style(arm: str, titles: Mapping[str, str], arms: Iterable[str]) -> Style:
    """Colour and dashes of an arm: the same in every figure made with the same titles."""
    place = list(dict.fromkeys([*titles, *arms])).index(arm)
    return COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]


def draw(axes: Axes, months: list[int], values: Spread, style: Style, *, among: int = 1) -> None:
    """The median as a line, the band behind it: the fainter, the more there are."""
    colour, dashes = style
    axes.fill_between(months, values.low, values.high, color=colour, alpha=min(0.16, 1 / among), linewidth=0)
    axes.plot(months, values.median, color=colour, linestyle=dashes, linewidth=2.0)


def percent_axis(axes: Axes, low: float, high: float) -> None:
    """From 0 to 100, the same for every figure; further only where values lie beyond."""
    bottom = 10 * np.floor(low / 10) if low < 0 else 0.0
    top = 10 * np.ceil(high / 10) if high > 100 else 100.0
    axes.set_ylim(bottom - 1, top + 1)
    axes.set_yticks(np.arange(20 * np.ceil(bottom / 20), top + 1, 20))
    axes.grid(axis="y", color="#D9D9D9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=QUIET)


def number(value: float) -> str:
    """A value of 0..100 as people read it."""
    return "unknown" if np.isnan(value) else f"{round(value):d}".replace("-", "\u2212")


def worlds_in_words(worlds: int) -> str:
    """How many simulated worlds."""
    return "1 simulated world" if worlds == 1 else f"{worlds:,} simulated worlds"


def band_in_words(worlds: int) -> str:
    """What bands and lines are."""
    count = "1 world, so that the band is as narrow as the line." if worlds == 1 else f"{worlds:,} worlds."
    return f"Bands: in 8 of 10 simulated worlds the value was in this band; line: median. {count}"
