"""Organizations: their mandates, their money, where they place programs, and the state everything starts from."""

from __future__ import annotations

import numpy as np

from ci_sim.kernel import COMMUNITY, INITIATIVE, Floats, Integers, Landscape, Luck, Schedule, State, Table, Uniforms
from ci_sim.kernel.bits import bits, lowest
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.landscape import outcome

__all__ = [
    "close", "copy_state", "deal_mandates", "deliver", "match_funding", "open_state", "replicate", "tries_this_month",
    "withdraw",
]  # fmt: skip


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
    deal(mandates, n_levers, size, keys)
    return mandates


@compiled
def deal(mandates: Integers, n_levers: int, size: int, keys: Uniforms) -> None:
    """Fill in the (O,) mandates, for :func:`deal_mandates`."""
    dealt = 0
    for organization in range(mandates.shape[0]):
        if organization % n_levers == 0:
            dealt = 0
        card = _smallest_key(keys[0], dealt)
        dealt |= 1 << card
        mandates[organization] = 1 << card
        for _ in range(size - 1):
            mandates[organization] |= 1 << _smallest_key(keys[organization + 1], mandates[organization])


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
        total += state.communities[community].pull * bits(mandate & ~state.delivered[community, organization])
    if total == 0.0 or held == state.places.shape[1]:
        return False
    rest, chosen = uniform * total, -1
    for community in range(n_communities):
        free = bits(mandate & ~state.delivered[community, organization])
        if free > 0:
            chosen = community
            if rest < state.communities[community].pull * free:
                break
            rest -= state.communities[community].pull * free
    levers = mandate & ~state.delivered[chosen, organization]
    nth = min(int(rest / state.communities[chosen].pull), bits(levers) - 1)
    for _ in range(nth):
        levers &= levers - 1
    lever = lowest(levers)
    state.places[organization, held] = chosen * n_levers + lever
    state.organizations[organization].programs = held + 1
    deliver(state, organization, chosen, lever)
    return True


@compiled(inline=True)
def deliver(state: State, organization: int, community: int, lever: int) -> None:
    """Let an organization deliver a lever in a community."""
    if state.delivered[community, organization] == 0:
        _arrive(state, organization, community)
    state.delivered[community, organization] |= 1 << lever
    state.providers[community, lever] += 1
    state.communities[community].served |= 1 << lever


@compiled(inline=True)
def withdraw(state: State, organization: int, community: int, lever: int) -> None:
    """Let it deliver the lever there no more."""
    state.delivered[community, organization] &= ~(1 << lever)
    state.providers[community, lever] -= 1
    if state.providers[community, lever] == 0:
        state.communities[community].served &= ~(1 << lever)
    if state.delivered[community, organization] == 0:
        _depart(state, organization, community)


@compiled
def _arrive(state: State, organization: int, community: int) -> None:
    """Insert an organization into the list of those present, in the order of their numbers."""
    present, place = state.present[community], state.communities[community].present
    while place > 0 and present[place - 1] > organization:
        present[place] = present[place - 1]
        place -= 1
    present[place] = organization
    state.communities[community].present += 1


@compiled
def _depart(state: State, organization: int, community: int) -> None:
    """Take an organization out of the list of those present."""
    present, place = state.present[community], 0
    while present[place] != organization:
        place += 1
    state.communities[community].present -= 1
    for later in range(place, state.communities[community].present):
        present[later] = present[later + 1]


@compiled
def _close_program(state: State, organization: int) -> None:
    """Close the program in the organization's last place."""
    last = state.organizations[organization].programs - 1
    community, lever = divmod(state.places[organization, last], state.providers.shape[1])
    state.organizations[organization].programs = last
    withdraw(state, organization, community, lever)


@compiled
def close(state: State, organization: int) -> None:
    """Close an organization: its programs end, it leaves the initiative and acts no more."""
    while state.organizations[organization].programs > 0:
        _close_program(state, organization)
    state.organizations[organization].active = False
    state.initiative[0].members -= state.organizations[organization].member
    state.organizations[organization].member = False


@compiled
def replicate(state: State) -> None:
    """Replicate the practices of the community with the best indicator wherever a program delivers their lever.

    It costs no tries and asks nobody. Everyone's pictures show what was put in place, so that nobody works against it
    for want of knowing. Of equally good communities it is the first.
    """
    best = 0
    for community in range(state.practices.shape[0]):
        if state.communities[community].indicator > state.communities[best].indicator:
            best = community
    model = state.practices[best]
    for community in range(state.practices.shape[0]):
        served, before = state.communities[community].served, state.practices[community]
        state.practices[community] = (before & ~served) | (model & served)
        state.initiative[0].churn += bits(before ^ state.practices[community])
        for organization in range(state.organizations.shape[0]):
            picture = state.pictures[organization, community]
            state.pictures[organization, community] = (picture & ~served) | (model & served)


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
        funded = organization.programs_each if factor == 1.0 else round(organization.programs_each * factor)
        organization.funded = funded if organization.active else 0
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
        tied = luck.grants[other] == luck.grants[organization] and other < organization
        earlier = luck.grants[other] < luck.grants[organization] or tied
        before += state.organizations[other].active and earlier
    return before


@compiled(inline=True)
def tries_this_month(luck: Luck, state: State, organization: int, month: int) -> int:
    """Tries of an organization this month: attempts scaled with its money, a fraction rounded by chance."""
    actor = state.organizations[organization]
    tries = actor.attempts * actor.funded / max(1, actor.programs_each)
    whole = int(tries + luck.attempt_rounding[month, organization])
    return min(whole, luck.tries.shape[0])


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
    state = State(
        np.array(status_quo, np.int64),
        organizations.copy(),
        np.zeros(n_communities, COMMUNITY),
        np.zeros(1, INITIATIVE),
        np.empty((n_organizations, n_communities), np.int64),
        np.zeros((n_communities, n_organizations), np.int64),
        np.zeros((n_communities, n_organizations), np.int32),
        np.zeros((n_communities, landscape.area_sizes.shape[0]), np.int64),
        np.zeros((n_organizations, places.shape[0]), np.int64),
        np.full((n_organizations, n_organizations), initial_trust, np.float64),
        np.arange(n_organizations),
    )
    state.pictures[:] = status_quo
    open_communities(landscape, state, pull, equity_focus, priority_communities)
    open_organizations(state, places)
    return state


@compiled
def open_communities(
    landscape: Landscape, state: State, pull: Floats, equity_focus: float, priority_communities: int
) -> None:
    """Write the first rows of the communities, for :func:`open_state`."""
    attention = 0.0
    for community in range(pull.shape[0]):
        row = state.communities[community]
        row.status_quo = state.practices[community]
        row.indicator = outcome(landscape, community, row.status_quo)
        row.pull = pull[community]
        attention += pull[community] ** (1.0 - 2.0 * equity_focus)
        row.attention = attention
        row.observation_sd = 1.0
        row.rank = community
        less = 0
        for other in range(pull.shape[0]):
            tied = pull[other] == pull[community] and other < community
            less += pull[other] < pull[community] or tied
        row.priority = less < priority_communities
    for community in range(pull.shape[0]):
        state.communities[community].attention /= attention


@compiled
def open_organizations(state: State, places: Uniforms) -> None:
    """Give every organization its money and its first programs, for :func:`open_state`."""
    for organization in range(state.organizations.shape[0]):
        row = state.organizations[organization]
        row.funded, row.funding, row.active = row.programs_each, 1.0, True
        for nth in range(min(row.programs_each, places.shape[0])):
            _open_program(state, organization, places[nth, organization])


def copy_state(state: State) -> State:
    """A state of its own for another arm of the same world."""
    return State._make(array.copy() for array in state)
