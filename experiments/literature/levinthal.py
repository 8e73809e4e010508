"""Levinthal 1997, Adaptation on rugged landscapes

A hundred organizations of N = 10 attributes start anywhere. Each period each looks at one attribute at random and
changes it if that pays (local adaptation alone: no long jumps, no births or deaths), for 150 periods. Counted are the
different organizational forms. Where attributes do not interact all become alike; the more they interact, the more
forms remain: what an organization becomes depends on where it began.

Reading: an attribute interacts with the K next ones on a ring. The start is a closed form,
2^10 (1 - (1 - 2^-10)^100) = 95.3 different forms of a hundred random ones. The article's own text was not at hand: that
its figures are those of local adaptation alone is concluded from the readings below, long jumps and selection leaving
far fewer forms. Selection there is: an organization survives a period with probability F over the population's best, or
is replaced by a copy of a survivor, drawn in proportion to F.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ci_sim.analysis.intervals import mean_interval
from ci_sim.kernel.bits import bits
from ci_sim.kernel.compiled import compiled
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
LANDSCAPES = 1000
"""Of the page."""
START = Published(95.3, 95.3, 0.3, 1)
"""2^10 (1 - (1 - 2^-10)^100) = 95.3 different forms are expected of a hundred random ones."""
PUBLISHED = {0: Published(1, 1, 0, 1), 1: Published(4, 4, 0.5, 1), 5: Published(27, 29, 0.5, 1)}
"""Forms at the end, by K; where the text says 'about 4', what rounds to 4 counts."""
ONE, BEST, JUMP, SELECTION = range(4)
"""What an organization does in a period; see :func:`live`."""
LANES = (1, 1, 2, 4)
"""Draws each of these needs."""
READINGS: dict[str, tuple[Wiring, int]] = {
    "partners at random": (random_partners, ONE),
    "the best of all ten changes": (neighbours, BEST),
    "and a long jump where no change pays": (neighbours, JUMP),
    "and selection": (neighbours, SELECTION),
}
"""By reading: which attributes interact, and what organizations do."""


def forms(wiring: Wiring, rule: int, n_dependencies: int, landscapes: int) -> Floats:
    """(landscapes, periods + 1) different forms in the population; column 0 is the start."""
    found = np.empty((landscapes, PERIODS + 1))
    for world in range(landscapes):
        streams = Streams(SEED, world)
        landscape = built(streams, wiring(streams, LEVERS, n_dependencies))
        population = streams.generator("literature starts").integers(0, 1 << LEVERS, ORGANIZATIONS)
        draws = streams.fine_uniforms("literature periods", LANES[rule], PERIODS, ORGANIZATIONS)
        follow(
            population, landscape.performance[:, 0].copy(), rule, draws, np.zeros(1 << LEVERS, np.int64), found[world]
        )
    return found


@compiled
def follow(population: Integers, table: Floats, rule: int, draws: Floats, seen: Integers, found: Floats) -> None:
    """Count the forms before each period and after the last one; ``seen``: (2^N,) zeros."""
    for period in range(draws.shape[1] + 1):
        found[period] = 0
        for form in population:
            found[period] += 1 if seen[form] <= period else 0
            seen[form] = period + 1
        if period < draws.shape[1]:
            live(population, table, rule, draws[:, period])


@compiled
def live(population: Integers, table: Floats, rule: int, draws: Floats) -> None:
    """One period of every organization.

    Parameters
    ----------
    population : (O,) forms, changed in place.
    table : (2^N,) performance.
    rule : ONE: an attribute at random is looked at. BEST: all are, and the best change is made. JUMP: as ONE, but where
        that does not pay, a whole form drawn at random is looked at. SELECTION: as ONE, then an organization survives
        with probability F over the population's best, or becomes a copy of a survivor drawn in proportion to F.
    draws : (lanes, O) uniforms: attribute, form, survival, survivor.
    """
    n_levers = bits(table.shape[0] - 1)
    for n in range(population.shape[0]):
        here = population[n]
        there = here ^ (1 << int(draws[0, n] * n_levers))
        if rule == BEST:
            for lever in range(n_levers):
                there = there if table[there] >= table[here ^ (1 << lever)] else here ^ (1 << lever)
        if rule == JUMP and table[there] <= table[here]:
            there = int(draws[1, n] * table.shape[0])
        population[n] = there if table[there] > table[here] else here
    if rule == SELECTION:
        _select(population, table, draws)


@compiled
def _select(population: Integers, table: Floats, draws: Floats) -> None:
    """Replace those who do not survive; they are marked by a negative form until all are known."""
    best, alive = 0.0, 0.0
    for form in population:
        best = max(best, table[form])
    for n in range(population.shape[0]):
        if draws[2, n] * best < table[population[n]]:
            alive += table[population[n]]
        else:
            population[n] = -1
    for n in range(population.shape[0]):
        if population[n] == -1:
            left, parent = draws[3, n] * alive, -1
            while left >= 0 and parent < population.shape[0] - 1:
                parent += 1
                left -= table[population[parent]] if population[parent] >= 0 else 0.0
            population[n] = -2 - parent
    for n in range(population.shape[0]):
        if population[n] < 0:
            population[n] = population[-2 - population[n]]


def rows(share: float = 1.0) -> tuple[list[Row], dict[int, Floats]]:
    """The rows of the page from a share of its landscapes, and the courses of the reading it stands on, by K."""
    landscapes = max(2, round(share * LANDSCAPES))
    courses = {k: forms(neighbours, ONE, k, landscapes) for k in PUBLISHED}
    found = [row(PAPER, "forms at the start", landscapes, START, mean_interval(courses[0][:, 0]))]
    found += rows_of(courses)
    for reading, (wiring, rule) in READINGS.items():
        found += rows_of({k: forms(wiring, rule, k, landscapes) for k in PUBLISHED}, reading)
    return found, courses


def rows_of(courses: Mapping[int, Floats], reading: str = "") -> Iterator[Row]:
    """Forms at the end, by K."""
    for k, course in courses.items():
        yield row(PAPER, f"K = {k}: forms at the end", len(course), PUBLISHED[k], mean_interval(course[:, -1]), reading)
