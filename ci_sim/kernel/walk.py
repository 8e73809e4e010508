"""The walk through every configuration of a landscape, for its mean, its maximum and its table of performance.

All communities share the wiring, so they take every step together: their numbers lie side by side, and the inner
loops run over them several at a time.
"""

from __future__ import annotations

from ci_sim.kernel import Floats, Integers, Landscape
from ci_sim.kernel.bits import lowest
from ci_sim.kernel.compiled import compiled

__all__ = ["walk"]


@compiled
def walk(
    landscape: Landscape,
    tables: Floats,
    sums: Floats,
    slots: Integers,
    dependents: Integers,
    levers: Integers,
    where: Integers,
) -> None:
    """Visit all 2**N configurations in Gray-code order, changing one lever at a time, in all communities at once.

    Parameters
    ----------
    tables : (S, C) contributions, communities side by side.
    sums : (3, C) zeros: the areas' total, its change in a step, and the sum of totals.
    slots : (N, N, 2) work space: area and bit in its state, of the n-th area that depends on a lever.
    dependents, levers, where : (N,) zeros: how many areas depend on a lever, the order of levers, areas' states.
    """
    n_levers, n_communities = landscape.area_sizes.shape[0], tables.shape[1]
    _order_levers(landscape, slots, dependents, levers)
    total, change, summed = sums[0], sums[1], sums[2]
    for area in range(n_levers):
        where[area] = landscape.offsets[area]
        for community in range(n_communities):
            total[community] += tables[where[area], community]
    keep = landscape.performance.shape[0] > 0
    configuration = 0
    for community in range(n_communities):
        landscape.maximum[community] = total[community]
    for step in range(1, (1 << n_levers) + 1):
        for community in range(n_communities):
            summed[community] += total[community]
            landscape.maximum[community] = max(landscape.maximum[community], total[community])
        if keep:
            for community in range(n_communities):
                landscape.performance[configuration, community] = total[community] / n_levers
        rank = lowest(step)
        if rank == n_levers:
            break
        lever = levers[rank]
        configuration ^= 1 << lever
        change[:] = 0.0
        for n in range(dependents[lever]):
            area = slots[lever, n, 0]
            old = where[area]
            where[area] = landscape.offsets[area] + ((old - landscape.offsets[area]) ^ slots[lever, n, 1])
            before, after = tables[old], tables[where[area]]
            for community in range(n_communities):
                change[community] = change[community] - before[community] + after[community]
        for community in range(n_communities):
            total[community] += change[community]
    for community in range(n_communities):
        landscape.mean[community] = summed[community] / n_levers / (1 << n_levers)
        landscape.maximum[community] /= n_levers


@compiled
def _order_levers(landscape: Landscape, slots: Integers, dependents: Integers, levers: Integers) -> None:
    """List the areas that depend on each lever, and the levers by how many those are, fewest first.

    The Gray code flips its first lever every other step: let that be the one fewest areas depend on.
    """
    n_levers = levers.shape[0]
    for area in range(n_levers):
        for position in range(landscape.area_sizes[area]):
            lever = landscape.area_levers[area, position]
            slots[lever, dependents[lever], 0] = area
            slots[lever, dependents[lever], 1] = 1 << position
            dependents[lever] += 1
    for lever in range(n_levers):
        place = lever
        while place > 0 and dependents[lever] < dependents[levers[place - 1]]:
            levers[place] = levers[place - 1]
            place -= 1
        levers[place] = lever
