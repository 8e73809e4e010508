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
"""Ties drawn: more cannot be told apart."""


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


def ties(side: History) -> tuple[NDArray[np.uint16], Bytes]:
    """The ties that are drawn: those of the run that are strongest on average, the same ones in every month.

    Returns
    -------
    pairs (T, 2) of organizations, and their trust (M, T) in hundredths, 0 where one of the two is no member.
    """
    if side.trust is None:
        return np.zeros((0, 2), "<u2"), np.zeros((len(side.standing), 0), np.uint8)
    first, second = np.triu_indices(side.standing.shape[1], 1)
    # Of ties that are equally strong, some from all over the network, not those of the first organizations.
    mixed = np.arange(len(first), dtype=np.uint64) * np.uint64(2654435761) % np.uint64(2**32)
    shown = np.sort(np.lexsort((mixed, -side.trust.mean(axis=0)))[:MOST_TIES])
    return np.stack([first[shown], second[shown]], axis=1).astype("<u2"), side.trust[:, shown]


def packed(side: History) -> dict[str, str]:
    """The frames of one side as base64, little end first."""
    pairs, weights = ties(side)
    arrays = {
        "indicators": side.indicators.astype("<i2"), "providers": np.minimum(side.providers, 2),
        "standing": side.standing, "pairs": pairs, "weights": weights,
    }  # fmt: skip
    return {name: base64.b64encode(np.ascontiguousarray(values).tobytes()).decode() for name, values in arrays.items()}
