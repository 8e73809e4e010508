"""The points of a design: factor values on a grid, or sampled from ranges.

Latin hypercube: McKay, Beckman & Conover 1979 (scipy). Sobol: the design of Saltelli 2002 on a Sobol sequence; Morris:
trajectories of Morris 1991 (both SALib). A factor of whole numbers gets each of them from an equal share of the range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from ci_sim.sweep.design import Value

__all__ = ["Factor", "Points", "grid", "latin_hypercube", "morris", "sobol", "tidy"]

Points = tuple[Mapping[str, Value], ...]


@dataclass(frozen=True)
class Factor:
    """What a design varies.

    Attributes
    ----------
    key : dotted name, as in ``--set``.
    values : those of a grid; empty for a range.
    low, high : of a range.
    whole : whether a range is of whole numbers.
    """

    key: str
    values: tuple[Value, ...] = ()
    low: float = math.nan
    high: float = math.nan
    whole: bool = False

    def described(self) -> dict[str, Any]:
        """As design.json has it."""
        if self.values:
            return {"key": self.key, "values": list(self.values)}
        return {"key": self.key, "low": self.low, "high": self.high, "whole": self.whole}


def grid(factors: Sequence[Factor]) -> Points:
    """Every combination of the factors' values, the last factor varying fastest."""
    keys = [factor.key for factor in factors]
    return tidy([dict(zip(keys, values, strict=True)) for values in product(*(factor.values for factor in factors))])


def latin_hypercube(factors: Sequence[Factor], samples: int, seed: int) -> Points:
    """As many points, spread so that every factor's range is covered evenly."""
    return _placed(factors, qmc.LatinHypercube(len(factors), rng=seed).random(samples))


def sobol(factors: Sequence[Factor], samples: int, seed: int) -> Points:
    """Saltelli's design for first-order and total indices: samples * (factors + 2) points.

    Parameters
    ----------
    samples : a power of 2.
    """
    from SALib.sample import sobol as sampler  # noqa: PLC0415 - slow to import

    return _placed(factors, sampler.sample(_unit_problem(factors), samples, calc_second_order=False, seed=seed))


def morris(factors: Sequence[Factor], trajectories: int, levels: int, seed: int) -> Points:
    """Morris' trajectories: trajectories * (factors + 1) points.

    Parameters
    ----------
    levels : of the grid a trajectory moves on; even.
    """
    from SALib.sample import morris as sampler  # noqa: PLC0415 - slow to import

    return _placed(factors, sampler.sample(_unit_problem(factors), trajectories, num_levels=levels, seed=seed))


def _unit_problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """The unit cube of the factors, as SALib wants it."""
    names = [factor.key for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _placed(factors: Sequence[Factor], sample: NDArray[np.float64]) -> Points:
    """Points of the unit cube in the factors' ranges."""
    columns = [_place(factor, column) for factor, column in zip(factors, sample.T, strict=True)]
    keys = [factor.key for factor in factors]
    return tuple(dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True))


def _place(factor: Factor, column: NDArray[np.float64]) -> list[Value]:
    if factor.whole:
        count = int(factor.high) - int(factor.low) + 1
        steps = np.minimum(np.floor(column * count), count - 1).astype(int)
        return [int(factor.low) + int(step) for step in steps]
    return [float(value) for value in factor.low + column * (factor.high - factor.low)]


def tidy(points: Sequence[Mapping[str, Value]]) -> Points:
    """Points whose columns have one type each: 2 becomes 2.0 where another point has 2.5."""
    mixed = {key for point in points for key, value in point.items() if isinstance(value, float)}
    return tuple(
        {
            key: float(value) if key in mixed and isinstance(value, int) and not isinstance(value, bool) else value
            for key, value in point.items()
        }
        for point in points
    )
