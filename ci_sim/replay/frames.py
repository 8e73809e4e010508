"""Frames: what a replay shows of every month, taken from the kernel as it goes, in as few bytes as it is shown with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ci_sim.complaints import Complaint, InputError
from ci_sim.entries import CustomArm
from ci_sim.kernel import State
from ci_sim.kernel.month import advance
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, stretches
from ci_sim.world import World, build_rules, build_world, lanes_needed

__all__ = ["Frames", "History", "frames_of", "play"]

MOST_COMMUNITIES = 200
MOST_ORGANIZATIONS = 60
"""Organizations whose network is shown: its pairs grow with the square of them."""
LARGEST = 3_300_000
"""Bytes of all frames before they are written as text, which makes four of three."""
STEPS = (1, 2, 3, 4, 6, 12, 24)
"""Months between frames that are tried until all fit."""
OUTSIDE, MEMBER, CLOSED = 0, 1, 2

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class History:
    """One arm, month by month. M frames, C communities, N levers, O organizations, P pairs of organizations.

    Attributes
    ----------
    records : (months + 1,) of :data:`ci_sim.kernel.RECORD`.
    indicators : (M, C) int16, points of 100.
    providers : (M, C, N) programs at every place, 255 standing for more.
    standing : (M, O) outside the initiative, member, closed.
    trust : (M, P) mutual trust of two members in hundredths, pairs in the order of ``numpy.triu_indices``; None where
        there are too many.
    """

    arm: CustomArm
    records: NDArray[np.void]
    indicators: NDArray[np.int16]
    providers: Bytes
    standing: Bytes
    trust: Bytes | None


@dataclass(frozen=True)
class Frames:
    """Two histories of one world.

    Attributes
    ----------
    months : (M,) of the frames.
    """

    world: World
    months: list[int]
    sides: tuple[History, ...]


def frames_of(scenario: Scenario, arms: Sequence[CustomArm], replication: int, seed: int) -> Frames:
    """Run arms in one world and keep what is shown of it.

    Raises
    ------
    InputError : more communities than can be shown side by side.
    """
    if scenario.problem.communities > MOST_COMMUNITIES:
        found, allowed = f"{scenario.problem.communities:,} communities", f"at most {MOST_COMMUNITIES} for a replay"
        raise InputError(scenario.name, [Complaint("problem.communities", found, allowed)])
    schedules = [build_schedule(scenario, arm) for arm in arms]
    world = build_world(scenario, seed, replication, lanes_needed(scenario, schedules))
    months = _months(scenario, len(arms))
    return Frames(world, months, tuple(play(world, arm, months) for arm in arms))


def _months(scenario: Scenario, arms: int) -> list[int]:
    """Months of the frames: every one, or every n-th where the file would be too large; the last one always."""
    communities, organizations = scenario.problem.communities, scenario.organizations.count
    pairs = organizations * (organizations - 1) // 2 if organizations <= MOST_ORGANIZATIONS else 0
    frame = arms * (communities * (2 + scenario.problem.levers) + organizations + pairs)
    last = scenario.horizon.months
    step = next((step for step in STEPS if (last / step + 2) * frame <= LARGEST), STEPS[-1])
    return sorted({*range(0, last + 1, step), last})


def play(world: World, arm: CustomArm, months: Sequence[int], most_organizations: int = MOST_ORGANIZATIONS) -> History:
    """Run an arm of a world month by month; its records are those of :func:`ci_sim.simulate.simulate`, bit for bit.

    Parameters
    ----------
    most_organizations : beyond which trust between them is not kept.
    """
    rules, schedule = build_rules(world.scenario), build_schedule(world.scenario, arm)
    state, records = open_arm(world, schedule, rules)
    wanted = set(months)
    networked = len(state.organizations) <= most_organizations
    frames = [_frame(state, networked)]
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        for row in range(start - first, stop - first):
            advance(landscape, rules, block, luck, state, records, row, row + 1, first)
            if first + row + 1 in wanted:
                frames.append(_frame(state, networked))
    indicators, providers, standing, trust = zip(*frames, strict=True)
    mutual = np.stack(trust) if networked else None
    return History(arm, records, np.stack(indicators), np.stack(providers), np.stack(standing), mutual)


def _frame(state: State, networked: bool) -> tuple[NDArray[np.int16], Bytes, Bytes, Bytes]:
    member, active = (np.asarray(state.organizations[name]) for name in ("member", "active"))
    first, second = np.triu_indices(len(member) if networked else 0, 1)
    mutual = (state.trust[first, second] + state.trust[second, first]) / 2
    return (
        np.rint(100 * state.communities["indicator"]).astype(np.int16),
        np.minimum(state.providers, 255).astype(np.uint8),
        np.where(active, np.where(member, MEMBER, OUTSIDE), CLOSED).astype(np.uint8),
        np.rint(100 * mutual * (member[first] & member[second])).astype(np.uint8),
    )
