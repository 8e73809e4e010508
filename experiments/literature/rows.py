"""One reproduced figure: what was published, what came out here and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ci_sim.analysis.intervals import Interval
from ci_sim.sweep.store import replace_file

__all__ = ["Published", "Row", "read_rows", "row", "write_rows"]


class Published(NamedTuple):
    """A figure of a paper, or the two ends of a range, and how far off still counts as reproduced."""

    low: float
    high: float
    tolerance: float
    decimals: int


class Row(NamedTuple):
    """A line of the page."""

    paper: str
    reading: str
    """How the paper's rules were read; empty for the reading the page stands on."""
    quantity: str
    worlds: int
    published_low: float
    published_high: float
    tolerance: float
    decimals: int
    estimate: float
    low: float
    high: float

    @property
    def reproduced(self) -> bool:
        """Whether the estimate is within tolerance of what was published."""
        return self.published_low - self.tolerance <= self.estimate <= self.published_high + self.tolerance

    @property
    def in_reach(self) -> bool:
        """Whether the interval touches what was published, give or take the tolerance."""
        return self.low <= self.published_high + self.tolerance and self.high >= self.published_low - self.tolerance


def row(paper: str, quantity: str, worlds: int, published: Published, ours: Interval, reading: str = "") -> Row:
    """A row from its parts."""
    low, high, tolerance, decimals = published
    return Row(paper, reading, quantity, worlds, low, high, tolerance, decimals, *ours)


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write rows as CSV, six digits behind the point: more would differ between machines."""
    with replace_file(path) as temporary:
        pd.DataFrame(rows).round(6).to_csv(temporary, index=False, lineterminator="\n")


def read_rows(path: Path) -> list[Row]:
    """What :func:`write_rows` wrote."""
    table = pd.read_csv(path).fillna({"reading": ""})
    return [Row(*values) for values in table.itertuples(index=False, name=None)]
