"""The problem: an NK landscape per community (Kauffman & Weinberger 1989; Levinthal 1997).

Outcome area l depends on its own lever and on K others; performance is the mean of the areas' contributions.
Above :data:`LARGEST_EXACT` levers the maximum is the best of many climbs, an estimate from below.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ci_sim.kernel import Floats, Integers, Landscape, Uniforms
from ci_sim.kernel.bits import bits
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.walk import walk

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
    link_areas(area_levers, kind, n_modules, modularity, keys, coins)
    return area_levers


@compiled
def link_areas(
    area_levers: Integers, kind: int, n_modules: int, modularity: float, keys: Uniforms, coins: Uniforms
) -> None:
    """Fill in the (N, K+1) levers, for :func:`wire`."""
    n_levers = area_levers.shape[0]
    for area in range(n_levers):
        area_levers[area, 0] = area
        chosen = 1 << area
        for link in range(area_levers.shape[1] - 1):
            inside = kind == MODULAR and coins[area, link] < modularity
            lever = (area + link + 1) % n_levers
            if kind != RING:
                lever = _nearest_key(area, chosen, inside, n_modules, keys[area])
            chosen |= 1 << lever
            area_levers[area, link + 1] = lever


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


def build_landscape(area_levers: Integers, similarity: float, draws: LandscapeDraws) -> Landscape:
    """Fill the contribution tables and walk every configuration once for mean, maximum and table.

    Parameters
    ----------
    area_levers : (N, Kmax+1) int64, own lever first, -1 for none.
    similarity : probability that an entry is the common one, 0..1.
    draws : see :class:`LandscapeDraws`.
    """
    n_levers = area_levers.shape[0]
    n_communities, n_states = draws.local.shape
    sizes = (area_levers >= 0).sum(1)
    exact = n_levers <= LARGEST_EXACT
    half = (n_levers + 1) // 2
    keep = exact and (n_communities << n_levers) <= LARGEST_TABLE
    landscape = Landscape(
        area_levers,
        sizes,
        np.concatenate(([0], np.cumsum(1 << sizes))),
        np.zeros((1 << half if exact else 0, n_levers), np.int32),
        np.zeros((1 << (n_levers - half) if exact else 0, n_levers), np.int32),
        np.empty((n_communities, n_states)),
        np.empty(((1 << n_levers) if keep else 0, n_communities)),
        np.empty(n_communities),
        np.empty(n_communities),
    )
    fill_tables(landscape, similarity, draws)
    if exact:
        walk(
            landscape,
            landscape.contributions.T.copy(),
            np.zeros((3, n_communities)),
            np.zeros((n_levers, n_levers, 2), np.int64),
            *np.zeros((3, n_levers), np.int64),
        )
    else:
        for community in range(n_communities):
            climb(landscape, community, draws.climbs)
    return landscape


@compiled
def fill_tables(landscape: Landscape, similarity: float, draws: LandscapeDraws) -> None:
    """Mix common and local entries, and tabulate where the halves of a configuration point in the tables."""
    for community in range(draws.local.shape[0]):
        for state in range(draws.local.shape[1]):
            shared = draws.sharing[community, state] < similarity
            entry = draws.common[state] if shared else draws.local[community, state]
            landscape.contributions[community, state] = entry
    if landscape.low_states.shape[0] == 0:
        return
    half = bits(landscape.low_states.shape[0] - 1)
    for area in range(landscape.area_sizes.shape[0]):
        landscape.low_states[0, area] = landscape.offsets[area]
        for position in range(landscape.area_sizes[area]):
            lever = landscape.area_levers[area, position]
            if lever < half:
                landscape.low_states[1 << lever, area] = 1 << position
            else:
                landscape.high_states[1 << (lever - half), area] = 1 << position
    _complete(landscape.low_states)
    _complete(landscape.high_states)


@compiled
def _complete(states: Integers) -> None:
    """Fill the rows of sets of levers from the rows of one lever each, which come without the row of none."""
    for row in range(1, states.shape[0]):
        rest = row & (row - 1)
        for area in range(states.shape[1]):
            alone = states[row ^ rest, area] - states[0, area] if rest else states[row, area]
            states[row, area] = states[rest, area] + alone


@compiled
def climb(landscape: Landscape, community: int, starts: Uniforms) -> None:
    """Exact mean, and as maximum the best local peak reached from the given starting points."""
    n_levers = landscape.area_sizes.shape[0]
    total = 0.0
    for area in range(n_levers):
        first, last = landscape.offsets[area], landscape.offsets[area + 1]
        summed = 0.0
        for state in range(first, last):
            summed += landscape.contributions[community, state]
        total += summed / (last - first)
    landscape.mean[community] = total / n_levers
    landscape.maximum[community] = total / n_levers
    for start in range(starts.shape[0]):
        configuration = 0
        for lever in range(n_levers):
            configuration |= (1 << lever) if starts[start, lever] < 0.5 else 0
        here, climbing = performance(landscape, community, configuration), True
        while climbing:
            climbing = False
            for lever in range(n_levers):
                there = performance(landscape, community, configuration ^ (1 << lever))
                if there > here:
                    here, climbing = there, True
                    configuration ^= 1 << lever
        landscape.maximum[community] = max(landscape.maximum[community], here)


@compiled(inline=True)
def contribution(landscape: Landscape, community: int, area: int, configuration: int) -> float:
    """Contribution of one outcome area under a configuration, in [0, 1)."""
    if landscape.low_states.shape[0] > 0:
        lows = landscape.low_states.shape[0]
        low, high = configuration & (lows - 1), configuration >> bits(lows - 1)
        return landscape.contributions[community, landscape.low_states[low, area] + landscape.high_states[high, area]]
    state = landscape.offsets[area]
    for position in range(landscape.area_sizes[area]):
        state += ((configuration >> landscape.area_levers[area, position]) & 1) << position
    return landscape.contributions[community, state]


@compiled(inline=True)
def performance(landscape: Landscape, community: int, configuration: int) -> float:
    """Performance F: mean contribution over all outcome areas, in [0, 1)."""
    if landscape.performance.shape[0] > 0:
        return landscape.performance[configuration, community]
    n_areas = landscape.area_sizes.shape[0]
    total = 0.0
    for area in range(n_areas):
        total += contribution(landscape, community, area, configuration)
    return total / n_areas


@compiled(inline=True)
def outcome(landscape: Landscape, community: int, configuration: int) -> float:
    """Outcome y = (F - mean) / (maximum - mean): 0 is what chance gives, 1 the best achievable."""
    span = landscape.maximum[community] - landscape.mean[community]
    return (performance(landscape, community, configuration) - landscape.mean[community]) / span
