"""Pairs: two arms in the same worlds, the worlds by what the arm changed there, and one of them lived again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ci_sim.analysis.intervals import Floats
from ci_sim.app.ensemble import Records
from ci_sim.arms import find_arm
from ci_sim.entries import CustomArm
from ci_sim.kernel import State
from ci_sim.kernel.month import advance
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, stretches
from ci_sim.sweep.design import Design
from ci_sim.world import World, build_rules, build_world, lanes_needed

__all__ = ["KINDS", "Parting", "pair_worlds", "pick_world", "relive"]

MOST_WORLDS, FEWEST_WORLDS = 200, 20
QUICK = 1600.0
"""Runs of default size worth taking the most worlds for."""
KINDS = ("most", "median", "least", "hurt")
"""Worlds to look at: where the arm helped most; in the middle; least among those where it helped; hurt most."""

Integers = NDArray[np.int64]


def pair_worlds(scenario: Scenario) -> int:
    """Worlds in which a pair is tried: fewer where a world takes long."""
    effort = Design(scenario, (find_arm(scenario, "collective_impact"),) * 2, 1, 0).effort
    return max(FEWEST_WORLDS, min(MOST_WORLDS, int(QUICK / effort)))


def pick_world(differences: Floats, kind: str) -> int | None:
    """The world of a kind (:data:`KINDS`), None where there is no such world.

    Parameters
    ----------
    differences : (worlds,) the arm minus the one it is held against.
    """
    order = np.argsort(differences, kind="stable")
    helped = [int(world) for world in order if differences[world] > 0]
    match kind:
        case "most":
            return int(order[-1])
        case "median":
            return int(order[(len(order) - 1) // 2])
        case "least":
            return helped[0] if helped else None
        case "hurt":
            return int(order[0]) if differences[order[0]] < 0 else None
    return None


@dataclass(frozen=True)
class Parting:
    """Two arms of one world, month by month, from the month they share to where their futures part.

    C communities, N levers.

    Attributes
    ----------
    records : of the arm, and of the one it is held against; (months + 1,) of :data:`ci_sim.kernel.RECORD` each.
    practices : (2, months + 1, C) configurations in force.
    providers : (2, months + 1, C, N) programs at every place.
    """

    world: World
    records: tuple[Records, Records] = field(repr=False)
    practices: Integers = field(repr=False)
    providers: Integers = field(repr=False)

    @property
    def difference(self) -> Floats:
        """(months + 1,) of the indicators, 0..1."""
        return np.asarray(self.records[0]["indicator"] - self.records[1]["indicator"], np.float64)

    def month_apart(self, threshold: float) -> int | None:
        """First month in which the indicators differ by more than a threshold (0..1), either way."""
        return _first(np.abs(self.difference) > threshold)

    @property
    def month_of_practices(self) -> int | None:
        """First month in which any community's practices differ."""
        return _first((self.practices[0] != self.practices[1]).any(axis=1))

    def practices_apart(self, month: int) -> int:
        """Practices (community, lever) that differ in a month."""
        return int(np.bitwise_count(self.practices[0, month] ^ self.practices[1, month]).sum())

    def programs_elsewhere(self, month: int) -> tuple[int, int]:
        """Programs of each arm at places where the other has fewer."""
        more = self.providers[0, month] - self.providers[1, month]
        return int(np.maximum(more, 0).sum()), int(np.maximum(-more, 0).sum())


def _first(hits: NDArray[np.bool_]) -> int | None:
    return int(hits.argmax()) if hits.any() else None


def relive(scenario: Scenario, arms: tuple[str, str], replication: int, seed: int) -> Parting:
    """Run both arms of a world again, keeping what is needed to tell where they part.

    Parameters
    ----------
    arms : the arm, and the one it is held against.
    """
    found = [find_arm(scenario, arm) for arm in arms]
    lanes = lanes_needed(scenario, [build_schedule(scenario, arm) for arm in found])
    world = build_world(scenario, seed, replication, lanes)
    (first, own, places), (second, other, elsewhere) = (_live(world, arm) for arm in found)
    return Parting(world, (first, second), np.stack([own, other]), np.stack([places, elsewhere]))


def _live(world: World, arm: CustomArm) -> tuple[Records, Integers, Integers]:
    """Records, practices and providers of every month; as :func:`ci_sim.simulate.simulate`, bit for bit."""
    rules, schedule = build_rules(world.scenario), build_schedule(world.scenario, arm)
    state, records = open_arm(world, schedule, rules)
    kept = [_kept(state)]
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        for row in range(start - first, stop - first):
            advance(landscape, rules, block, luck, state, records, row, row + 1, first)
            kept.append(_kept(state))
    practices, providers = zip(*kept, strict=True)
    return records, np.stack(practices), np.stack(providers)


def _kept(state: State) -> tuple[Integers, Integers]:
    return state.practices.copy(), state.providers.astype(np.int32)
