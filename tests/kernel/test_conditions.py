"""The five conditions, each by the equation in its own room (what they do at zero: see tests/test_null.py)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ci_sim.kernel import State
from ci_sim.kernel.conditions.backbone import keep_up, mean_maturity, meeting_loss, recruit
from ci_sim.kernel.conditions.common_agenda import align
from ci_sim.kernel.conditions.continuous_communication import move_trust, peer_learning_probability, refresh_pictures
from ci_sim.kernel.conditions.mutually_reinforcing_activities import (
    agree,
    draft_pair,
    expected_proposals,
    expected_reviews,
    pick_community,
    review_place,
)
from ci_sim.kernel.conditions.shared_measurement import pool_observations, reported_indicator
from ci_sim.kernel.search import believed, true_gain

MATURITIES = [
    "common_agenda",
    "shared_measurement",
    "mutually_reinforcing_activities",
    "continuous_communication",
]


def uniforms(seed: int, *shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def bits(mask: int) -> list[int]:
    return [lever for lever in range(20) if mask >> lever & 1]


# Common agenda


def test_members_follow_the_agenda_as_far_as_they_trust_or_can_be_held_to_account(case: Any, opened: Any) -> None:
    state = opened(case()).state
    state.initiative["common_agenda"], state.initiative["shared_measurement"] = 0.8, 0.5
    state.organizations["mean_trust"] = 0.4
    align(state)
    members = state.organizations["member"]
    assert 0 < members.sum() < len(members)
    assert state.organizations["alignment"][members] == pytest.approx(0.8 * (1 - 0.6 * 0.5))
    assert not state.organizations["alignment"][~members].any()


# Shared measurement


def test_members_pool_the_observations_of_all_member_programs_of_a_community(case: Any, opened: Any) -> None:
    state = opened(case()).state
    state.initiative["shared_measurement"] = 0.5
    pool_observations(state)
    for number, community in enumerate(state.communities):
        by_members = state.delivered[number, state.organizations["member"]].tolist()
        programs = sum(len(bits(mask)) for mask in by_members)
        assert community["observation_sd"] == pytest.approx((1 + 0.5 * max(0, programs - 1)) ** -0.5)


@pytest.mark.parametrize(("maturity", "noise"), [(0.0, 0.10), (0.4, 0.06), (1.0, 0.0)])
def test_shared_measurement_clears_reports_of_noise(case: Any, opened: Any, maturity: float, noise: float) -> None:
    world = opened(case())
    world.state.initiative["shared_measurement"] = maturity
    told = [reported_indicator(world.rules, world.state, 5, uniform) for uniform in (0.25, 0.5, 0.75)]
    true = world.state.communities["indicator"][5]
    assert told == pytest.approx(true + noise * 0.67449 * np.array([-1, 0, 1]), abs=1e-5)


# Continuous communication


@pytest.mark.parametrize("maturity", [0.0, 0.5, 1.0])
def test_members_see_again_what_they_happen_to_look_at(case: Any, opened: Any, maturity: float) -> None:
    world = opened(case())
    state, draws = world.state, uniforms(2, 24, 20)
    state.initiative["continuous_communication"] = maturity
    old, state.practices[:] = state.pictures.copy(), state.practices ^ 0b111111111111
    refresh_pictures(world.rules, state, draws)
    refresh = np.where(state.organizations["member"], 1 / 12 + 11 / 12 * maturity, 1 / 12)
    assert np.array_equal(state.pictures, np.where(draws < refresh[:, None], state.practices, old))


def test_trust_between_members_moves_with_communication(case: Any, opened: Any) -> None:
    world = opened(case())
    state = world.state
    state.initiative["continuous_communication"] = 0.5
    members = np.flatnonzero(state.organizations["member"])
    state.trust[:] = uniforms(3, 24, 24)
    expected = state.trust.copy()
    for one in members:
        for other in members:
            if one != other:
                expected[one, other] += 0.05 * 0.5 * (1 - expected[one, other]) - 0.02 * 0.5 * expected[one, other]
    move_trust(world.rules, state)
    assert state.trust == pytest.approx(expected)
    for one in members:
        fellows = members[members != one]
        assert state.organizations["mean_trust"][one] == pytest.approx(expected[one, fellows].mean())
    assert not state.organizations["mean_trust"][~state.organizations["member"]].any()


def test_a_member_on_its_own_has_nobody_to_trust(case: Any, opened: Any) -> None:
    world = opened(case())
    world.members([7])
    move_trust(world.rules, world.state)
    assert not world.state.organizations["mean_trust"].any()


def test_only_members_learn_from_peers(case: Any, opened: Any) -> None:
    world = opened(case())
    world.state.initiative["continuous_communication"] = 0.4
    learning = [peer_learning_probability(world.rules, world.state, number) for number in range(24)]
    assert learning == pytest.approx(np.where(world.state.organizations["member"], 0.25 * 0.4, 0.0))


# Mutually reinforcing activities


def test_a_mature_plan_reviews_a_tenth_of_all_places_a_month(case: Any, opened: Any) -> None:
    world = opened(case())
    world.state.initiative["mutually_reinforcing_activities"] = 0.5
    assert expected_reviews(world.rules, world.state) == pytest.approx(0.1 * 0.5 * 20 * 12)


def test_staff_and_volunteers_bring_joint_actions_to_the_table(case: Any, opened: Any) -> None:
    world = opened(case()).everyone_joins()
    world.state.initiative["mutually_reinforcing_activities"] = 0.5
    world.state.initiative["continuous_communication"] = 0.25
    expected = 0.5 * (3 * 4.0 + 0.5 * 0.2 * 0.25 * 24)
    assert expected_proposals(world.rules, world.state, 4.0) == pytest.approx(expected)


@pytest.mark.parametrize("focus", [0.0, 0.5, 0.8, 1.0])
def test_attention_follows_pull_as_far_as_the_equity_focus_lets_it(case: Any, opened: Any, focus: float) -> None:
    state = opened(case(f"equity.focus={focus}", "problem.pull_skew=1.0")).state
    grid = (np.arange(20_000) + 0.5) / 20_000
    picked = np.bincount([pick_community(state, uniform) for uniform in grid], minlength=20) / 20_000
    wanted = state.communities["pull"] ** (1 - 2 * focus)
    assert picked == pytest.approx(wanted / wanted.sum(), abs=1e-4)


def test_a_review_moves_a_members_duplicate_to_an_uncovered_place_of_its_mandate(
    case: Any, opened: Any, assert_consistent: Any
) -> None:
    world = opened(case())
    state: State = world.state
    draws, looks = uniforms(4, 2000, 3), uniforms(5, 2000, *world.luck.looks.shape[2:])
    moves = 0
    for review in range(2000):
        places, providers = state.places.copy(), state.providers.copy()
        moved = review_place(state, draws[review], looks[review])
        changed = np.argwhere(places != state.places)
        assert len(changed) == moved
        if moved:
            moves += 1
            mover, nth = changed[0]
            old, new = divmod(places[mover, nth], 12), divmod(state.places[mover, nth], 12)
            assert state.organizations["member"][mover]
            assert providers[old] >= 2
            assert providers[new] == 0
            assert state.providers[new] == 1
    assert_consistent(state)
    assert moves > 20
    assert state.providers.sum() == 288


def test_where_nobody_is_a_member_nothing_is_planned(case: Any, opened: Any) -> None:
    world = opened(case()).members([])
    draws, looks = uniforms(4, 500, 3), uniforms(5, 500, *world.luck.looks.shape[2:])
    assert not any(review_place(world.state, draws[review], looks[review]) for review in range(500))


def test_a_pair_is_a_lever_and_one_that_its_area_depends_on(case: Any, opened: Any) -> None:
    landscape = opened(case()).landscape
    pairs = {draft_pair(landscape, 0, lever, partner) for lever, partner in uniforms(6, 2000, 2).tolist()}
    wanted = {1 << area | 1 << other for area, others in enumerate(landscape.area_levers[:, 1:]) for other in others}
    assert pairs == wanted


def test_without_interdependence_a_joint_action_is_a_single_lever(case: Any, opened: Any) -> None:
    landscape = opened(case("problem.interdependence=0")).landscape
    assert {draft_pair(landscape, 0, lever, 0.9) for lever in np.linspace(0, 0.99, 50)} == {1 << n for n in range(12)}


def test_a_joint_action_needs_the_consent_of_every_provider_concerned(case: Any, opened: Any) -> None:
    """Against the rules written out with sets: who delivers what, what each believes and weighs."""
    world = opened(case("organizations.evaluation_noise=0.0", "organizations.resourcing=0.6")).members(slice(4, None))
    state: State = world.state
    draw = np.random.default_rng(7)
    state.organizations["alignment"] = np.where(state.organizations["member"], draw.random(24), 0.0)
    state.pictures[:] = draw.integers(0, 1 << 12, state.pictures.shape)
    agreed = 0
    for number in range(1000):
        community = number % 20
        state.practices[community] = draw.integers(1 << 12)
        current, trust, pictures = int(state.practices[community]), state.trust.copy(), state.pictures.copy()
        proposed = current ^ sum(1 << int(lever) for lever in draw.permutation(12)[: 1 + number % 3])
        changed = 0
        for lever in bits(proposed ^ current):
            providers = np.flatnonzero(state.delivered[community] >> lever & 1)
            if len(providers) and state.organizations["member"][providers].all():
                changed |= 1 << lever
        parties = np.flatnonzero(state.delivered[community] & changed)
        consent = changed > 0
        for party in parties:
            now = believed(state, party, community, current) & ~changed | current & changed
            row = state.organizations[party]
            consent &= true_gain(world.landscape, row["mandate"], row["alignment"], community, now, now ^ changed) > 0
        assert agree(world.landscape, world.rules, state, community, proposed, uniforms(number, 24)) == consent
        assert state.practices[community] == (current ^ changed if consent else current)
        if consent:
            agreed += 1
            pictures[parties, community] = pictures[parties, community] & ~changed | (current ^ changed) & changed
            for one in parties:
                others = parties[parties != one]
                trust[one, others] += 0.1 * (1 - trust[one, others])
        assert np.array_equal(state.pictures, pictures)
        assert state.trust == pytest.approx(trust)
    assert 100 < agreed < 600


def test_a_perceived_gain_has_to_exceed_the_threshold(case: Any, opened: Any) -> None:
    def agreements(threshold: float) -> int:
        world = opened(case(f"organizations.acceptance_threshold={threshold}")).everyone_joins()
        agreed = 0
        for number, draws in enumerate(uniforms(8, 300, 24)):
            proposed = int(world.state.practices[number % 20]) ^ 1 << number % 12
            agreed += agree(world.landscape, world.rules, world.state, number % 20, proposed, draws)
        return agreed

    assert agreements(-1.0) > agreements(0.0) > agreements(1.0) == 0


# Backbone


def test_maturities_build_where_the_work_is_done_and_decay_where_it_is_not(case: Any, opened: Any) -> None:
    world = opened(case("backbone.staff=0.5", "conditions.common_agenda=0.9"))
    state = world.state
    state.initiative["members"] = 10
    for maturity in MATURITIES:
        state.initiative[maturity] = 0.5
    keep_up(world.rules, state, world.schedule.months[0])
    assert state.initiative["carried_by_staff"][0] == pytest.approx(6 * 0.5 / (10 * 0.6))
    assert state.initiative["kept_up"][0] == pytest.approx(0.5 + 0.5 * 0.2)
    assert state.initiative["common_agenda"][0] == pytest.approx(0.5 + 0.08 * 0.6 * 0.4 - 0.04 * 0.4 * 0.5)
    for maturity in MATURITIES[1:]:
        assert state.initiative[maturity][0] == pytest.approx(0.5 + 0.08 * 0.6 * 0.5 - 0.04 * 0.4 * 0.5)


@pytest.mark.parametrize(
    ("staff", "skill", "carried"), [(0.0, 1.0, 0.0), (1.0, 2.0, 0.5), (8.0, 1.0, 1.0), (8.0, 0.0, 0.0)]
)
def test_staff_carry_no_more_than_there_is_to_do(
    case: Any, opened: Any, staff: float, skill: float, carried: float
) -> None:
    world = opened(case(f"backbone.staff={staff}", f"backbone.skill={skill}"))
    world.state.initiative["members"] = 20
    for maturity in MATURITIES:
        world.state.initiative[maturity] = 1.1  # 20 members of 1.2 each are 24 members' work
    keep_up(world.rules, world.state, world.schedule.months[0])
    assert world.state.initiative["carried_by_staff"][0] == pytest.approx(carried)
    assert world.state.initiative["kept_up"][0] == pytest.approx(carried + 0.2 * (1 - carried))


@pytest.mark.parametrize(("carried", "members", "loss"), [(0.5, 11, 0.1), (1.0, 200, 0.05), (0.0, 200, 0.9)])
def test_a_hub_is_cheap_and_a_mesh_is_not(case: Any, opened: Any, carried: float, members: int, loss: float) -> None:
    world = opened(case())
    world.state.initiative["common_agenda"] = world.state.initiative["continuous_communication"] = 1.0
    world.state.initiative["carried_by_staff"], world.state.initiative["members"] = carried, members
    assert mean_maturity(world.state) == 0.5
    assert meeting_loss(world.rules, world.state) == pytest.approx(loss)


def test_organizations_join_what_is_kept_up_and_leave_what_they_do_not_trust(case: Any, opened: Any) -> None:
    world = opened(case())
    state, draws = world.state, uniforms(9, 24) * np.float32(0.1)
    state.initiative["kept_up"] = 0.5
    state.organizations["mean_trust"] = 0.25
    state.organizations["active"][:3] = state.organizations["member"][:3] = False
    before = state.organizations["member"].copy()
    recruit(world.rules, state, world.schedule.months[0], draws)
    joined = state.organizations["active"] & (draws < 0.08 * 0.5)
    stayed = draws >= 0.01 * 0.75
    assert np.array_equal(state.organizations["member"], np.where(before, stayed, joined))
    assert 0 < joined[~before].sum() < (~before).sum() - 3
    assert not stayed[before].all()
    assert state.initiative["members"][0] == state.organizations["member"].sum()
