"""Mandates, where programs are placed, and what money does to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ci_sim.kernel.month import open_month
from ci_sim.kernel.organizations import close, copy_state, deal_mandates, tries_this_month


def sizes(masks: NDArray[np.int64]) -> list[int]:
    return [mask.bit_count() for mask in masks.tolist()]


@pytest.mark.parametrize(("count", "levers", "size"), [(24, 12, 3), (12, 12, 1), (5, 12, 4), (30, 8, 8), (3, 2, 1)])
def test_every_mandate_has_its_size_and_every_lever_someone_as_far_as_they_reach(
    count: int, levers: int, size: int
) -> None:
    keys = np.random.default_rng(1).random((count + 1, levers), dtype=np.float32)
    mandates = deal_mandates(count, levers, size, keys)
    assert sizes(mandates) == [size] * count
    assert mandates.max() < 1 << levers
    assert int(np.bitwise_or.reduce(mandates)).bit_count() >= min(levers, count)


def test_mandates_spread_evenly_over_the_levers() -> None:
    keys = np.random.default_rng(2).random((1201, 12), dtype=np.float32)
    mandates = deal_mandates(1200, 12, 3, keys)
    holders = np.array([(mandates >> lever & 1).sum() for lever in range(12)])
    assert abs(holders - 300).max() < 4 * np.sqrt(1200 * 2 / 11 * 9 / 11)  # two of three are drawn, one is dealt


def test_the_opening_state_is_consistent_and_known_to_everyone(case: Any, opened: Any, assert_consistent: Any) -> None:
    state = opened(case()).state
    assert_consistent(state)
    assert (state.organizations["programs"] == 12).all()
    assert (state.pictures == state.practices).all()
    assert np.array_equal(state.practices, state.communities["status_quo"])
    assert (state.trust == 0.2).all()


def test_programs_go_where_the_pull_is_and_to_each_lever_alike(case: Any, opened: Any) -> None:
    specialists = """
    [[groups]]
    name = "specialists"
    sector = "business"
    count = 4000
    levers = ["lever_2", "lever_5", "lever_11"]
    programs = 1
    """
    state = opened(case("problem.pull_skew=1.0", more=specialists), "isolated").state
    pull = state.communities["pull"] / state.communities["pull"].sum()
    by_community = state.providers.sum(axis=1)
    assert (abs(by_community - 4000 * pull) < 4 * np.sqrt(4000 * pull * (1 - pull))).all()
    assert state.providers.sum(axis=0).nonzero()[0].tolist() == [1, 4, 10]
    assert (abs(state.providers.sum(axis=0)[[1, 4, 10]] - 4000 / 3) < 4 * np.sqrt(4000 * 2 / 9)).all()


def test_an_organization_never_runs_a_program_twice_and_stops_when_its_mandate_is_full(
    case: Any, opened: Any, assert_consistent: Any
) -> None:
    state = opened(case("organizations.resourcing=7.0"), "isolated").state  # money for 70, places for 60
    assert (state.organizations["programs"] == 60).all()
    assert (state.providers.sum(axis=1) == 72).all()
    assert_consistent(state)


def test_a_copy_of_a_state_shares_nothing_with_it(case: Any, opened: Any) -> None:
    state = opened(case()).state
    copy = copy_state(state)
    assert all(np.array_equal(one, other) for one, other in zip(state, copy, strict=True))
    assert not any(np.shares_memory(one, other) for one, other in zip(state, copy, strict=True))


def test_extra_money_is_spread_evenly_in_the_order_of_the_grants(
    case: Any, opened: Any, assert_consistent: Any
) -> None:
    world = opened(case("backbone.staff=5.0", "costs.staff=62.0"), "isolated_equal_spend")  # 31 programs' worth
    open_month(world.rules, world.schedule, world.luck, world.state, 0)
    more = world.state.organizations["funded"] - 12
    first = np.argsort(world.luck.grants)[:7]
    assert more.sum() == 31
    assert np.array_equal(np.flatnonzero(more == 2), np.sort(first))
    assert (np.delete(more, first) == 1).all()
    assert np.array_equal(world.state.organizations["programs"], world.state.organizations["funded"])
    assert_consistent(world.state)


def test_what_closed_organizations_leave_the_others_take_up(case: Any, opened: Any, assert_consistent: Any) -> None:
    world = opened(case("backbone.staff=5.0", "costs.staff=62.0"), "isolated_equal_spend")
    for organization in range(10):
        close(world.state, organization)
    open_month(world.rules, world.schedule, world.luck, world.state, 0)
    assert not world.state.organizations["funded"][:10].any()
    assert not world.state.organizations["programs"][:10].any()
    assert world.state.organizations["funded"].sum() == 14 * 12 + 31
    assert_consistent(world.state)


def test_funding_scales_programs_and_tries(case: Any, opened: Any, assert_consistent: Any) -> None:
    event = "[[events]]\nmonth = {}\nkind = 'funding'\nfactor = {}\n"
    events = event.format(1, 0.5) + event.format(2, 2.0) + event.format(3, 0.0)
    world = opened(case(more=events), "isolated")
    for month, programs, tries in ((0, 6, 1.5), (1, 24, 6), (2, 0, 0)):
        open_month(world.rules, world.schedule, world.luck, world.state, month)
        assert (world.state.organizations["programs"] == programs).all()
        assert_consistent(world.state)
        for organization in range(24):
            rounding = world.luck.attempt_rounding[month, organization]
            expected = int(tries + rounding)
            assert tries_this_month(world.luck, world.state, organization, month) == expected


def test_funding_once_lost_stays_lost(case: Any, opened: Any) -> None:
    world = opened(case("hazards.funding_loss=0.9", "hazards.funding_loss_share=0.5"), "isolated")
    held = np.ones(24)
    for month in range(6):
        open_month(world.rules, world.schedule, world.luck, world.state, month)
        held[world.luck.fortune[month, :, 2] < 1 - 0.1 ** (1 / 12)] *= 0.5
        assert world.state.organizations["funding"] == pytest.approx(held)
    assert 0.03 < held.mean() < 0.9


def test_who_closes_ends_its_programs_and_its_membership(case: Any, opened: Any, assert_consistent: Any) -> None:
    world = opened(case()).everyone_joins()
    before = world.state.providers.sum()
    close(world.state, 4)
    assert world.state.providers.sum() == before - 12
    assert not world.state.organizations["active"][4]
    assert not world.state.organizations["member"][4]
    assert_consistent(world.state)


def test_new_leaders_are_strangers_who_know_only_the_status_quo(case: Any, opened: Any) -> None:
    event = '[[events]]\nmonth = 1\nkind = "turnover"\nshare = 0.3\n'
    world = opened(case(more=event))
    world.state.trust[:], world.state.pictures[:] = 0.9, 7
    open_month(world.rules, world.schedule, world.luck, world.state, 0)
    new = world.luck.fortune[0, :, 0] < 0.3
    assert 0 < new.sum() < 24
    assert np.array_equal(world.state.trust, np.where(new[:, None] | new, 0.2, 0.9))
    status_quo = world.state.communities["status_quo"]
    assert np.array_equal(world.state.pictures, np.where(new[:, None], status_quo, 7))


def test_a_replication_puts_the_best_community_in_place_wherever_somebody_delivers(
    case: Any, opened: Any, assert_consistent: Any
) -> None:
    world = opened(case(more='[[events]]\nmonth = 1\nkind = "replication"\n'))
    state = world.state
    best = int(np.argmax(state.communities["indicator"]))
    before, served = state.practices.copy(), state.communities["served"].copy()
    trust, model = state.trust.copy(), int(state.practices[best])
    open_month(world.rules, world.schedule, world.luck, state, 0)
    expected = (before & ~served) | (model & served)
    assert (expected != before).sum() > 10
    assert np.array_equal(state.practices, expected)
    assert np.array_equal(state.communities["opening"], expected)
    assert np.array_equal(state.pictures, np.tile(expected, (24, 1)))
    assert state.initiative["churn"][0] == sum(int(changed).bit_count() for changed in before ^ expected)
    assert np.array_equal(state.trust, trust)
    assert_consistent(state)
