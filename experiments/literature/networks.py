"""Who sees whom: the networks of Lazer & Friedman (2007) among 100 agents, as symmetric tables of links."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from experiments.literature.landscapes import Floats, Integers

__all__ = ["AGENTS", "Links", "full", "line", "neighbours_of", "random_links", "ring", "small_world", "torus"]

AGENTS = 100
Links: TypeAlias = NDArray[np.bool_]
"""(A, A) symmetric, without loops."""


def line() -> Links:
    """Each agent sees the one before and the one after it; the two ends see one."""
    return np.eye(AGENTS, k=1, dtype=bool) | np.eye(AGENTS, k=-1, dtype=bool)


def ring(reach: int) -> Links:
    """Each agent sees its ``reach`` nearest on either side of a circle."""
    steps = _steps_apart(np.arange(AGENTS), AGENTS)
    return np.asarray((steps > 0) & (steps <= reach))


def torus() -> Links:
    """A square of ten by ten, edges joined: each agent sees four."""
    down, across = (_steps_apart(places, 10) for places in np.divmod(np.arange(AGENTS), 10))
    return np.asarray(down + across == 1)


def _steps_apart(places: Integers, around: int) -> Integers:
    """(A, A) steps between places on a circle."""
    apart = np.abs(places[:, None] - places)
    return np.asarray(np.minimum(apart, around - apart))


def small_world(reach: int, rewired: float, draws: Floats) -> Links:
    """A ring some of whose links lead elsewhere (Watts & Strogatz 1998).

    Parameters
    ----------
    rewired : probability that a link keeps its first agent only and gets another, not yet linked, as its second.
    draws : (reach, A, 2) uniforms: whether, where to.
    """
    links = ring(reach)
    for step, agent in np.argwhere(draws[:, :, 0] < rewired):
        away = np.flatnonzero(~links[agent] & (np.arange(AGENTS) != agent))
        new, old = away[int(draws[step, agent, 1] * len(away))], (agent + step + 1) % AGENTS
        links[agent, old] = links[old, agent] = False
        links[agent, new] = links[new, agent] = True
    return links


def random_links(density: float, draws: Floats) -> Links:
    """Each pair linked with the same probability; ``draws``: (A, A) uniforms."""
    half = np.triu(draws < density, 1)
    return half | half.T


def full() -> Links:
    """Everyone sees everyone."""
    return ~np.eye(AGENTS, dtype=bool)


def neighbours_of(links: Links) -> Integers:
    """(A, most) whom each agent sees, -1 for none."""
    degrees = links.sum(axis=1)
    most = int(degrees.max())
    seen = np.argsort(~links, axis=1, kind="stable")[:, :most]
    return np.where(np.arange(most) < degrees[:, None], seen, -1)
