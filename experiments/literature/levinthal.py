"""Levinthal 1997, Adaptation on rugged landscapes

A hundred organizations of N = 10 attributes start anywhere. Each period each looks at one attribute at random and
changes it if that pays (local adaptation alone: no long jumps, no births or deaths), for 150 periods. Counted are the
different organizational forms. Where attributes do not interact all become alike; the more they interact, the more
forms remain: what an organization becomes depends on where it began.

Reading: an attribute interacts with the K next ones on a ring. The start is a closed form,
2^10 (1 - (1 - 2^-10)^100) = 95.3 different forms of a hundred random ones. The article's own text was not at hand; that
its figures are those of local adaptation alone is what the readings below say. Selection there is: an organization
survives a period with probability F over the population's best, or is replaced by a copy of a survivor, drawn in
proportion to F.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ci_sim.analysis.intervals import mean_interval
from ci_sim.streams import Streams
from experiments.literature.landscapes import (
    SEED,
    Floats,
    Integers,
    Wiring,
    built,
    neighbours,
    random_partners,
)
from experiments.literature.rows import Published, Row, row

__all__ = ["PAPER", "PUBLISHED", "READINGS", "START", "forms", "rows"]

PAPER = "Levinthal"
LEVERS, ORGANIZATIONS, PERIODS = 10, 100, 150
LANDSCAPES, LANDSCAPES_OF_READINGS = 1000, 300
"""Of the page: for the reading it stands on, and for others."""
START = Published(95.3, 95.3, 0.3, 1)
"""2^10 (1 - (1 - 2^-10)^100) = 95.3 different forms are expected of a hundred random ones."""
PUBLISHED = {0: Published(1, 1, 0, 1), 1: Published(4, 4, 0.5, 1), 5: Published(27, 29, 0.5, 1)}
"""Forms at the end, by K; where the text says 'about 4', what rounds to 4 counts."""
READINGS: dict[str, tuple[Wiring, str]] = {
    "partners at random": (random_partners, "one"),
    "the best of all ten changes": (neighbours, "best"),
    "and a long jump each period": (neighbours, "jump"),
    "and selection": (neighbours, "selection"),
}
"""By reading: which attributes interact, and what organizations do."""


def forms(wiring: Wiring, rule: str, n_dependencies: int, landscapes: int) -> Floats:
    """(landscapes, periods + 1) different forms in the population; column 0 is the start."""
    found = np.empty((landscapes, PERIODS + 1))
    for world in range(landscapes):
        streams = Streams(SEED, world)
        landscape = built(streams, wiring(streams, LEVERS, n_dependencies))
        generator = streams.generator("literature periods")
        population = streams.generator("literature starts").integers(0, 1 << LEVERS, ORGANIZATIONS)
        for period in range(PERIODS + 1):
            found[world, period] = len(np.unique(population))
            population = lived_through(population, landscape.performance[:, 0], rule, generator)
    return found


def lived_through(population: Integers, table: Floats, rule: str, generator: np.random.Generator) -> Integers:
    """The population after a period.

    Parameters
    ----------
    table : (2^N,) performance.
    rule : "one": a random attribute is looked at; "best": all, and the best change is made; "jump": as "one", but
        where it does not pay, a whole form drawn at random is looked at; "selection": as "one", then an organization
        survives with probability F over the population's best, or is replaced by a copy of a survivor drawn in
        proportion to F.
    """
    flips = 1 << generator.integers(0, LEVERS, ORGANIZATIONS)
    anywhere = generator.integers(0, 1 << LEVERS, ORGANIZATIONS)
    survives, drawn = generator.random((2, ORGANIZATIONS))
    looked_at = population ^ flips
    if rule == "best":
        around = population[:, None] ^ (1 << np.arange(LEVERS))
        looked_at = around[np.arange(ORGANIZATIONS), table[around].argmax(axis=1)]
    if rule == "jump":
        looked_at = np.where(table[looked_at] > table[population], looked_at, anywhere)
    population = np.where(table[looked_at] > table[population], looked_at, population)
    if rule == "selection":
        fitness = table[population]
        survives_at = survives < fitness / fitness.max()
        chances = np.cumsum(np.where(survives_at, fitness, 0.0))
        parents = np.searchsorted(chances, drawn * chances[-1], side="right")
        population = np.where(survives_at, population, population[parents])
    return population


def rows(share: float = 1.0) -> tuple[list[Row], dict[int, Floats]]:
    """The rows of the page from a share of its landscapes, and the courses of the reading it stands on, by K."""
    landscapes, fewer = (max(2, round(share * number)) for number in (LANDSCAPES, LANDSCAPES_OF_READINGS))
    courses = {k: forms(neighbours, "one", k, landscapes) for k in PUBLISHED}
    found = [row(PAPER, "forms at the start", landscapes, START, mean_interval(courses[0][:, 0]))]
    found += rows_of(courses)
    for reading, (wiring, rule) in READINGS.items():
        found += rows_of({k: forms(wiring, rule, k, fewer) for k in PUBLISHED}, reading)
    return found, courses


def rows_of(courses: Mapping[int, Floats], reading: str = "") -> Iterator[Row]:
    """Forms at the end, by K."""
    for k, course in courses.items():
        yield row(PAPER, f"K = {k}: forms at the end", len(course), PUBLISHED[k], mean_interval(course[:, -1]), reading)
