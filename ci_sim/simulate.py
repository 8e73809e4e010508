"""The boundary: a scenario, an arm and a replication in, a trajectory out; objects become arrays here alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_sim.arms import find_arm
from ci_sim.entries import CustomArm
from ci_sim.kernel import RECORD, Landscape, Luck, Row, Schedule, State, Table
from ci_sim.kernel.month import advance
from ci_sim.kernel.organizations import copy_state
from ci_sim.kernel.recording import record
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule, has_initiative
from ci_sim.streams import BLOCK
from ci_sim.world import World, build_rules, build_world, lanes_needed

__all__ = ["Trajectory", "open_arm", "simulate", "simulate_arms", "stretches"]


@dataclass(frozen=True)
class Trajectory:
    """One run: an arm of one replication of a scenario.

    Attributes
    ----------
    records : (months + 1,) structured array of :data:`ci_sim.kernel.RECORD`, month 0 first.
    state : the state at the horizon.
    world : what this run shares with the replication's other arms.
    """

    arm: CustomArm
    records: NDArray[np.void] = field(repr=False)
    state: State = field(repr=False)
    world: World = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """The recorded outcomes (``ci_sim.outcomes.RECORDED_OUTCOMES``), indexed by month."""
        return pd.DataFrame(self.records).rename_axis("month")


def simulate(
    scenario: Scenario, replication: int = 0, arm: str | CustomArm = "collective_impact", *, seed: int = 1
) -> Trajectory:
    """Run one arm of one replication. Equal arguments give equal bits, whatever else runs beside.

    Parameters
    ----------
    replication, seed : >= 0.
    arm : the name of a standard arm or of one of the scenario's, or an arm.

    Raises
    ------
    InputError : an unknown arm.
    """
    return next(simulate_arms(scenario, [find_arm(scenario, arm)], [replication], seed=seed))


def simulate_arms(
    scenario: Scenario, arms: Sequence[CustomArm], replications: Iterable[int], *, seed: int = 1
) -> Iterator[Trajectory]:
    """Run arms on the same worlds with the same luck, replication by replication, arm by arm."""
    rules = build_rules(scenario)
    schedules = [build_schedule(scenario, arm) for arm in arms]
    lanes = lanes_needed(scenario, schedules)
    for replication in replications:
        world = build_world(scenario, seed, replication, lanes)
        for arm, schedule in zip(arms, schedules, strict=True):
            state, records = open_arm(world, schedule, rules)
            for landscape, block, luck, first, start, stop in stretches(world, schedule):
                advance(landscape, rules, block, luck, state, records, start - first, stop - first, first)
            yield Trajectory(arm, records, state, world)


def open_arm(world: World, schedule: Schedule, rules: Row) -> tuple[State, Table]:
    """The opening state of an arm, and its records with month 0 written.

    Without any of the five conditions there is no initiative, hence no member.
    """
    state = copy_state(world.state)
    if not has_initiative(schedule):
        state.organizations["member"] = False
    members = state.organizations["member"]
    state.initiative["members"] = members.sum()
    if members.sum() > 1:
        initial = world.scenario.communication.initial_trust
        beyond = (state.trust[np.ix_(members, members)] - initial).sum(axis=1)  # 0 exactly where there are no ties
        state.organizations["mean_trust"][members] = initial + beyond / (members.sum() - 1)
    records = np.zeros(world.scenario.horizon.months + 1, RECORD)
    record(world.landscapes[0][1], rules, 0.0, state, records, 0)
    records["spend"][0] = 0.0  # nothing has been spent before the first month
    return state, records


def stretches(world: World, schedule: Schedule) -> Iterator[tuple[Landscape, Schedule, Luck, int, int, int]]:
    """Stretches of months with one landscape and one block of luck.

    Yields
    ------
    landscape, schedule and luck of the block, the month (from 0) their row 0 stands for, and the stretch's first and
    last month, the last excluded.
    """
    months = world.scenario.horizon.months
    shocks = [month - 1 for month, _ in world.landscapes]
    edges = sorted({*shocks, *range(0, months, BLOCK), months})
    for start, stop in pairwise(edges):
        landscape = [landscape for month, landscape in world.landscapes if month - 1 <= start][-1]
        first = start // BLOCK * BLOCK
        block = Schedule(schedule.months[first:], schedule.fortune[first:])
        yield landscape, block, world.luck[first // BLOCK], first, start, stop
