"""The problem: an NK landscape per community (Kauffman & Weinberger 1989; Levinthal 1997).

Outcome area l depends on its own lever and on K others; performance is the mean of the areas' contributions.
Above :data:`LARGEST_EXACT` levers the maximum is the best of many climbs, an estimate from below.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ci_sim.kernel import Floats, Integers, Landscape, Uniforms
from ci_sim.kernel.compiled import compiled

__all__ = [
    "EXPLICIT", "LARGEST_EXACT", "MODULAR", "RANDOM", "RING", "LandscapeDraws", "build_landscape", "contribution",
    "outcome", "performance", "wire",
]  # fmt: skip

RANDOM, RING, MODULAR, EXPLICIT = 0, 1, 2, 3
LARGEST_EXACT = 20
LARGEST_TABLE = 2**25
"""Most configurations, over all communities, whose performance is kept as a table (256 MB)."""


class LandscapeDraws(NamedTuple):
    """Uniform draws a landscape is made of."""

    common: Floats
    """(S,) the contribution tables all communities have in common."""
    local: Floats
    """(C, S) each community's own tables."""
    sharing: Uniforms
    """(C, S) whether an entry is the common one."""
    climbs: Uniforms
    """(climbs, N) starting points of the climbs above 20 levers; (0, N) below."""


@compiled(allocates=True)
def wire(
    kind: int, n_levers: int, n_dependencies: int, n_modules: int, modularity: float, keys: Uniforms, coins: Uniforms
) -> Integers:
    """Levers each outcome area depends on, its own first.

    Parameters
    ----------
    kind : RANDOM, RING or MODULAR.
    n_levers, n_dependencies : N and K, with K < N.
    n_modules, modularity : blocks of neighbouring levers, and the probability that a link stays inside one
        (Ethiraj & Levinthal 2004); read for MODULAR only.
    keys, coins : (N, N) uniforms.

    Returns
    -------
    (N, K+1) int64.
    """
    area_levers = np.empty((n_levers, n_dependencies + 1), np.int64)
    for area in range(n_levers):
        area_levers[area, 0] = area
        chosen = 1 << area
        for link in range(n_dependencies):
            inside = kind == MODULAR and coins[area, link] < modularity
            lever = (area + link + 1) % n_levers
            if kind != RING:
                lever = _nearest_key(area, chosen, inside, n_modules, keys[area])
            chosen |= 1 << lever
            area_levers[area, link + 1] = lever
    return area_levers


@compiled
def _nearest_key(area: int, chosen: int, inside: bool, n_modules: int, keys: Uniforms) -> int:
    """Lever not yet chosen with the smallest key, from the area's own module first where asked for."""
    n_levers = keys.shape[0]
    best, best_key = -1, 3.0
    for lever in range(n_levers):
        if (chosen >> lever) & 1 == 0:
            same = lever * n_modules // n_levers == area * n_modules // n_levers
            key = keys[lever] + (1.0 if inside and not same else 0.0)
            if key < best_key:
                best, best_key = lever, key
    return best


@compiled(allocates=True)
def build_landscape(area_levers: Integers, similarity: float, draws: LandscapeDraws) -> Landscape:
    """Fill the contribution tables and walk every configuration once for mean, maximum and table.

    Parameters
    ----------
    area_levers : (N, Kmax+1) int64, own lever first, -1 for none.
    similarity : probability that an entry is the common one, 0..1.
    draws : see :class:`LandscapeDraws`.
    """
    n_levers = area_levers.shape[0]
    sizes = np.empty(n_levers, np.int64)
    offsets = np.zeros(n_levers + 1, np.int64)
    for area in range(n_levers):
        size = 0
        for lever in area_levers[area]:
            if lever >= 0:
                size += 1
        sizes[area] = size
        offsets[area + 1] = offsets[area] + (1 << size)

    n_communities, n_states = draws.local.shape
    contributions = np.empty((n_communities, n_states))
    for community in range(n_communities):
        for state in range(n_states):
            shared = draws.sharing[community, state] < similarity
            contributions[community, state] = draws.common[state] if shared else draws.local[community, state]

    exact = n_levers <= LARGEST_EXACT
    keep = exact and (n_communities << n_levers) <= LARGEST_TABLE
    table = np.empty((n_communities, (1 << n_levers) if keep else 0))
    mean, maximum = np.empty(n_communities), np.empty(n_communities)
    landscape = Landscape(area_levers, sizes, offsets, contributions, table, mean, maximum)
    for community in range(n_communities):
        if exact:
            _walk(landscape, community)
        else:
            _climb(landscape, community, draws.climbs)
    return landscape


@compiled(allocates=True)
def _walk(landscape: Landscape, community: int) -> None:
    """Visit all 2**N configurations in Gray-code order, changing one lever at a time."""
    n_levers = landscape.area_sizes.shape[0]
    # The code flips its first lever every other step: let that be the one fewest areas depend on.
    dependents = np.zeros(n_levers, np.int64)
    slots = np.empty((n_levers, n_levers, 2), np.int64)  # (lever, n-th dependent area) -> (area, bit in its state)
    for area in range(n_levers):
        for position in range(landscape.area_sizes[area]):
            lever = landscape.area_levers[area, position]
            slots[lever, dependents[lever], 0] = area
            slots[lever, dependents[lever], 1] = 1 << position
            dependents[lever] += 1
    levers = np.arange(n_levers)
    for last in range(1, n_levers):
        for place in range(last, 0, -1):
            if dependents[levers[place]] < dependents[levers[place - 1]]:
                levers[place], levers[place - 1] = levers[place - 1], levers[place]

    tables = landscape.contributions[community]
    where = landscape.offsets[:-1].copy()
    total = 0.0
    for area in range(n_levers):
        total += tables[where[area]]
    keep = landscape.performance.shape[1] > 0
    configuration, summed, best = 0, 0.0, total
    for step in range(1, (1 << n_levers) + 1):
        if keep:
            landscape.performance[community, configuration] = total / n_levers
        summed += total
        best = max(best, total)
        rank, rest = 0, step
        while rest & 1 == 0:
            rest >>= 1
            rank += 1
        if rank == n_levers:
            break
        lever = levers[rank]
        configuration ^= 1 << lever
        change = 0.0
        for n in range(dependents[lever]):
            area = slots[lever, n, 0]
            change -= tables[where[area]]
            where[area] = landscape.offsets[area] + ((where[area] - landscape.offsets[area]) ^ slots[lever, n, 1])
            change += tables[where[area]]
        total += change
    landscape.mean[community] = summed / n_levers / (1 << n_levers)
    landscape.maximum[community] = best / n_levers


@compiled
def _climb(landscape: Landscape, community: int, starts: Uniforms) -> None:
    """Exact mean, and as maximum the best local peak reached from the given starting points."""
    n_levers = landscape.area_sizes.shape[0]
    total = 0.0
    for area in range(n_levers):
        first, last = landscape.offsets[area], landscape.offsets[area + 1]
        total += landscape.contributions[community, first:last].sum() / (last - first)
    landscape.mean[community] = total / n_levers
    landscape.maximum[community] = total / n_levers
    for start in starts:
        configuration = 0
        for lever in range(n_levers):
            configuration |= (1 << lever) if start[lever] < 0.5 else 0
        here, climbing = performance(landscape, community, configuration), True
        while climbing:
            climbing = False
            for lever in range(n_levers):
                there = performance(landscape, community, configuration ^ (1 << lever))
                if there > here:
                    here, climbing = there, True
                    configuration ^= 1 << lever
        landscape.maximum[community] = max(landscape.maximum[community], here)


@compiled
def contribution(landscape: Landscape, community: int, area: int, configuration: int) -> float:
    """Contribution of one outcome area under a configuration, in [0, 1)."""
    state = 0
    for position in range(landscape.area_sizes[area]):
        state |= ((configuration >> landscape.area_levers[area, position]) & 1) << position
    return landscape.contributions[community, landscape.offsets[area] + state]


@compiled
def performance(landscape: Landscape, community: int, configuration: int) -> float:
    """Performance F: mean contribution over all outcome areas, in [0, 1)."""
    if landscape.performance.shape[1] > 0:
        return landscape.performance[community, configuration]
    n_areas = landscape.area_sizes.shape[0]
    total = 0.0
    for area in range(n_areas):
        total += contribution(landscape, community, area, configuration)
    return total / n_areas


@compiled
def outcome(landscape: Landscape, community: int, configuration: int) -> float:
    """Outcome y = (F - mean) / (maximum - mean): 0 is what chance gives, 1 the best achievable."""
    span = landscape.maximum[community] - landscape.mean[community]
    return (performance(landscape, community, configuration) - landscape.mean[community]) / span
