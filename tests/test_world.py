"""A world: who the organizations are, where the communities stand, what a shock redraws."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ci_sim.arms import STANDARD_ARMS
from ci_sim.kernel.landscape import outcome
from ci_sim.scenario import Scenario
from ci_sim.schedule import build_schedule
from ci_sim.simulate import simulate, stretches
from ci_sim.world import World, build_rules, build_world, lanes_needed

GROUPS = """
[[levers]]
name = "shelter"
[[levers]]
name = "rent"
[[levers]]
name = "jobs"
[[levers]]
name = "care"
[[groups]]
name = "city"
sector = "government"
count = 2
levers = ["rent", "care"]
programs = 3
attempts = 1.5
evaluation_noise = 0.2
[[groups]]
name = "charities"
sector = "civil society"
count = 3
"""


def world_of(scenario: Scenario, replication: int = 0) -> World:
    schedules = [build_schedule(scenario, arm) for arm in STANDARD_ARMS.values()]
    return build_world(scenario, 1, replication, lanes_needed(scenario, schedules))


def masks(array: NDArray[np.int64]) -> list[int]:
    return [mask.bit_count() for mask in array.tolist()]


def test_groups_set_mandates_programs_tries_and_noise_and_leave_the_rest_to_the_defaults(case: Any) -> None:
    scenario = case("organizations.mandate=2", "problem.interdependence=2", more=GROUPS)
    organizations = world_of(scenario).state.organizations
    assert len(organizations) == 5
    assert organizations["mandate"][:2].tolist() == [0b1010, 0b1010]
    assert masks(organizations["mandate"][2:]) == [2, 2, 2]
    assert organizations["programs_each"].tolist() == [3, 3, 19, 19, 19]  # 1.2 * 20 * 4 / 5, rounded
    assert organizations["attempts"].tolist() == [1.5, 1.5, 3.0, 3.0, 3.0]
    assert organizations["noise"].tolist() == [0.2, 0.2, 0.08, 0.08, 0.08]


@pytest.mark.parametrize(("initial", "members"), [(0.0, 0), (0.5, 12), (0.3, 7), (1.0, 24)])
def test_as_many_take_part_at_the_start_as_asked(case: Any, initial: float, members: int) -> None:
    assert world_of(case(f"participation.initial={initial}")).state.organizations["member"].sum() == members


def test_who_takes_part_at_the_start_is_drawn(case: Any) -> None:
    often = sum(world_of(case("horizon.months=1"), n).state.organizations["member"] for n in range(60))
    assert (abs(often - 30) < 4 * np.sqrt(60 / 4)).all()


def test_pull_is_as_given_and_drawn_where_it_is_not(case: Any) -> None:
    community = "[[communities]]\nname = '{}'\n{}\n"
    listed = community.format("A", "pull = 3.0") + community.format("B", "") + community.format("C", "pull = 0.5")
    given = world_of(case(more=listed)).state.communities["pull"]
    drawn = world_of(case("problem.communities=3")).state.communities["pull"]
    assert given.tolist() == [3.0, drawn[1], 0.5]
    assert len(set(drawn)) == 3


def test_pull_is_as_unequal_as_asked(case: Any) -> None:
    many = ("problem.communities=2000", "problem.levers=4", "problem.interdependence=1")
    logs = np.log(world_of(case("problem.pull_skew=0.8", *many)).state.communities["pull"])
    assert logs.mean() == pytest.approx(0, abs=0.08)
    assert logs.std() == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("share", "communities", "size"), [(0.25, 20, 5), (0.25, 2, 1), (0.1, 7, 1), (0.5, 9, 4), (1.0, 6, 6)]
)
def test_the_priority_group_has_the_size_asked_for_and_the_least_pull(
    case: Any, share: float, communities: int, size: int
) -> None:
    table = world_of(case(f"equity.priority_share={share}", f"problem.communities={communities}")).state.communities
    assert table["priority"].sum() == size
    assert table["pull"][table["priority"]].max() <= table["pull"].min(initial=np.inf, where=~table["priority"])


def test_the_priority_group_keeps_its_size_where_pulls_are_equal(case: Any) -> None:
    assert world_of(case("problem.pull_skew=0.0")).state.communities["priority"].sum() == 5


def test_attention_adds_up_to_one(case: Any) -> None:
    attention = world_of(case("equity.focus=0.9")).state.communities["attention"]
    assert (np.diff(attention) > 0).all()
    assert attention[-1] == 1.0


def test_the_status_quo_is_drawn_lever_by_lever(case: Any) -> None:
    practices = world_of(case("problem.communities=1000")).state.practices
    ones = np.array([(practices >> lever & 1).sum() for lever in range(12)])
    assert (abs(ones - 500) < 4 * np.sqrt(1000 / 4)).all()


def test_explicit_wiring_is_taken_lever_by_lever(case: Any) -> None:
    wiring = """
    [[levers]]
    name = "a"
    depends_on = [{ lever = "c" }, { lever = "b" }]
    [[levers]]
    name = "b"
    [[levers]]
    name = "c"
    depends_on = [{ lever = "a" }]
    """
    landscape = world_of(case('problem.wiring="explicit"', more=wiring)).landscapes[0][1]
    assert landscape.area_levers.tolist() == [[0, 2, 1], [1, -1, -1], [2, 0, -1]]
    assert landscape.area_sizes.tolist() == [3, 1, 2]
    assert landscape.offsets.tolist() == [0, 8, 10, 14]


@pytest.mark.parametrize(("share", "areas"), [(0.25, 3), (1.0, 12), (0.0, 0)])
def test_a_shock_redraws_its_share_of_the_areas_and_nothing_else(case: Any, share: float, areas: int) -> None:
    more = f'[[events]]\nmonth = 31\nkind = "shock"\nshare = {share}\n'
    calm, shaken = world_of(case()), world_of(case(more=more))
    (_, before), (month, after) = shaken.landscapes
    changed = (before.contributions != after.contributions).reshape(20, 12, 64)
    assert month == 31
    assert np.array_equal(before.contributions, calm.landscapes[0][1].contributions)
    assert np.array_equal(before.area_levers, after.area_levers)
    assert changed.any(axis=(0, 2)).sum() == areas
    assert changed.all(axis=(0, 2)).sum() == areas
    assert np.array_equal(shaken.state.practices, calm.state.practices)
    assert after.mean == pytest.approx(after.contributions.mean(axis=1))


def test_shocks_add_up(case: Any) -> None:
    more = "".join(f'[[events]]\nmonth = {month}\nkind = "shock"\nshare = 0.5\n' for month in (20, 10))
    landscapes = world_of(case(more=more)).landscapes
    changed = [
        (one.contributions != other.contributions).reshape(20, 12, 64).any(axis=(0, 2))
        for (_, one), (_, other) in pairwise(landscapes)
    ]
    assert [month for month, _ in landscapes] == [1, 10, 20]
    assert [struck.sum() for struck in changed] == [6, 6]
    assert changed[0].tolist() != changed[1].tolist()


def test_a_run_meets_the_shock_in_its_month(case: Any) -> None:
    more = '[[events]]\nmonth = 31\nkind = "shock"\nshare = 1.0\n'
    calm, shaken = simulate(case("horizon.months=40")), simulate(case("horizon.months=40", more=more))
    assert np.array_equal(calm.records[:31], shaken.records[:31])
    assert shaken.records["outcome"][31] < calm.records["outcome"][31] - 0.2
    now = shaken.state.practices.tolist()
    after = shaken.world.landscapes[1][1]
    assert shaken.records["outcome"][-1] == pytest.approx(np.mean([outcome(after, c, b) for c, b in enumerate(now)]))


@pytest.mark.parametrize("months", [1, 119, 120, 121, 250])
def test_stretches_cover_every_month_once(case: Any, months: int) -> None:
    more = '[[events]]\nmonth = 1\nkind = "shock"\nshare = 0.5\n'
    scenario = case(f"horizon.months={months}", "problem.communities=3", more=more)
    world, schedule = world_of(scenario), build_schedule(scenario, STANDARD_ARMS["collective_impact"])
    covered = []
    for landscape, block, luck, first, start, stop in stretches(world, schedule):
        covered += range(start, stop)
        assert first % 120 == 0
        assert first <= start < stop <= first + 120
        assert landscape is world.landscapes[1][1]
        assert luck is world.luck[first // 120]
        assert np.array_equal(block.months[: stop - first], schedule.months[first:stop])
    assert covered == list(range(months))


def test_worlds_differ_by_replication_and_by_seed_and_by_nothing_else(case: Any) -> None:
    first, again, other = (world_of(case(), replication) for replication in (0, 0, 1))
    assert all(np.array_equal(one, two) for one, two in zip(first.state, again.state, strict=True))
    assert not np.array_equal(first.state.practices, other.state.practices)
    assert not np.array_equal(first.landscapes[0][1].contributions, other.landscapes[0][1].contributions)
    assert not np.array_equal(simulate(case(), seed=1).records, simulate(case(), seed=2).records)


def test_every_scalar_of_the_scenario_reaches_the_kernel(case: Any) -> None:
    rules = build_rules(case())
    changed = {
        "organizations.acceptance_threshold=0.01": "acceptance_threshold",
        "organizations.picture_refresh=0.2": "picture_refresh",
        "problem.relapse=0.05": "relapse",
        "problem.indicator_lag=3.0": "indicator_lag",
        "activities.plan_rate=0.2": "plan_rate",
        "activities.proposals_per_staff=1.0": "proposals_per_staff",
        "activities.proposals_per_volunteer=1.0": "proposals_per_volunteer",
        "communication.peer_learning=0.1": "peer_learning",
        "measurement.reporting_noise=0.2": "reporting_noise",
        "communication.initial_trust=0.3": "initial_trust",
        "communication.trust_gain=0.1": "trust_gain",
        "communication.trust_decay=0.1": "trust_decay",
        "communication.trust_from_joint_action=0.2": "trust_from_joint_action",
        "communication.trust_lost_to_overwriting=0.1": "trust_lost_to_overwriting",
        "backbone.upkeep_per_staff=3.0": "upkeep_per_staff",
        "backbone.skill=2.0": "skill",
        "backbone.base_work=0.2": "base_work",
        "backbone.volunteer_effectiveness=0.5": "volunteer_effectiveness",
        "backbone.build_rate=0.2": "build_rate",
        "backbone.decay_rate=0.2": "decay_rate",
        "backbone.hub_cost=0.2": "hub_cost",
        "backbone.mesh_cost=0.1": "mesh_cost",
        "backbone.largest_meeting_loss=0.5": "largest_meeting_loss",
        "participation.recruiting=0.2": "recruiting",
        "participation.leaving=0.1": "leaving",
        "equity.focus=0.7": "equity_focus",
        "equity.priority_share=0.5": "priority_communities",
        "hazards.funding_loss_share=0.1": "funding_loss_share",
        "costs.program=3.0": "cost_per_program",
        "costs.staff=3.0": "cost_per_staff",
        'organizations.update="simultaneous"': "simultaneous",
    }
    assert set(changed.values()) == set(rules.dtype.names)
    for override, name in changed.items():
        row = build_rules(case(override))
        differing = [column for column in rules.dtype.names if row[column] != rules[column]]
        assert differing == [name]
        value = override.partition("=")[2]
        if value[0].isdigit() and name != "priority_communities":
            assert row[name] == float(value)
