"""Patient rule induction: boxes of factor values in which the cases of interest are dense.

Friedman & Fisher 1999 (peeling and pasting); Bryant & Lempert 2010 (coverage, density and quasi-p-values for scenario
discovery). A move is judged by the gain of density per point taken off or added, the objective that Kwakkel &
Jaxa-Rozen 2016 propose because it treats continuous, whole-number and categorical factors alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

__all__ = ["Box", "Columns", "Limits", "enclose", "induce", "quasi_p", "without"]

Mask: TypeAlias = NDArray[np.bool_]
Columns: TypeAlias = Mapping[str, NDArray[Any]]
"""(n,) values of every factor: floats, integers, or words."""
Limits: TypeAlias = tuple[float, float] | frozenset[str]
"""Of a number: lowest and highest value, both included, infinite where open. Of words: those in the box."""
Move: TypeAlias = tuple[str, Limits, Mask]
"""A factor, its new limits, and which points would be in the box."""


@dataclass(frozen=True)
class Box:
    """A box and what it holds.

    Attributes
    ----------
    limits : of the restricted factors only.
    inside : (n,) which points lie in it.
    n, hits : points in it, and cases of interest among them.
    coverage : share of all cases of interest that lie in it.
    density : share of its points that are cases of interest.
    """

    limits: Mapping[str, Limits]
    inside: Mask = field(repr=False)
    n: int
    hits: int
    coverage: float
    density: float


def enclose(x: Columns, cases: Mask, limits: Mapping[str, Limits]) -> Box:
    """The box with these limits.

    Parameters
    ----------
    cases : (n,) which points are of interest.
    """
    inside = np.ones(len(cases), bool)
    for factor, kept in limits.items():
        inside &= _within(x[factor], kept)
    n, hits = int(np.count_nonzero(inside)), int(np.count_nonzero(cases & inside))
    return Box(limits, inside, n, hits, hits / max(1, int(cases.sum())), hits / max(1, n))


def without(x: Columns, cases: Mask, box: Box, factor: str) -> Box:
    """The box with the restriction of one factor lifted."""
    return enclose(x, cases, {other: limits for other, limits in box.limits.items() if other != factor})


def quasi_p(x: Columns, cases: Mask, box: Box) -> dict[str, float]:
    """For each restricted factor, how likely so many cases in the box would be if its restriction did nothing.

    One-sided binomial test against the density without the restriction (Bryant & Lempert 2010). "Quasi", for the same
    data have chosen the box: whether there is anything to be found at all is for a permutation test to say.
    """
    freed = {factor: without(x, cases, box, factor).density for factor in box.limits}
    return {
        factor: float(bdtrc(box.hits - 1, box.n, density)) if box.hits else 1.0 for factor, density in freed.items()
    }


def induce(x: Columns, cases: Mask, *, alpha: float = 0.05, mass: float = 0.05) -> list[Box]:
    """Peel from the box of all points a little at a time, then paste; the trajectory of boxes, the widest first.

    Parameters
    ----------
    cases : (n,) which points are of interest.
    alpha : share of the box's points that a peel takes off, or a paste adds, at one side; more where values are tied.
    mass : smallest share of all points that a box may hold.
    """
    trajectory = [enclose(x, cases, {})]
    # Patience: a peel may lower the density, for what it leads to may be worth it. A paste may not.
    stages: tuple[tuple[Callable[[Columns, Box, float], Iterator[Move]], float], ...] = (
        (_peels, -math.inf),
        (_pastes, 0.0),
    )
    for moves, least in stages:
        while (box := _best(x, cases, trajectory[-1], moves(x, trajectory[-1], alpha), mass, least)) is not None:
            trajectory.append(box)
    return trajectory


def _best(x: Columns, cases: Mask, box: Box, moves: Iterable[Move], mass: float, least: float) -> Box | None:
    """The box after the best move; of equal moves the one that leaves fewer factors restricted, then the first."""
    best: Move | None = None
    best_score = (least, 0)
    for factor, limits, inside in moves:
        n = np.count_nonzero(inside)
        if n in (0, box.n) or n < mass * len(cases):
            continue
        gain = np.count_nonzero(cases & inside) / n - box.density
        score = (gain / abs(n - box.n), -len({*box.limits, factor}))
        if gain > least and score > best_score:
            best, best_score = (factor, limits, inside), score
    if best is None:
        return None
    factor, limits, _ = best
    restricted = {**box.limits, factor: limits}
    if _within(x[factor], limits).all():  # pasted to its ends
        del restricted[factor]
    return enclose(x, cases, restricted)


def _peels(x: Columns, box: Box, alpha: float) -> Iterator[Move]:
    """Every way to take a little off the box: the upper or the lower end of a number, or one word."""
    for factor, values in x.items():
        limits = box.limits.get(factor) or _open(values)
        if isinstance(limits, frozenset):
            for word in sorted(limits) if len(limits) > 1 else ():
                yield factor, limits - {word}, box.inside & (values != word)
            continue
        ordered = np.sort(values[box.inside])
        taken = math.floor(alpha * (len(ordered) - 1)) + 1
        below, above = (
            np.searchsorted(ordered, ordered[-taken]),
            np.searchsorted(ordered, ordered[taken - 1], "right"),
        )
        if below > 0:
            high = _cut(ordered[below], ordered[below - 1])
            yield factor, (limits[0], high), box.inside & (values <= high)
        if above < len(ordered):
            low = _cut(ordered[above - 1], ordered[above])
            yield factor, (low, limits[1]), box.inside & (values >= low)


def _pastes(x: Columns, box: Box, alpha: float) -> Iterator[Move]:
    """Every way to add a little to the box where it is restricted."""
    added = math.floor(alpha * (box.n - 1)) + 1
    for factor, limits in box.limits.items():
        values, freed = x[factor], without(x, box.inside, box, factor).inside
        if isinstance(limits, frozenset):
            for word in sorted(_open(values) - limits):  # type: ignore[operator]
                yield factor, limits | {word}, box.inside | (freed & (values == word))
            continue
        below, above = np.sort(values[freed & (values < limits[0])]), np.sort(values[freed & (values > limits[1])])
        if len(above):
            high = _cut(above[added], above[added - 1]) if added < len(above) else math.inf
            yield factor, (limits[0], high), freed & (values >= limits[0]) & (values <= high)
        if len(below):
            low = _cut(below[-added - 1], below[-added]) if added < len(below) else -math.inf
            yield factor, (low, limits[1]), freed & (values >= low) & (values <= limits[1])


def _open(values: NDArray[Any]) -> Limits:
    return (-math.inf, math.inf) if values.dtype.kind in "iuf" else frozenset(values)


def _within(values: NDArray[Any], limits: Limits) -> Mask:
    if isinstance(limits, frozenset):
        return np.isin(values.astype(str), sorted(limits))
    return np.asarray((values >= limits[0]) & (values <= limits[1]))


def _cut(outside: Any, inside: Any) -> float:
    """Where to cut between two values: midway, or at the inner one where values are whole numbers."""
    return float(inside if isinstance(inside, np.integer) else (outside + inside) / 2)
