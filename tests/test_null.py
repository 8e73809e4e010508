"""Nulls: a condition at zero is no condition, nothing is gained where nothing can be, and pairing is worth its name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ci_sim.analysis.intervals import mean_interval
from ci_sim.kernel import State
from ci_sim.kernel.conditions.backbone import keep_up, meeting_loss, recruit
from ci_sim.kernel.conditions.common_agenda import align
from ci_sim.kernel.conditions.continuous_communication import move_trust, peer_learning_probability, refresh_pictures
from ci_sim.kernel.conditions.mutually_reinforcing_activities import expected_proposals, expected_reviews
from ci_sim.kernel.conditions.shared_measurement import pool_observations
from ci_sim.kernel.month import act, convene
from ci_sim.kernel.organizations import copy_state
from ci_sim.simulate import simulate

NOTHING = [
    "conditions.common_agenda=0.0",
    "conditions.shared_measurement=0.0",
    "conditions.mutually_reinforcing_activities=0.0",
    "conditions.continuous_communication=0.0",
    "backbone.staff=0.0",
]
"""All five conditions off: targets and staff."""

BENEFITS_OFF = [
    "conditions.common_agenda=0.0",
    "organizations.evaluation_noise=0.0",  # shared measurement has nothing to improve
    "organizations.picture_refresh=1.0",  # nor has continuous communication
    "communication.peer_learning=0.0",
    "activities.plan_rate=0.0",
    "activities.proposals_per_staff=0.0",
    "activities.proposals_per_volunteer=0.0",
]
"""Costs stay on: meetings take tries, and staff cost money."""


def all_equal(one: State, other: State, *but: str) -> bool:
    names = [name for name in State._fields if name not in but]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


# Each condition at zero is the identity, with members at the table


def test_without_an_agenda_nobody_weighs_more_than_its_mandate(case: Any, opened: Any) -> None:
    state = opened(case()).everyone_joins().state
    state.initiative["shared_measurement"], state.organizations["mean_trust"] = 1.0, 1.0
    align(state)
    assert not state.organizations["alignment"].any()
    state.initiative["common_agenda"] = 1.0
    align(state)
    assert (state.organizations["alignment"] == 1.0).all()


def test_without_shared_measurement_nobody_knows_more_than_it_observes(case: Any, opened: Any) -> None:
    state = opened(case()).everyone_joins().state
    pool_observations(state)
    assert (state.communities["observation_sd"] == 1.0).all()
    state.initiative["shared_measurement"] = 1.0
    pool_observations(state)
    assert (state.communities["observation_sd"] < 1.0).all()


def test_without_communication_members_see_no_more_than_others_and_learn_from_nobody(case: Any, opened: Any) -> None:
    world = opened(case())
    member, other = world.everyone_joins().state, opened(case(), "isolated").state
    member.practices[:] ^= 0b111
    other.practices[:] ^= 0b111
    refresh_pictures(world.rules, member, world.luck.pictures[0])
    refresh_pictures(world.rules, other, world.luck.pictures[0])
    assert np.array_equal(member.pictures, other.pictures)
    assert 0.05 < (member.pictures == member.practices).mean() < 0.12
    assert not any(peer_learning_probability(world.rules, member, number) for number in range(24))
    before = member.trust.copy()
    move_trust(world.rules, member)
    apart = ~np.eye(24, dtype=bool)
    assert member.trust[apart] == pytest.approx(0.98 * before[apart])


def test_without_reinforcing_activities_nothing_is_reviewed_or_proposed(case: Any, opened: Any) -> None:
    world = opened(case("backbone.staff=20.0")).everyone_joins()
    world.state.initiative["continuous_communication"] = 1.0
    assert expected_reviews(world.rules, world.state) == 0.0
    assert expected_proposals(world.rules, world.state, 20.0) == 0.0
    before = copy_state(world.state)
    for month in range(120):
        convene(world.landscape, world.rules, world.schedule, world.luck, world.state, month)
    assert all_equal(world.state, before)
    world.state.initiative["mutually_reinforcing_activities"] = 1.0
    convene(world.landscape, world.rules, world.schedule, world.luck, world.state, 0)
    assert not all_equal(world.state, before)


def test_without_targets_and_staff_there_is_nothing_to_keep_up_to_meet_for_or_to_join(case: Any, opened: Any) -> None:
    world = opened(case(*NOTHING))
    before = world.state.organizations["member"].copy()
    for month in range(24):
        keep_up(world.rules, world.state, world.schedule.months[month])
        recruit(world.rules, world.state, world.schedule.months[month], world.luck.membership[month])
        assert meeting_loss(world.rules, world.state) == 0.0
    assert not world.state.initiative["common_agenda"].any()
    assert not world.state.initiative["kept_up"] - 0.2
    assert not (world.state.organizations["member"] & ~before).any()


def test_a_member_of_an_initiative_without_conditions_acts_as_anyone_does(case: Any, opened: Any) -> None:
    scenario = case(*NOTHING, "organizations.attempts=20.0")
    member, alone = opened(scenario).everyone_joins(), opened(scenario, "isolated")
    assert member.state.organizations["member"].all()
    assert not alone.state.organizations["member"].any()
    for organization in range(24):
        act(member.landscape, member.rules, member.luck, member.state, organization, 0)
        act(alone.landscape, alone.rules, alone.luck, alone.state, organization, 0)
    assert alone.state.initiative["churn"][0] > 0
    assert all_equal(member.state, alone.state, "organizations", "initiative", "trust")


# M2a: all off is isolated impact, row for row


@pytest.mark.parametrize("update", ["sequential", "simultaneous"])
@pytest.mark.parametrize("arm", ["collective_impact", "ordinary_coalition", "isolated_equal_spend"])
def test_with_everything_off_every_arm_is_isolated_impact_row_for_row(
    case: Any, run: Any, arm: str, update: str
) -> None:
    hazards = ("hazards.leader_turnover=0.3", "hazards.closure=0.05", "hazards.funding_loss=0.1")
    scenario = case(*NOTHING, *hazards, f'organizations.update="{update}"')
    records = run(scenario, "isolated", arm, worlds=3)
    assert records["isolated"]["churn"].sum() > 0
    for column in records["isolated"].dtype.names:
        assert np.array_equal(records[arm][column], records["isolated"][column], equal_nan=True), column


def test_conditions_that_start_later_change_nothing_before(case: Any, run: Any) -> None:
    event = '[[events]]\nmonth = 25\nkind = "condition"\ncondition = "{}"\ntarget = 1.0\n'
    later = "".join(event.format(name.split(".")[1].split("=")[0]) for name in NOTHING[:4])
    later += '[[events]]\nmonth = 25\nkind = "staff"\nstaff = 4.0\n'
    records = run(case(*NOTHING, more=later), worlds=5)
    isolated, collective = records["isolated"]["outcome"], records["collective_impact"]["outcome"]
    assert np.array_equal(isolated[:, :25], collective[:, :25])
    assert (collective[:, -1] > isolated[:, -1] + 0.3).all()


# M2b: one organization's decisions move nobody else's draws


def test_taking_one_organizations_decisions_away_leaves_all_draws_as_they_were(case: Any) -> None:
    groups = "[[groups]]\nname = 'one'\nsector = 'business'\ncount = 1\nattempts = {}\n"
    groups += "[[groups]]\nname = 'others'\nsector = 'government'\ncount = 23\n"
    technical = ("problem.interdependence=0", "horizon.months=12")
    scenarios = [case(*technical, more=groups.format(attempts)) for attempts in ("3.0", "0.0")]
    busy, idle = (simulate(scenario, arm="isolated") for scenario in scenarios)
    for name in busy.world.luck[0]._fields:
        assert np.array_equal(getattr(busy.world.luck[0], name), getattr(idle.world.luck[0], name)), name
    assert np.array_equal(busy.world.landscapes[0][1].contributions, idle.world.landscapes[0][1].contributions)
    assert np.array_equal(busy.state.places, idle.state.places)
    # In a technical problem no gain depends on another's levers: where the idle one delivers nothing, all is equal.
    touched = busy.state.practices ^ idle.state.practices
    assert touched.any()
    assert not (touched & ~busy.state.delivered[:, 0]).any()


# M2c: common random numbers are worth having


@pytest.mark.parametrize(
    ("arm", "month"),
    [("isolated_equal_spend", 120), ("ordinary_coalition", 120), ("collective_impact", 6), ("collective_impact", 12)],
)
def test_paired_differences_vary_less_than_unpaired_ones(case: Any, run: Any, arm: str, month: int) -> None:
    records = run(case(), "isolated", "isolated_equal_spend", "ordinary_coalition", "collective_impact")
    isolated, other = records["isolated"]["indicator"][:, month], records[arm]["indicator"][:, month]
    ratio = (other - isolated).var(ddof=1) / (other.var(ddof=1) + isolated.var(ddof=1))
    print(f"{arm}, month {month}: variance of the paired over the unpaired difference {ratio:.2f}")
    assert ratio < 1


# M4: no benefit, no gain


@pytest.mark.parametrize("interdependence", [0, 5])
def test_without_benefits_collective_impact_does_not_beat_isolated_impact(
    case: Any, run: Any, interdependence: int
) -> None:
    records = run(case(*BENEFITS_OFF, f"problem.interdependence={interdependence}"))
    collective, isolated = records["collective_impact"], records["isolated"]
    assert collective["tries_lost"].sum() > 0
    assert collective["spend"].sum() > isolated["spend"].sum()
    assert mean_interval(collective["indicator"][:, -1] - isolated["indicator"][:, -1]).low <= 0


def test_without_benefits_the_costs_of_meeting_show_early(case: Any, run: Any, errors_above: Any) -> None:
    records = run(case(*BENEFITS_OFF, "problem.interdependence=0", "backbone.hub_cost=0.5"))
    assert errors_above(records["collective_impact"]["indicator"][:, 12] - records["isolated"]["indicator"][:, 12]) < -5


@pytest.mark.parametrize(
    ("mesh_cost", "months", "points"),
    [pytest.param(0.02, 60, 0.0, id="default costs"), pytest.param(0.05, 120, 0.01, id="costly meetings")],
)
def test_collective_impact_loses_where_isolated_impact_suffices(
    case: Any, run: Any, mesh_cost: float, months: int, points: float
) -> None:
    """Technical, well covered, well measured, slow organizations, half a person for 24 members."""
    scenario = case(
        "problem.interdependence=0",
        "organizations.resourcing=6.0",
        "organizations.evaluation_noise=0.0",
        "organizations.attempts=0.3",
        "backbone.staff=0.5",
        f"backbone.mesh_cost={mesh_cost}",
        f"horizon.months={months}",
    )
    records = run(scenario)
    difference = records["collective_impact"]["indicator"][:, -1] - records["isolated"]["indicator"][:, -1]
    assert records["isolated"]["coverage"][:, -1].mean() > 0.95
    assert mean_interval(difference).high < -points
