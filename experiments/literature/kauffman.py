"""Kauffman & Weinberger 1989, Kauffman 1993: random adaptive walks

How good are the local optima that walks end on? From a random start a walk takes one of the one-flip neighbours that
do better, each as likely as any other, until there is none; 50 walks a landscape. Partners are K different others at
random. With a few partners optima are better than without; as K grows on, they multiply and fall back towards the mean
of 0.5: the complexity catastrophe.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ci_sim.analysis.intervals import mean_interval
from ci_sim.kernel import Landscape
from ci_sim.kernel.compiled import compiled
from ci_sim.kernel.landscape import performance
from ci_sim.streams import Streams
from experiments.literature.landscapes import SEED, Floats, Integers, built, random_partners
from experiments.literature.rows import Published, Row, row

__all__ = ["LANDSCAPES", "PAPER", "PUBLISHED", "local_optima", "rows", "walk_uphill"]

PAPER = "Kauffman"
PUBLISHED = {
    (16, 0): 0.667, (16, 2): 0.703, (16, 4): 0.707, (16, 8): 0.685, (16, 15): 0.643,
    (48, 2): 0.708, (48, 8): 0.706, (48, 16): 0.672,
}  # fmt: skip
"""Mean performance of local optima by (N, K)."""
LANDSCAPES = {
    (16, 0): 2400, (16, 2): 1200, (16, 4): 600, (16, 8): 200, (16, 15): 30,
    (48, 2): 500, (48, 8): 100, (48, 16): 30,
}  # fmt: skip
"""Of the page: the more rugged a landscape, the more alike are its optima."""
WALKS = 50
STEPS = 200
"""Draws a walk has; a longer one uses them again."""
TOLERANCE = 0.005


def local_optima(n_levers: int, n_dependencies: int, landscapes: int) -> Floats:
    """(landscapes,) mean performance of the optima that walks end on."""
    found = np.empty(landscapes)
    for world in range(landscapes):
        streams = Streams(SEED, world)
        landscape = built(streams, random_partners(streams, n_levers, n_dependencies))
        starts = streams.generator("literature starts").integers(0, 1 << n_levers, WALKS)
        ends = np.empty(WALKS)
        walk_uphill(landscape, starts, streams.fine_uniforms("literature steps", WALKS, STEPS), ends)
        found[world] = ends.mean()
    return found


@compiled
def walk_uphill(landscape: Landscape, places: Integers, draws: Floats, heights: Floats) -> None:
    """Walk uphill in the first community until no flip improves.

    Parameters
    ----------
    places : (walks,) configurations where walks start; afterwards, where they ended.
    draws : (walks, steps) uniforms.
    heights : (walks,) performance at the end.
    """
    n_levers = landscape.area_sizes.shape[0]
    for walk in range(places.shape[0]):
        place, step, climbing = places[walk], 0, True
        while climbing:
            here, fitter, better = performance(landscape, 0, place), 0, 0
            for lever in range(n_levers):
                if performance(landscape, 0, place ^ (1 << lever)) > here:
                    fitter |= 1 << lever
                    better += 1
            skip = int(draws[walk, step % draws.shape[1]] * better)
            for _ in range(skip):
                fitter &= fitter - 1
            place ^= fitter & -fitter
            step += 1
            climbing = better > 0
        places[walk] = place
        heights[walk] = performance(landscape, 0, place)


def rows(share: float = 1.0) -> Iterator[Row]:
    """The rows of the page, from a share of its landscapes."""
    for (n, k), known in PUBLISHED.items():
        heights = local_optima(n, k, max(2, round(share * LANDSCAPES[n, k])))
        published = Published(known, known, TOLERANCE, 3)
        yield row(PAPER, f"N = {n}, K = {k}", len(heights), published, mean_interval(heights))
