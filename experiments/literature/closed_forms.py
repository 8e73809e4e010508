"""Kauffman & Weinberger 1989, Weinberger 1990: closed forms of NK landscapes

What is known without simulation, at four sizes. K = 0: one local optimum, whose performance is 2/3 on average.
K = N - 1: 2^N / (N + 1) local optima on average. Any K: one flip leaves a correlation of 1 - (K + 1) / N, and
performance varies by 1 / (12 N). Every configuration of every landscape is looked at; partners are K different others
at random.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ci_sim.analysis.intervals import mean_interval
from ci_sim.kernel import Landscape
from ci_sim.kernel.compiled import compiled
from ci_sim.streams import Streams
from experiments.literature.landscapes import SEED, Floats, built, random_partners
from experiments.literature.rows import Published, Row, row

__all__ = ["PAPER", "SIZES", "measured", "rows"]

PAPER = "closed forms"
SIZES = (6, 8, 10, 16)
BATCH = 10
"""Landscapes with one wiring."""
BATCHES = {6: 1000, 8: 500, 10: 300, 16: 20}
"""Of the page; the larger a landscape, the fewer are needed."""


def measured(n_levers: int, n_dependencies: int, batches: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Local optima, maximum, correlation after one flip and 12 N times the variance, of every landscape.

    The last two take mean and variance as theory has them, which keeps them free of bias.
    """
    found = np.empty((4, batches, BATCH))
    for world in range(batches):
        streams = Streams(SEED, world)
        landscape = built(streams, random_partners(streams, n_levers, n_dependencies), BATCH)
        survey(landscape, found[:, world])
        found[1, world] = landscape.maximum
    optima, maximum, correlation, variance = found.reshape(4, -1)
    return optima, maximum, correlation, variance


@compiled
def survey(landscape: Landscape, found: Floats) -> None:
    """Fill in local optima (row 0), correlation (2) and variance (3) of every community from its kept table."""
    n_levers, table = landscape.area_sizes.shape[0], landscape.performance
    for community in range(table.shape[1]):
        optima, together, squares = 0, 0.0, 0.0
        for configuration in range(table.shape[0]):
            here, best = table[configuration, community], True
            squares += (here - 0.5) ** 2
            for lever in range(n_levers):
                there = table[configuration ^ (1 << lever), community]
                together += (here - 0.5) * (there - 0.5)
                best = best and there < here
            optima += 1 if best else 0
        scale = 12 * n_levers / table.shape[0]
        found[0, community] = optima
        found[2, community] = scale * together / n_levers
        found[3, community] = scale * squares


def rows(share: float = 1.0) -> Iterator[Row]:
    """The rows of the page, from a share of its landscapes."""
    for n in SIZES:
        batches = max(2, round(share * BATCHES[n]))

        def line(quantity: str, known: float, tolerance: float, values: Floats, n: int = n) -> Row:
            published = Published(known, known, tolerance, 3)
            return row(PAPER, f"N = {n}, {quantity}", len(values), published, mean_interval(values))

        optima, maximum, _, _ = measured(n, 0, batches)
        yield line("K = 0: local optima", 1, 0, optima)
        yield line("K = 0: mean maximum", 2 / 3, 0.01, maximum)
        for k in (n // 2, n - 1):
            optima, _, correlation, variance = measured(n, k, batches)
            yield line(f"K = {k}: one-flip correlation", 1 - (k + 1) / n, 0.01, correlation)
            yield line(f"K = {k}: 12 N x variance", 1, 0.02, variance)
        expected = 2**n / (n + 1)
        yield line(f"K = {n - 1}: local optima", expected, 0.02 * expected, optima)
