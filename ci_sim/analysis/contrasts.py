"""Linear contrasts of the 32 subsets of the conditions: factorial effects in three codings, and Shapley values."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations

import numpy as np

from ci_sim.analysis.intervals import Floats
from ci_sim.arms import condition_subsets
from ci_sim.parameters import CONDITIONS

__all__ = ["CODINGS", "SUBSETS", "contrasts", "shapley_weights", "terms"]

CODINGS = ("contrast", "alone", "last")
"""How effects are coded; see :func:`contrasts`."""
SUBSETS = [arm.name for arm in condition_subsets()]
"""The 32 arms; bit n of an arm's place says whether condition n is on."""


@cache
def contrasts(coding: str) -> Floats:
    """The 31 effects as weights of the 32 arms, (31, 32); rows in the order of :func:`terms`.

    With D the difference operator of a set T of conditions (T on or off in all ways, sign minus for each one off):

    - ``contrast``: the textbook effect (Yates 1937; Box, Hunter & Hunter 2005, ch. 5): D averaged over what the other
      conditions do, over 2^(|T| - 1), so that a two-way interaction is half the difference of two effects.
    - ``alone``: D with all others off. Of one condition: what it adds alone; of more: what the set has beyond all its
      parts (the Harsanyi dividend).
    - ``last``: D with all others on. Of one condition: what is lost by leaving it out of all five.
    """
    weights = np.zeros((len(terms()), len(SUBSETS)))
    for row, term in enumerate(terms()):
        mask = sum(1 << n for n in term)
        for arm in range(len(SUBSETS)):
            rest = arm & ~mask
            sign = (-1) ** (len(term) - (arm & mask).bit_count())
            match coding:
                case "contrast":
                    weights[row, arm] = sign / 2 ** (len(CONDITIONS) - 1)
                case "alone":
                    weights[row, arm] = sign * (rest == 0)
                case _:
                    weights[row, arm] = sign * (rest == len(SUBSETS) - 1 - mask)
    return weights


@cache
def terms() -> tuple[tuple[int, ...], ...]:
    """The sets of conditions, those of one first."""
    return tuple(term for size in range(1, len(CONDITIONS) + 1) for term in combinations(range(len(CONDITIONS)), size))


@cache
def shapley_weights() -> Floats:
    """Shapley values as weights of the 32 arms, (5, 32) (Shapley 1953).

    A condition's mean contribution over all orders in which the five could be put in place; the five sum to what all
    five together change.
    """
    n = len(CONDITIONS)
    weights = np.zeros((n, len(SUBSETS)))
    for condition in range(n):
        for arm in range(len(SUBSETS)):
            others = (arm & ~(1 << condition)).bit_count()
            share = math.factorial(others) * math.factorial(n - 1 - others) / math.factorial(n)
            weights[condition, arm] = share if arm >> condition & 1 else -share
    return weights
