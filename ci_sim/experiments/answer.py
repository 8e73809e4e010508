"""What an experiment's ``answer.py`` hands over: a sentence, a table, what became of the predictions, figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.worlds import Verdict, in_points, judge
from ci_sim.sweep.results import read_results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Answer", "Check", "Picture", "Sweep", "Sweeps", "check"]


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
