"""What an experiment's ``answer.py`` hands over: a sentence, a table, what became of the predictions, figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.worlds import Verdict, in_points, judge
from ci_sim.arms import STANDARD_ARMS
from ci_sim.sweep.results import read_results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ARMS", "Answer", "Check", "Picture", "Sweep", "Sweeps", "check", "wide"]

ARMS = {name: arm.title for name, arm in STANDARD_ARMS.items()}
"""Titles of the standard arms."""


@dataclass(frozen=True)
class Sweep:
    """Results of one design of an experiment.

    Attributes
    ----------
    runs : a row per run.
    design : what design.json holds of it.
    folder : where they lie.
    """

    runs: pd.DataFrame
    design: Mapping[str, Any]
    folder: Path

    def timeseries(self) -> pd.DataFrame:
        """A row per run and month kept."""
        return read_results(self.folder, "timeseries")


Sweeps = Mapping[str, Sweep]
"""By the name of the design's file, without its suffix."""


@dataclass(frozen=True)
class Check:
    """What became of a prediction: its number in the README, the verdict, and the numbers that say so."""

    prediction: int
    verdict: Verdict
    because: str


def check(
    prediction: int,
    interval: Interval,
    what: str,
    *,
    above: float | None = None,
    below: float | None = None,
    unit: str = "points",
) -> Check:
    """Hold an estimate against a prediction that it lies above or below a level.

    Parameters
    ----------
    interval : of 0..1 where the unit is "points" or "%", else as it is.
    what : in words, what was estimated.
    """
    level = above if above is not None else below
    assert level is not None
    factor = 100 if unit in {"points", "%"} else 1
    signed = unit == "points"
    shown = in_points(Interval(*(factor / 100 * value for value in interval)), signed=signed)
    side = "above" if above is not None else "below"
    because = f"{what}: {shown} {unit}".rstrip() + f"; predicted {side} {factor * level:g}"
    return Check(prediction, judge(interval, above=above, below=below), because)


def wide(
    table: pd.DataFrame,
    rows: Mapping[str, str],
    columns: str,
    names: Mapping[Any, str] | None = None,
    *,
    signed: bool = False,
) -> pd.DataFrame:
    """Estimates in words, a row per point: in points of 100, with their intervals.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.worlds.estimates`.
    rows : factors that name a row, and what to call them.
    columns : column of the table whose values become columns, called by ``names``.
    """
    names = names or {}
    cells = table.assign(
        cell=[in_points(Interval(*row), signed=signed) for row in table[["estimate", "low", "high"]].to_numpy(float)]
    )
    order = list(dict.fromkeys(cells[columns]))
    found = cells.drop_duplicates(list(rows))[list(rows)].rename(columns=dict(rows)).reset_index(drop=True)
    for value in order:
        column = cells[cells[columns] == value].set_index(list(rows))["cell"]
        keys = [
            tuple(row) if len(rows) > 1 else row[0] for row in cells.drop_duplicates(list(rows))[list(rows)].to_numpy()
        ]
        found[names.get(value, str(value))] = [column.get(key, "") for key in keys]
    return found.map(lambda cell: f"{cell:g}" if isinstance(cell, float) else str(cell))


class Picture(NamedTuple):
    """A figure that is drawn only when it is wanted."""

    draw: Callable[[str], Figure]
    """Called with the note that must stand below it."""
    table: pd.DataFrame
    """The numbers it shows."""
    words: str
    """What it shows, for those who cannot see it."""


@dataclass(frozen=True)
class Answer:
    """An answer, every part of it computed.

    Attributes
    ----------
    sentence : the answer in words, silent on what cannot be told apart.
    table : the numbers it rests on, as shown in the README.
    checks : one for every prediction, in their order.
    pictures : by the name of their files.
    """

    sentence: str
    table: pd.DataFrame
    checks: Sequence[Check]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
