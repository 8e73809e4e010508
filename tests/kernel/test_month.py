"""The month: acting order, tries, relapse, the lagging indicator, and what is recorded of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ci_sim.kernel.landscape import outcome
from ci_sim.kernel.month import act, convene, live, open_month, order_acting, prepare
from ci_sim.kernel.organizations import copy_state
from ci_sim.kernel.recording import record
from ci_sim.simulate import simulate


def outcomes(world: Any) -> Any:
    practices = world.state.practices.tolist()
    return np.array([outcome(world.landscape, community, now) for community, now in enumerate(practices)])


def test_everyone_acts_once_a_month_and_first_as_often_as_anyone(case: Any, opened: Any) -> None:
    first = np.zeros(8)
    for replication in range(10):
        world = opened(case("organizations.count=8"), "isolated", replication)
        for month in range(120):
            order_acting(world.luck, world.state, month)
            assert np.sort(world.state.order).tolist() == list(range(8))
            first[world.state.order[0]] += 1
    assert abs(first - 150).max() < 4 * np.sqrt(1200 * 1 / 8 * 7 / 8)


@pytest.mark.parametrize("arm", ["isolated", "collective_impact"])
def test_a_month_is_its_steps_in_the_order_of_the_list(case: Any, opened: Any, arm: str) -> None:
    scenario = case("horizon.months=6", "hazards.leader_turnover=0.5")
    stepwise = opened(scenario, arm, 2)
    landscape, rules, schedule, luck, state = stepwise
    records = simulate(scenario, 2, arm).records.copy()
    for month in range(6):
        open_month(rules, schedule, luck, state, month)
        prepare(rules, schedule, luck, state, month)
        order_acting(luck, state, month)
        for organization in state.order:
            act(landscape, rules, luck, state, organization, month)
        convene(landscape, rules, schedule, luck, state, month)
        for community in range(20):
            live(landscape, rules, luck, state, community, month)
        before = records.copy()
        record(landscape, rules, schedule.months["staff"][month], state, records, month + 1)
        assert np.array_equal(records, before)
    whole = simulate(scenario, 2, arm).state
    assert all(np.array_equal(one, other) for one, other in zip(state, whole, strict=True))


def test_within_a_simultaneous_month_the_order_does_not_matter(case: Any, opened: Any) -> None:
    def practices(update: str, step: int) -> list[int]:
        world = opened(case(f'organizations.update="{update}"', "organizations.attempts=20.0"), "isolated")
        open_month(world.rules, world.schedule, world.luck, world.state, 0)
        prepare(world.rules, world.schedule, world.luck, world.state, 0)
        for organization in range(24)[::step]:
            act(world.landscape, world.rules, world.luck, world.state, organization, 0)
        return world.state.practices.tolist()

    assert practices("simultaneous", 1) == practices("simultaneous", -1)
    assert practices("sequential", 1) != practices("sequential", -1)
    assert practices("simultaneous", 1) != practices("sequential", 1)


def test_members_can_lose_all_their_tries_to_meetings_and_others_none(case: Any, opened: Any) -> None:
    world = opened(case("backbone.hub_cost=1.0", "backbone.largest_meeting_loss=1.0"))
    before = copy_state(world.state)
    for maturity in world.schedule.months.dtype.names[:4]:
        world.state.initiative[maturity] = 1.0
    world.state.initiative["carried_by_staff"] = 1.0
    for organization in np.flatnonzero(world.state.organizations["member"]):
        act(world.landscape, world.rules, world.luck, world.state, organization, 0)
    assert world.state.initiative["tries_lost"][0] == 12 * 3
    assert np.array_equal(world.state.practices, before.practices)
    for organization in np.flatnonzero(~world.state.organizations["member"]):
        act(world.landscape, world.rules, world.luck, world.state, organization, 0)
    assert world.state.initiative["tries_lost"][0] == 12 * 3
    assert not np.array_equal(world.state.practices, before.practices)


def test_without_noise_and_with_full_knowledge_a_try_never_harms_what_an_organization_cares_for(
    case: Any, opened: Any
) -> None:
    world = opened(case("organizations.evaluation_noise=0.0", "problem.interdependence=0"), "isolated")
    before = outcomes(world)
    for organization in range(24):
        act(world.landscape, world.rules, world.luck, world.state, organization, 0)
        after = outcomes(world)
        assert (after >= before).all()
        before = after
    assert world.state.initiative["churn"][0] > 0


def test_a_perceived_gain_has_to_exceed_the_threshold(case: Any, opened: Any) -> None:
    def changes(threshold: float) -> int:
        world = opened(case(f"organizations.acceptance_threshold={threshold}"), "isolated")
        for organization in range(24):
            act(world.landscape, world.rules, world.luck, world.state, organization, 0)
        return int(world.state.initiative["churn"][0])

    assert changes(-1.0) == 24 * 3
    assert 24 * 3 > changes(0.0) > changes(0.05) > changes(1.0) == 0


def test_nobody_changes_what_it_does_not_deliver(case: Any, opened: Any) -> None:
    world = opened(case("organizations.attempts=30.0")).everyone_joins()
    world.state.initiative["continuous_communication"] = 1.0
    for organization in range(24):
        before = world.state.practices.copy()
        act(world.landscape, world.rules, world.luck, world.state, organization, 0)
        foreign = ~world.state.delivered[:, organization]
        assert not ((before ^ world.state.practices) & foreign).any()
    assert world.state.initiative["churn"][0] > 0


def test_learning_takes_over_the_practices_of_a_place_that_reports_better(case: Any, opened: Any) -> None:
    """One organization, one try each, always learning: what it adopts is what the better place does."""
    world = opened(case("communication.peer_learning=0.5", "organizations.acceptance_threshold=-1.0")).everyone_joins()
    state = world.state
    state.initiative["continuous_communication"] = state.initiative["shared_measurement"] = 1.0
    world.luck.tries[:, :, :, 2] = 0.0
    best = int(state.communities["indicator"].argmax())
    taken = 0
    for organization in range(24):
        before = state.practices.copy()
        act(world.landscape, world.rules, world.luck, state, organization, 0)
        for community in np.flatnonzero(before != state.practices):
            own = state.delivered[community, organization]
            better = np.flatnonzero(state.communities["indicator"] > state.communities["indicator"][community])
            assert state.practices[community] & own in (state.practices[better] & own).tolist()
            assert community != best
            taken += 1
    assert taken > 10


def test_joint_learning_takes_over_the_practices_of_a_place_that_reports_better(case: Any, opened: Any) -> None:
    """One proposal a month, always learning, always agreed: what changes becomes what the better place does."""
    overrides = ("communication.peer_learning=0.5", "organizations.acceptance_threshold=-1.0", "backbone.staff=1.0")
    rates = ("activities.plan_rate=0.0", "activities.proposals_per_staff=1.0", "activities.proposals_per_volunteer=0.0")
    world = opened(case(*overrides, *rates)).everyone_joins()
    state = world.state
    for maturity in world.schedule.months.dtype.names[1:4]:
        state.initiative[maturity] = 1.0
    agreed = 0
    for month in range(120):
        before = state.practices.copy()
        convene(world.landscape, world.rules, world.schedule, world.luck, state, month)
        for community in np.flatnonzero(before != state.practices):
            served = state.communities["served"][community]
            better = np.flatnonzero(state.communities["indicator"] > state.communities["indicator"][community])
            assert state.practices[community] & served in (before[better] & served).tolist()
            assert (state.practices[community] ^ before[community]) & ~served == 0
            agreed += 1
    assert 20 < agreed < 80  # about half of the pairs of places are the better way round
    assert 20 < state.initiative["joint_actions_proposed"][0] < 90


def test_only_unserved_practices_relapse_and_only_to_the_status_quo(case: Any, opened: Any) -> None:
    world = opened(case("problem.relapse=0.3"), "isolated")
    state = world.state
    state.practices[:] ^= 0b111111111111
    for community in range(20):
        live(world.landscape, world.rules, world.luck, state, community, 0)
    back = np.array([[(now ^ old) >> lever & 1 == 0 for lever in range(12)]
                     for now, old in zip(state.practices, state.communities["status_quo"], strict=True)])  # fmt: skip
    assert np.array_equal(back, (world.luck.relapse[0] < 0.3) & (state.providers == 0))
    assert state.initiative["churn"][0] == back.sum() > 0
    before = state.practices.copy()
    state.practices[:] = state.communities["status_quo"]
    for community in range(20):
        live(world.landscape, world.rules, world.luck, state, community, 1)
    assert np.array_equal(state.practices, state.communities["status_quo"])
    assert not np.array_equal(state.practices, before)


@pytest.mark.parametrize("lag", [1.0, 6.0])
def test_the_indicator_follows_the_outcome_with_inertia(case: Any, opened: Any, lag: float) -> None:
    world = opened(case(f"problem.indicator_lag={lag}", "problem.relapse=0.0"), "isolated")
    old = world.state.communities["indicator"].copy()
    assert old == pytest.approx(outcomes(world))
    world.state.practices[:] ^= 0b1
    for community in range(20):
        live(world.landscape, world.rules, world.luck, world.state, community, 0)
    assert world.state.communities["indicator"] == pytest.approx(old + (outcomes(world) - old) / lag)


@pytest.mark.parametrize("arm", ["isolated", "collective_impact"])
def test_the_record_of_a_month_says_what_the_state_says(case: Any, arm: str) -> None:
    more = '[[events]]\nmonth = 10\nkind = "exit"\nshare = 0.2\n'
    run = simulate(case("horizon.months=20", "problem.pull_skew=1.0", more=more), 3, arm)
    state, record = run.state, run.records[-1]
    landscape, organizations, initiative = run.world.landscapes[0][1], state.organizations, state.initiative[0]
    practices = enumerate(state.practices.tolist())
    indicator, members = np.sort(state.communities["indicator"]), organizations["member"]
    served, programs, priority = (state.providers > 0).sum(), state.providers.sum(), state.communities["priority"]
    by_members = np.bitwise_or.reduce(state.delivered[:, members], axis=1) if members.any() else np.zeros(20, np.int64)
    together = sum(mask.bit_count() for mask in by_members.tolist())
    expected = {
        "indicator": indicator.mean(),
        "outcome": np.mean([outcome(landscape, community, now) for community, now in practices]),
        "equity_gap": indicator[-5:].mean() - indicator[:5].mean(),
        "priority_indicator": state.communities["indicator"][priority].mean(),
        "rest_indicator": state.communities["indicator"][~priority].mean(),
        "coverage": served / 240,
        "duplication": (programs - served) / programs,
        "participation": members.sum() / organizations["active"].sum(),
        "trust": organizations["mean_trust"][members].sum() / max(1, members.sum()),
        "alignment": organizations["alignment"][members].sum() / max(1, members.sum()),
        "measured_together": initiative["shared_measurement"] * together / 240,
        "budget_carried": initiative["carried_by_staff"],
        "backbone": initiative["kept_up"] if arm == "collective_impact" else 0.0,
        "programs": programs,
        "spend": 10 * organizations["funded"].sum() + (40 if arm == "collective_impact" else 0),
    }
    expected |= {name: initiative[name] for name in ("common_agenda", "churn", "tries_lost", "joint_actions_agreed")}
    assert 12 <= organizations["active"].sum() < 24
    assert {name: record[name] for name in expected} == pytest.approx(expected)
