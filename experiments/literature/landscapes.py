"""Landscapes of the papers, made by the kernel's own :func:`build_landscape`: a wiring and its contribution tables.

Papers differ in how the K partners of a lever are drawn; each way is a :data:`Wiring`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ci_sim.kernel import Landscape
from ci_sim.kernel.landscape import RANDOM, RING, LandscapeDraws, build_landscape, wire
from ci_sim.streams import Streams

__all__ = [
    "SEED", "Floats", "Integers", "Wiring", "built", "loose_levers", "neighbours", "random_partners",
    "repeated_others", "repeated_partners",
]  # fmt: skip

SEED = 1989
"""Of everything here; the world is the replication."""

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Wiring: TypeAlias = Callable[[Streams, int, int], Integers]
"""(streams, N, K) to the (N, K+1) levers each area depends on, -1 for none."""


def random_partners(streams: Streams, n_levers: int, n_dependencies: int) -> Integers:
    """K different others at random."""
    keys = streams.uniforms("literature partners", n_levers, n_levers)
    return wire(RANDOM, n_levers, n_dependencies, 1, 0.0, keys, keys)


def neighbours(streams: Streams, n_levers: int, n_dependencies: int) -> Integers:
    """The next K levers on a ring."""
    keys = streams.uniforms("literature partners", n_levers, n_levers)
    return wire(RING, n_levers, n_dependencies, 1, 0.0, keys, keys)


def repeated_partners(streams: Streams, n_levers: int, n_dependencies: int) -> Integers:
    """K draws with replacement from all levers: a lever may come twice, or be the area's own, and counts once."""
    drawn = streams.generator("literature partners").integers(0, n_levers, (n_levers, n_dependencies))
    return _each_once(np.column_stack([np.arange(n_levers), drawn]))


def repeated_others(streams: Streams, n_levers: int, n_dependencies: int) -> Integers:
    """K draws with replacement from the others."""
    own = np.arange(n_levers)[:, None]
    drawn = streams.generator("literature partners").integers(0, n_levers - 1, (n_levers, n_dependencies))
    return _each_once(np.column_stack([own, drawn + (drawn >= own)]))


def loose_levers(streams: Streams, n_levers: int, n_dependencies: int) -> Integers:
    """K + 1 draws with replacement from all levers: an area need not depend on its own."""
    drawn = streams.generator("literature partners").integers(0, n_levers, (n_levers, n_dependencies + 1))
    return _each_once(drawn)


def _each_once(drawn: Integers) -> Integers:
    """Rows without repetitions, filled up with -1."""
    rows = np.full_like(drawn, -1)
    for row, levers in zip(rows, drawn.tolist(), strict=True):
        different = list(dict.fromkeys(levers))
        row[: len(different)] = different
    return rows


def built(streams: Streams, area_levers: Integers, communities: int = 1) -> Landscape:
    """A landscape with contributions uniform in [0, 1).

    Parameters
    ----------
    communities : landscapes with this wiring, each with contributions of its own.
    """
    n_states = int((1 << (area_levers >= 0).sum(axis=1)).sum())
    draws = LandscapeDraws(
        common=np.zeros(n_states),
        local=streams.fine_uniforms("literature contributions", communities, n_states),
        sharing=np.zeros((communities, n_states), np.float32),
        climbs=np.zeros((0, len(area_levers)), np.float32),
    )
    return build_landscape(area_levers, 0.0, draws)
