"""How many replications a question needs: the precision of a mean, and the power of a test.

A simulation can be run too seldom to see an effect, or so often that any trifle is "significant"; Secchi & Seri (2017,
Computational and Mathematical Organization Theory 23:94-121) review agent-based models, find most of them underpowered,
and recommend power .95 at the .01 level. Powers are exact, by the noncentral t and F distributions (Cohen 1988).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy.special import chdtri, stdtrit
from scipy.stats import f as f_distribution
from scipy.stats import ncf, nct
from scipy.stats import t as t_distribution

from ci_sim.analysis.intervals import LEVEL, Interval

__all__ = [
    "ALPHA", "MOST", "POWER", "anova_power", "paired_power", "replications_for_anova", "replications_for_difference",
    "replications_for_half_width", "spread_interval",
]  # fmt: skip

ALPHA, POWER = 0.01, 0.95
"""Recommended by Secchi & Seri (2017)."""
MOST = 1_000_000_000
"""Where the search for a number of replications ends."""


def paired_power(replications: int, effect: float, alpha: float = ALPHA) -> float:
    """Power of the two-sided paired t test.

    Parameters
    ----------
    replications : pairs, at least 2.
    effect : mean difference over the standard deviation of differences (Cohen's d_z).
    """
    freedom, shift = replications - 1, abs(effect) * math.sqrt(replications)
    critical = float(t_distribution.isf(alpha / 2, freedom))
    return _probability(nct.sf(critical, freedom, shift) + _lower_tail(critical, freedom, shift))


def _lower_tail(critical: float, freedom: int, shift: float) -> float:
    """Rejection on the wrong side: beyond any computer's reach, and scipy's, where the shift is large."""
    return float(nct.cdf(-critical, freedom, shift)) if shift < 5 else 0.0


def anova_power(replications: int, effect: float, points: int, alpha: float = ALPHA) -> float:
    """Power of the one-way analysis of variance over points.

    Parameters
    ----------
    replications : runs of each point, at least 2.
    effect : standard deviation of the points' means over that within points (Cohen's f).
    points : number of points (groups), at least 2.
    """
    between, within, shift = points - 1, points * (replications - 1), points * replications * effect**2
    critical = float(f_distribution.isf(alpha, between, within))
    return _probability(ncf.sf(critical, between, within, shift)) if shift > 0 else alpha


def _probability(value: float) -> float:
    """Noncentral tails that underflow come as NaN: there the test all but always rejects."""
    return 1.0 if math.isnan(value) else min(1.0, max(0.0, float(value)))


def replications_for_difference(effect: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """Fewest pairs with which the paired t test has the power; see :func:`paired_power`."""
    return _fewest(lambda n: paired_power(n, effect, alpha) >= power)


def replications_for_anova(effect: float, points: int, alpha: float = ALPHA, power: float = POWER) -> int:
    """Fewest replications per point with which the analysis of variance has the power; see :func:`anova_power`."""
    return _fewest(lambda n: anova_power(n, effect, points, alpha) >= power)


def replications_for_half_width(spread: float, half_width: float) -> int:
    """Fewest replications with which the 95 % interval of a mean reaches no further than half_width to either side.

    Parameters
    ----------
    spread : standard deviation between replications, as the pilot has it.
    half_width : above 0, in the unit of the spread.
    """
    return _fewest(lambda n: float(stdtrit(n - 1, (1 + LEVEL) / 2)) * spread / math.sqrt(n) <= half_width)


def spread_interval(spread: float, replications: int) -> Interval:
    """Standard deviation with its 95 % interval, for normal values (chi-squared)."""
    if replications < 2:
        return Interval(math.nan, math.nan, math.nan)
    freedom = replications - 1
    low, high = (
        spread * math.sqrt(freedom / float(chdtri(freedom, tail))) for tail in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    )
    return Interval(spread, low, high)


def _fewest(enough: Callable[[int], bool]) -> int:
    """The smallest number from 2 on that is enough, where all larger ones are too; :data:`MOST` if none below it is."""
    low, high = 1, 2
    while high < MOST and not enough(high):
        low, high = high, min(MOST, 2 * high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
