"""Decisions lived again: nothing changes by being watched, and what is told is what happened."""

from __future__ import annotations

import numpy as np
import pytest

from ci_sim.app.watch.decision import Moment
from ci_sim.app.watch.witness import live_watched, witness
from ci_sim.arms import find_arm
from ci_sim.kernel.landscape import outcome
from ci_sim.kernel.month import advance
from ci_sim.kernel.organizations import copy_state
from ci_sim.kernel.recording import record
from ci_sim.scenario_file import parse_scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import open_arm, simulate, stretches
from ci_sim.world import build_rules, build_world, lanes_needed

EVENTFUL = """
schema_version = 1
name = "eventful"
problem = { levers = 6, interdependence = 3, communities = 5 }
horizon = { months = 26 }
backbone = { staff = 3 }
hazards = { funding_loss = 0.2, leader_turnover = 0.2, closure = 0.02 }
groups = [
    { name = "shelters", sector = "civil society", count = 4, levers = ["lever_1", "lever_4"], programs = 6 },
    { name = "offices", sector = "government", count = 3, programs = 3, attempts = 1.5, evaluation_noise = 0.0 },
]
events = [{ month = 7, kind = "shock", share = 0.4 }, { month = 20, kind = "exit", share = 0.3 }]
"""
CALM = """
schema_version = 1
name = "calm"
problem = { levers = 6, interdependence = 3, communities = 5, relapse = 0.0 }
organizations = { count = 8, mandate = 2 }
horizon = { months = 5 }
"""


def world_of(case, arm):
    schedule = build_schedule(case, find_arm(case, arm))
    return build_world(case, 3, 1, lanes_needed(case, [schedule])), schedule


@pytest.mark.parametrize("update", ["sequential", "simultaneous"])
@pytest.mark.parametrize("arm", ["isolated", "ordinary_coalition", "collective_impact"])
def test_all_decisions_of_a_month_lead_to_the_next_month(arm, update):
    case = parse_scenario(EVENTFUL, overrides=[f"organizations.update={update}"])
    world, schedule = world_of(case, arm)
    rules = build_rules(case)
    state, records = open_arm(world, schedule, rules)
    everyone, told = range(case.organizations.count), []
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        for row in range(start - first, stop - first):
            watched = copy_state(state)
            told += live_watched(Moment(landscape, rules, block, luck, watched, row, first + row + 1), everyone)
            advance(landscape, rules, block, luck, state, records, row, row + 1, first)
            line = np.zeros_like(records[:1])
            record(landscape, rules, float(block.months["staff"][row]), watched, line, 0)
            assert line[0] == records[first + row + 1]
            for ours, theirs in zip(watched, state, strict=True):
                np.testing.assert_array_equal(ours, theirs)
    kinds = {decision.kind for decision in told}
    joined = {"isolated": set(), "ordinary_coalition": {"meeting"}, "collective_impact": {"meeting", "peer", "joint"}}
    assert kinds >= {"flip"} | joined[arm]
    assert arm != "isolated" or kinds == {"flip"}
    assert {True, False} == {decision.adopted for decision in told if decision.kind == "flip"}


def test_a_witness_ends_where_the_simulation_does_and_tells_of_the_last_months_alone():
    case = parse_scenario(EVENTFUL)
    world, _ = world_of(case, "collective_impact")
    account = witness(world, find_arm(case, "collective_impact"), {2}, 21, 26)
    run = simulate(case, 1, "collective_impact", seed=3)
    for ours, theirs in zip(account.state, run.state, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert {decision.month for decision in account.decisions} <= set(range(21, 27))
    assert {decision.organization for decision in account.decisions} == {2}


def test_gains_are_those_of_the_kernel():
    """Alone, without noise or anybody else's practices to be wrong about, seen is true."""
    case = parse_scenario(EVENTFUL, overrides=["horizon.months=26"])
    world, _ = world_of(case, "isolated")
    office = 4  # its noise is 0
    decisions = witness(world, find_arm(case, "isolated"), {office}, 1, 6).decisions
    weighed = [decision.gains for decision in decisions if decision.gains]
    assert weighed
    assert all(gains.perceived == pytest.approx(gains.pictured) for gains in weighed)
    fresh = [gains for gains in weighed if gains.outdated == 0]
    assert fresh
    assert all(gains.pictured == pytest.approx(gains.own) for gains in fresh)
    assert any(gains.own != pytest.approx(gains.community) for gains in weighed)


def test_gains_of_what_was_adopted_add_up_to_the_change_of_every_outcome():
    case = parse_scenario(CALM)
    world, _ = world_of(case, "isolated")
    account = witness(world, find_arm(case, "isolated"), set(range(case.organizations.count)), 1, 5)
    landscape = world.landscapes[0][1]
    for community in range(case.problem.communities):
        ends = [outcome(landscape, community, state.practices[community]) for state in (world.state, account.state)]
        here = [one for one in account.decisions if one.community == community]
        assert all(one.adopted == (one.gains.perceived > 0) for one in here)
        gained = sum(one.gains.community for one in here if one.adopted)
        assert gained == pytest.approx(100 * (ends[1] - ends[0]), abs=1e-9)
    assert any(one.adopted and one.gains.community < 0 for one in account.decisions)
