"""Organizations: their mandates, their money, where they place programs, and the state everything starts from."""

from __future__ import annotations

import numpy as np

from ci_sim.kernel import COMMUNITY, INITIATIVE, Floats, Integers, Landscape, Luck, Schedule, State, Table, Uniforms
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.landscape import outcome

__all__ = ["close", "copy_state", "deal_mandates", "match_funding", "open_state", "tries_this_month"]


@compiled(allocates=True)
def deal_mandates(n_organizations: int, n_levers: int, size: int, keys: Uniforms) -> Integers:
    """Mandates of ``size`` random levers, each lever someone's as far as the organizations reach.

    The first levers are dealt like cards, from a pack shuffled once; the rest are drawn at random.

    Parameters
    ----------
    keys : (O + 1, N) uniforms; the first row shuffles the pack.

    Returns
    -------
    (O,) int64 bit masks.
    """
    mandates = np.empty(n_organizations, np.int64)
    dealt = 0
    for organization in range(n_organizations):
        if organization % n_levers == 0:
            dealt = 0
        card = _smallest_key(keys[0], dealt)
        dealt |= 1 << card
        mandates[organization] = 1 << card
        for _ in range(size - 1):
            mandates[organization] |= 1 << _smallest_key(keys[organization + 1], mandates[organization])
    return mandates


@compiled
def _smallest_key(keys: Uniforms, taken: int) -> int:
    """Position of the smallest key among those not taken."""
    best = -1
    for position in range(keys.shape[0]):
        if (taken >> position) & 1 == 0 and (best < 0 or keys[position] < keys[best]):
            best = position
    return best


@compiled
def _open_program(state: State, organization: int, uniform: float) -> bool:
    """Add one program: a community by its pull, then a lever of the mandate, none of one's own twice.

    Nobody looks at what others run there. One draw does what picking again until the pick is new would do.
    False where the organization already runs every program its mandate allows.
    """
    held, mandate = state.organizations[organization].programs, state.organizations[organization].mandate
    n_communities, n_levers = state.providers.shape
    total = 0.0
    for community in range(n_communities):
        total += state.communities[community].pull * _bits(mandate & ~state.delivered[community, organization])
    if total == 0.0 or held == state.places.shape[1]:
        return False
    rest, chosen = uniform * total, -1
    for community in range(n_communities):
        free = _bits(mandate & ~state.delivered[community, organization])
        if free > 0:
            chosen = community
            if rest < state.communities[community].pull * free:
                break
            rest -= state.communities[community].pull * free
    levers = mandate & ~state.delivered[chosen, organization]
    nth = min(int(rest / state.communities[chosen].pull), _bits(levers) - 1)
    for _ in range(nth):
        levers &= levers - 1
    lever = _bits((levers & -levers) - 1)
    state.places[organization, held] = chosen * n_levers + lever
    state.organizations[organization].programs = held + 1
    state.delivered[chosen, organization] |= 1 << lever
    state.providers[chosen, lever] += 1
    return True


@compiled
def _bits(mask: int) -> int:
    """Number of levers in a mask."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@compiled
def _close_program(state: State, organization: int) -> None:
    """Close the program in the organization's last place."""
    last = state.organizations[organization].programs - 1
    place, n_levers = state.places[organization, last], state.providers.shape[1]
    community, lever = place // n_levers, place % n_levers
    state.organizations[organization].programs = last
    state.delivered[community, organization] &= ~(1 << lever)
    state.providers[community, lever] -= 1


@compiled
def close(state: State, organization: int) -> None:
    """Close an organization: its programs end, it leaves the initiative and acts no more."""
    while state.organizations[organization].programs > 0:
        _close_program(state, organization)
    state.organizations[organization].active = False
    state.organizations[organization].member = False


@compiled
def match_funding(schedule: Schedule, luck: Luck, state: State, month: int) -> None:
    """Open and close programs until everyone runs what the month's money pays for.

    An arm's extra programs reach the active organizations in turn, in the order of ``luck.grants``. Where an
    organization has no place left for a program, the money still buys the tries that come with it.
    """
    active = 0
    for index in range(state.organizations.shape[0]):
        organization = state.organizations[index]
        active += organization.active
        factor = schedule.fortune[month, index].funding * organization.funding
        organization.funded = round(organization.programs_each * factor) if organization.active else 0
    extra = schedule.months[month].extra_programs
    if extra > 0 and active > 0:
        for index in range(state.organizations.shape[0]):
            if state.organizations[index].active:
                in_turn = _active_before(luck, state, index) < extra % active
                state.organizations[index].funded += extra // active + in_turn
    for index in range(state.organizations.shape[0]):
        organization = state.organizations[index]
        while organization.programs > organization.funded:
            _close_program(state, index)
        while organization.programs < min(organization.funded, state.places.shape[1]):
            if not _open_program(state, index, luck.places[organization.programs, index]):
                break


@compiled
def _active_before(luck: Luck, state: State, organization: int) -> int:
    """How many active organizations extra money reaches before this one."""
    before = 0
    for other in range(state.organizations.shape[0]):
        before += state.organizations[other].active and luck.grants[other] < luck.grants[organization]
    return before


@compiled
def tries_this_month(luck: Luck, state: State, organization: int, month: int) -> int:
    """Tries of an organization this month: attempts scaled with its money, a fraction rounded by chance."""
    actor = state.organizations[organization]
    tries = actor.attempts * actor.funded / max(1, actor.programs_each)
    whole = int(tries + luck.attempt_rounding[month, organization])
    return min(whole, luck.tries.shape[0])


@compiled(allocates=True)
def open_state(
    landscape: Landscape,
    organizations: Table,
    status_quo: Integers,
    pull: Floats,
    equity_focus: float,
    priority_communities: int,
    initial_trust: float,
    places: Uniforms,
) -> State:
    """The state at month 0: the status quo in force, known to everyone; programs where isolation puts them.

    Parameters
    ----------
    organizations : (O,) of :data:`ci_sim.kernel.ORGANIZATION`, the columns marked "set once" filled in.
    status_quo : (C,) configurations.  pull : (C,) positive.
    places : (P, O) uniforms that place the programs; P bounds what an organization can ever hold.
    """
    n_organizations, n_communities = organizations.shape[0], status_quo.shape[0]
    communities = np.zeros(n_communities, COMMUNITY)
    pictures = np.empty((n_organizations, n_communities), np.int64)
    attention = np.cumsum(pull ** (1.0 - 2.0 * equity_focus))
    for community in range(n_communities):
        row = communities[community]
        row.status_quo = status_quo[community]
        row.indicator = outcome(landscape, community, status_quo[community])
        row.pull = pull[community]
        row.attention = attention[community] / attention[-1]
        row.observation_sd = 1.0
        row.rank = community
        row.priority = (pull < pull[community]).sum() < priority_communities
        pictures[:, community] = status_quo[community]
    state = State(
        status_quo.copy(),
        organizations.copy(),
        communities,
        np.zeros(1, INITIATIVE),
        pictures,
        np.zeros((n_communities, n_organizations), np.int64),
        np.zeros((n_communities, landscape.area_sizes.shape[0]), np.int64),
        np.zeros((n_organizations, places.shape[0]), np.int64),
        np.full((n_organizations, n_organizations), initial_trust),
        np.arange(n_organizations),
    )
    for organization in range(n_organizations):
        row = state.organizations[organization]
        row.funded, row.funding, row.active = row.programs_each, 1.0, True
        for nth in range(min(row.programs_each, places.shape[0])):
            _open_program(state, organization, places[nth, organization])
    return state


def copy_state(state: State) -> State:
    """A state of its own for another arm of the same world."""
    return State(*(array.copy() for array in state))
