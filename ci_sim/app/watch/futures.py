"""Two futures of one world, packed for the browser: what is drawn of every month, sent once."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ci_sim.arms import find_arm
from ci_sim.replay.frames import Bytes, History, play
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule
from ci_sim.world import World, build_world, lanes_needed

__all__ = ["Futures", "numbers_of", "packed", "run_futures", "ties"]

Numbers = dict[str, list[float | None]]

MOST_ORGANIZATIONS = 400
"""Whose network is drawn."""
MOST_TIES = 300
"""Ties drawn in a month, the strongest: more cannot be told apart."""


@dataclass(frozen=True)
class Futures:
    """Two arms of one world.

    Attributes
    ----------
    sides : the left and the right history, a frame for every month from 0 on.
    """

    world: World
    sides: tuple[History, History]

    @property
    def months(self) -> int:
        """The horizon."""
        return self.world.scenario.horizon.months

    @cached_property
    def numbers(self) -> list[Numbers]:
        """Headline numbers of both sides."""
        return [numbers_of(side) for side in self.sides]


def run_futures(scenario: Scenario, arms: tuple[str, str], replication: int, seed: int) -> Futures:
    """Run two arms on the same world with the same luck."""
    left, right = (find_arm(scenario, arm) for arm in arms)
    lanes = lanes_needed(scenario, [build_schedule(scenario, arm) for arm in (left, right)])
    world = build_world(scenario, seed, replication, lanes)
    months = range(scenario.horizon.months + 1)
    return Futures(
        world, (play(world, left, months, MOST_ORGANIZATIONS), play(world, right, months, MOST_ORGANIZATIONS))
    )


def numbers_of(side: History) -> Numbers:
    """Headline numbers month by month, as they are shown; None where there is none."""
    records = side.records
    members = (side.standing == 1).sum(axis=1)
    trust = _rounded(100 * records["trust"])
    return {
        "indicator": _rounded(100 * records["indicator"], 1),
        "coverage": _rounded(100 * records["coverage"]),
        "duplication": _rounded(100 * records["duplication"]),
        "trust": [value if some else None for some, value in zip(members, trust, strict=True)],
        "members": _rounded(members),
        "spend": _rounded(np.cumsum(records["spend"])),
    }


def _rounded(values: NDArray[Any], digits: int = 0) -> list[float | None]:
    return [round(float(value), digits) + 0.0 for value in values]


def ties(side: History) -> tuple[NDArray[np.uint16], Bytes, NDArray[np.uint32]]:
    """The strongest ties of every month.

    Returns
    -------
    pairs (T, 2) of organizations, trust (T,) in hundredths, and starts (M + 1,): the ties of month m are those from
    ``starts[m]`` to ``starts[m + 1]``.
    """
    pairs, weights, starts = [], [], [0]
    # Ties of equal strength are taken from all over the network, the same ones month after month.
    first, second = np.triu_indices(side.standing.shape[1] if side.trust is not None else 0, 1)
    mixed = np.arange(len(first), dtype=np.uint64) * np.uint64(2654435761) % np.uint64(2**32)
    for trust in side.trust if side.trust is not None else np.zeros((len(side.standing), 0), np.uint8):
        strongest = np.lexsort((mixed, -trust.astype(np.int16)))[:MOST_TIES]
        shown = strongest[trust[strongest] > 0]
        pairs.append(np.stack([first[shown], second[shown]], axis=1))
        weights.append(trust[shown])
        starts.append(starts[-1] + len(shown))
    return np.concatenate(pairs).astype("<u2"), np.concatenate(weights), np.array(starts, "<u4")


def packed(side: History) -> dict[str, str]:
    """The frames of one side as base64, little end first."""
    pairs, weights, starts = ties(side)
    arrays = {
        "indicators": side.indicators.astype("<i2"), "providers": np.minimum(side.providers, 2),
        "standing": side.standing, "pairs": pairs, "weights": weights, "starts": starts,
    }  # fmt: skip
    return {name: base64.b64encode(np.ascontiguousarray(values).tobytes()).decode() for name, values in arrays.items()}
