"""What an arm does in which month: the scenario's targets, staff, money and dangers as tables for the kernel."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ci_sim.entries import ConditionEvent, CustomArm, Event, FundingEvent, ReplicationEvent, ShareEvent, StaffEvent
from ci_sim.kernel import FORTUNE, MONTH, Schedule
from ci_sim.parameters import CONDITIONS
from ci_sim.scenario import Scenario

__all__ = ["build_schedule", "has_initiative"]


def has_initiative(schedule: Schedule) -> bool:
    """Whether any of the five conditions is ever wanted: without, nobody takes part in anything."""
    return any((schedule.months[condition] > 0).any() for condition in (*CONDITIONS[:-1], "staff"))


def build_schedule(scenario: Scenario, arm: CustomArm) -> Schedule:
    """The tables of an arm for all months of the horizon; row 0 is month 1.

    Returns
    -------
    Schedule : ``months`` (horizon,) and ``fortune`` (horizon, O).
    """
    months = np.zeros(scenario.horizon.months, MONTH)
    targets = scenario.conditions.model_dump()
    for condition, target in targets.items():
        months[condition] = target
    months["staff"] = scenario.backbone.staff
    for event in _in_order(scenario):
        if isinstance(event, ConditionEvent):
            months[event.condition][event.month - 1 :] = event.target
        elif isinstance(event, StaffEvent):
            months["staff"][event.month - 1 :] = event.staff
        elif isinstance(event, ReplicationEvent):
            months["replication"][event.month - 1] = True
    if arm.equal_spend:
        worth = _affordable(scenario, months["staff"]) * scenario.costs.staff / scenario.costs.program
        months["extra_programs"] = _programs_worth(worth)
    for condition in targets:
        months[condition] *= getattr(arm, condition)
    months["staff"] = _affordable(scenario, months["staff"] * arm.backbone)
    return Schedule(months, _fortune(scenario))


def _affordable(scenario: Scenario, staff: NDArray[np.float64]) -> NDArray[np.float64]:
    """Staff as long as the backbone's envelope pays for them; in its last month a part of them."""
    costs = staff * scenario.costs.staff
    left = np.maximum(0.0, scenario.costs.envelope - (np.cumsum(costs) - costs))
    return staff * np.divide(left, costs, out=np.ones_like(costs), where=costs > left)


def _in_order(scenario: Scenario) -> list[Event]:
    return sorted(scenario.events, key=lambda event: event.month)


def _programs_worth(worth: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole programs for a monthly worth of programs, the total kept within half a program-month.

    Within a stretch of equal worth programs are only added, so that none is opened and closed by turns.
    """
    programs = np.zeros(len(worth), np.int64)
    carried = 0.0
    edges = [0, *(np.flatnonzero(np.diff(worth)) + 1), len(worth)]
    for start, stop in pairwise(edges):
        exact = worth[start] * (stop - start) + carried
        whole = max(0, round(exact))
        carried = exact - whole
        each, rest = divmod(whole, stop - start)
        programs[start:stop] = each
        programs[stop - rest : stop] += 1
    return programs


def _fortune(scenario: Scenario) -> NDArray[np.void]:
    """Funding factors and monthly probabilities of what befalls organizations: yearly hazards, and dated events."""
    hazards = scenario.hazards
    fortune = np.zeros((scenario.horizon.months, scenario.organizations.count), FORTUNE)
    fortune["funding"] = 1.0
    fortune["turnover"] = _monthly(hazards.leader_turnover)
    fortune["exit"] = _monthly(hazards.closure)
    fortune["funding_loss"] = _monthly(hazards.funding_loss)
    for event in _in_order(scenario):
        if isinstance(event, FundingEvent):
            fortune["funding"][event.month - 1 :, _concerned(scenario, event.groups)] = event.factor
        elif isinstance(event, ShareEvent):
            row = fortune[event.kind][event.month - 1]
            concerned = _concerned(scenario, event.groups)
            row[concerned] = 1 - (1 - row[concerned]) * (1 - event.share)
    return fortune


def _monthly(yearly: float) -> float:
    """Monthly probability that gives a yearly one."""
    return -math.expm1(math.log1p(-yearly) / 12)


def _concerned(scenario: Scenario, groups: list[str]) -> NDArray[np.bool_]:
    """Which organizations are of the named groups; all where none is named."""
    members = scenario.group_of_organization
    return np.array([not groups or (group is not None and group.name in groups) for group in members])
