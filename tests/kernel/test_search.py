"""A try: what an organization believes, perceives and adopts (the gain itself by hand: see test_landscape)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ci_sim.kernel import State
from ci_sim.kernel.landscape import performance
from ci_sim.kernel.search import adopt, believed, perceived_gain, practices_seen, true_gain

QUARTILE = 0.6744897501960817


def shared_lever(state: State) -> tuple[int, int, list[int]]:
    """A community and a lever that several organizations deliver, and who they are."""
    community, lever = divmod(int(state.providers.argmax()), state.providers.shape[1])
    return community, lever, np.flatnonzero(state.delivered[community] >> lever & 1).tolist()


def test_an_organization_knows_its_own_levers_and_remembers_the_others(case: Any, opened: Any) -> None:
    state = opened(case(), "isolated").state
    own = int(state.delivered[3, 5])
    state.pictures[5, 3] = 0b010101010101
    for current in (0, 0b111111111111, 0b110010011011):
        assert believed(state, 5, 3, current) == (current & own) + (0b010101010101 & ~own)


@pytest.mark.parametrize(("update", "seen"), [("sequential", 0b11), ("simultaneous", 0b01)])
def test_simultaneous_deciders_see_the_opening_of_the_month(case: Any, opened: Any, update: str, seen: int) -> None:
    world = opened(case(f'organizations.update="{update}"'))
    world.state.communities["opening"][4], world.state.practices[4] = 0b01, 0b11
    assert practices_seen(world.rules, world.state, 4) == seen


def test_full_alignment_weighs_all_areas_and_none_the_mandate_alone(case: Any, opened: Any) -> None:
    landscape = opened(case()).landscape
    everything = (1 << 12) - 1
    for now, new in np.random.default_rng(1).integers(0, 1 << 12, (50, 2)).tolist():
        gained = performance(landscape, 7, new) - performance(landscape, 7, now)
        assert true_gain(landscape, 0b101, 1.0, 7, now, new) == pytest.approx(gained, abs=1e-12)
        assert true_gain(landscape, everything, 0.0, 7, now, new) == pytest.approx(gained, abs=1e-12)
        selfish = true_gain(landscape, 0b101, 0.0, 7, now, new)
        half = true_gain(landscape, 0b101, 0.5, 7, now, new)
        assert half == pytest.approx((selfish + gained) / 2, abs=1e-12)


@pytest.mark.parametrize(("member", "factor"), [(False, 1.0), (True, 0.25)])
def test_noise_is_pooled_for_members_only(case: Any, opened: Any, member: bool, factor: float) -> None:
    world = opened(case("organizations.evaluation_noise=0.4"))
    world.state.organizations["member"][2] = member
    world.state.communities["observation_sd"][6] = 0.25
    mandate = world.state.organizations["mandate"][2]
    gain = true_gain(world.landscape, mandate, 0.0, 6, 0, 9)
    for uniform, quantile in ((0.25, -QUARTILE), (0.5, 0.0), (0.75, QUARTILE)):
        perceived = perceived_gain(world.landscape, world.state, 2, 6, 0, 9, uniform)
        assert perceived == pytest.approx(gain + 0.4 * factor * quantile, abs=1e-5)


def test_overwriting_what_fellow_members_deliver_costs_their_trust(case: Any, opened: Any) -> None:
    world = opened(case())
    state = world.state
    community, lever, (actor, stranger, *fellows) = shared_lever(state)
    world.members([actor, *fellows])
    before, trust = int(state.practices[community]), state.trust.copy()
    adopt(world.rules, state, actor, community, 1 << lever, before ^ 1 << lever)
    trust[fellows, actor] *= 0.95
    assert fellows
    assert state.practices[community] == before ^ 1 << lever
    assert state.initiative["churn"][0] == 1
    assert state.trust == pytest.approx(trust)
    adopt(world.rules, state, stranger, community, 1 << lever, before)
    assert state.practices[community] == before
    assert state.trust == pytest.approx(trust)


def test_adopting_changes_nothing_but_the_levers_named(case: Any, opened: Any) -> None:
    world = opened(case())
    world.state.practices[0] = 0b0101
    adopt(world.rules, world.state, 0, 0, 0b0011, 0b1010)
    assert world.state.practices[0] == 0b0110
    assert world.state.initiative["churn"][0] == 2


def test_adopting_what_is_in_force_is_no_change(case: Any, opened: Any) -> None:
    world = opened(case())
    community, lever, (actor, *_) = shared_lever(world.state)
    before, trust = int(world.state.practices[community]), world.state.trust.copy()
    adopt(world.rules, world.state, actor, community, 1 << lever, before)
    assert world.state.practices[community] == before
    assert world.state.initiative["churn"][0] == 0
    assert np.array_equal(world.state.trust, trust)
