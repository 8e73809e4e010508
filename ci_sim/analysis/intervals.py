"""Intervals: how far a mean, a paired difference, a share or a ratio of means can be trusted."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LEVEL", "RESAMPLES", "Floats", "Interval", "bootstrap_interval", "mean_interval", "ratio_interval",
    "share_interval",
]  # fmt: skip

LEVEL = 0.95
RESAMPLES = 2000

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """An estimate and its 95 % confidence interval; NaN bounds where there is too little to tell."""

    estimate: float
    low: float
    high: float

    def columns(self, name: str) -> dict[str, float]:
        """As three columns of a table."""
        return {name: self.estimate, f"{name}_low": self.low, f"{name}_high": self.high}

    @classmethod
    def of(cls, row: Mapping[str, Any] | pd.Series[Any], name: str) -> Interval:
        """From three columns of a row."""
        return cls(*(float(row[f"{name}{end}"]) for end in ("", "_low", "_high")))


def mean_interval(values: Floats) -> Interval:
    """Mean with Student's t interval. Of paired differences this is the paired t interval.

    Parameters
    ----------
    values : (R,) one per world; NaN are left out.
    """
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return Interval(math.nan, math.nan, math.nan)
    mean = float(values.mean())
    if len(values) == 1:
        return Interval(mean, math.nan, math.nan)
    half = float(stdtrit(len(values) - 1, (1 + LEVEL) / 2) * values.std(ddof=1) / math.sqrt(len(values)))
    return Interval(mean, mean - half, mean + half)


def share_interval(hits: int, n: int) -> Interval:
    """Share of worlds with Wilson's score interval (Wilson 1927), which stays within 0..1."""
    if n == 0:
        return Interval(math.nan, math.nan, math.nan)
    z, share = float(ndtri((1 + LEVEL) / 2)), hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def ratio_interval(numerator: Floats, denominator: Floats) -> Interval:
    """Ratio of two means with a bootstrap percentile interval over worlds (Efron 1979).

    NaN where the denominator's mean is not clearly positive: a cost per point of nothing gained means nothing.
    """
    if len(numerator) < 2 or denominator.mean() <= 0:
        ratio = float(numerator.mean() / denominator.mean()) if len(numerator) and denominator.mean() > 0 else math.nan
        return Interval(ratio, math.nan, math.nan)
    picks = np.random.default_rng(0).integers(0, len(numerator), (RESAMPLES, len(numerator)))
    below = denominator[picks].mean(axis=1)
    if (below <= 0).mean() > (1 - LEVEL) / 2:
        return Interval(math.nan, math.nan, math.nan)
    with np.errstate(divide="ignore"):
        ratios = np.where(below > 0, numerator[picks].mean(axis=1) / below, np.inf)
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="higher")
    return Interval(float(numerator.mean() / denominator.mean()), float(low), float(high))


def bootstrap_interval(values: Floats, statistic: Callable[..., Any] = np.mean, method: str = "BCa") -> Interval:
    """A statistic with its bootstrap interval over worlds: BCa (Efron 1987), percentile where BCa is undefined.

    BCa is undefined where resamples hardly differ; where none do, the interval is the estimate itself. Bootstrap
    intervals of few values are too short, as normal ones are beside Student's; the level is raised by as much
    (Hesterberg 2015, The American Statistician 69:371-386, "expanded" intervals).

    Parameters
    ----------
    values : (R,) one per world; NaN are left out.
    statistic : takes an array and ``axis``.
    method : "BCa", or "percentile" for statistics that are not smooth, such as quantiles.
    """
    from scipy.stats import bootstrap  # noqa: PLC0415 - slow to import

    values = values[~np.isnan(values)]
    if len(values) == 0:
        return Interval(math.nan, math.nan, math.nan)
    estimate = float(statistic(values, axis=0))
    if len(values) == 1:
        return Interval(estimate, math.nan, math.nan)
    if np.ptp(values) == 0:
        return Interval(estimate, estimate, estimate)
    expanded = stdtrit(len(values) - 1, (1 + LEVEL) / 2) * math.sqrt(len(values) / (len(values) - 1))
    level = 2 * float(ndtr(expanded)) - 1
    for attempt in (method, "percentile"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that BCa is undefined is seen in the interval
            found = bootstrap(
                (values,), statistic, n_resamples=RESAMPLES, confidence_level=level, method=attempt, vectorized=True,
                rng=np.random.default_rng(0),
            ).confidence_interval  # fmt: skip
        if not np.isnan(found).any():
            break
    return Interval(estimate, float(found.low), float(found.high))
