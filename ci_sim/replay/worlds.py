"""Beside the one history: what the same two arms come to in many worlds, and where this one stands among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.entries import CustomArm
from ci_sim.scenario import Scenario
from ci_sim.simulate import simulate_arms

__all__ = ["WORLDS", "Worlds", "in_words", "many_worlds"]

WORLDS = 40


class Worlds(NamedTuple):
    """The two arms in many worlds.

    Attributes
    ----------
    timeseries : arm, replication, month, indicator.
    differences : (WORLDS,) the second arm's indicator at the horizon minus the first's.
    """

    timeseries: pd.DataFrame
    differences: NDArray[np.float64]


def many_worlds(
    scenario: Scenario, arms: Sequence[CustomArm], seed: int, progress: Callable[[int, int], None]
) -> Worlds:
    """Run the arms in worlds 0 to :data:`WORLDS` - 1."""
    parts = []
    for done, run in enumerate(simulate_arms(scenario, arms, range(WORLDS), seed=seed), 1):
        indicator = run.records["indicator"]
        columns = {"arm": run.arm.name, "replication": run.world.replication, "month": range(len(indicator))}
        parts.append(pd.DataFrame(columns | {"indicator": indicator}))
        progress(done // len(arms), WORLDS)
    ends = np.array([part["indicator"].iloc[-1] for part in parts], np.float64).reshape(WORLDS, len(arms))
    return Worlds(pd.concat(parts, ignore_index=True), ends[:, 1] - ends[:, 0])


def in_words(worlds: Worlds, here: float, titles: Sequence[str], months: int) -> str:
    """Which of the two is ahead in all worlds, as far as it can be told, and how usual this one is.

    Parameters
    ----------
    here : the difference in the world that is replayed.
    """
    first, second = titles
    difference = mean_interval(worlds.differences)
    ahead, below = (worlds.differences > 0).mean(), int((worlds.differences < here).sum())
    return (
        f"{_compared(difference, first, second)} after {months} months, over {len(worlds.differences)} worlds "
        f"(95 % interval of the difference {100 * difference.low:+.0f} to {100 * difference.high:+.0f} points); it is "
        f"ahead in {100 * ahead:.0f} % of them. In the world replayed here the difference is {100 * here:+.0f} points: "
        f"smaller in {below} of the {len(worlds.differences)} worlds. One history proves nothing."
    )


def _compared(difference: Interval, first: str, second: str) -> str:
    if difference.low <= 0 <= difference.high:
        return f"{second} cannot be told apart from {first}"
    where = "above" if difference.estimate > 0 else "below"
    return f"{second} ends {abs(100 * difference.estimate):.0f} points {where} {first} on average"
