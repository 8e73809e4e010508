"""When worlds reach a level, and how many never do: a distribution in which never is later than any month."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ci_sim.analysis.intervals import LEVEL, Floats, Interval, share_interval

__all__ = ["QUANTILES", "first_clear_month", "median_interval", "reached_by"]

QUANTILES = (0.1, 0.5, 0.9)


def reached_by(runs: pd.DataFrame, arms: Sequence[str], outcome: str = "months_to_threshold") -> pd.DataFrame:
    """A row per arm: in which month worlds reach a level, where those that never do count as later than all others.

    Parameters
    ----------
    runs : one row per run; the outcome is missing where the level is never reached.

    Returns
    -------
    ``arm``, ``worlds``, ``never`` (share, Wilson's interval), ``median`` with its interval by order statistics
    (Conover 1999, Practical Nonparametric Statistics, 3.2), ``q10`` and ``q90``; months, infinite where it is never.
    """
    rows = []
    for arm in arms:
        months = np.sort(runs.loc[runs["arm"] == arm, outcome].fillna(math.inf).to_numpy(float))
        never = share_interval(int(np.isinf(months).sum()), len(months))
        low, _, high = np.quantile(months, QUANTILES, method="inverted_cdf")
        row = {"arm": arm, "worlds": len(months), **never.columns("never")}
        rows.append(row | median_interval(months).columns("median") | {"q10": float(low), "q90": float(high)})
    return pd.DataFrame(rows)


def median_interval(values: Floats) -> Interval:
    """The median with its 95 % interval by order statistics; values may be infinite.

    Parameters
    ----------
    values : (R,) sorted.
    """
    n = len(values)
    half = float(ndtri((1 + LEVEL) / 2)) * math.sqrt(n) / 2
    low, high = max(0, math.ceil(n / 2 - half) - 1), min(n - 1, math.ceil(n / 2 + half) - 1)
    return Interval(float(np.quantile(values, 0.5, method="inverted_cdf")), float(values[low]), float(values[high]))


def first_clear_month(low: pd.Series[float], high: pd.Series[float]) -> float:
    """The first month from which an interval stays on one side of zero to the end; NaN where it ends across it.

    Parameters
    ----------
    low, high : bounds, indexed by month.
    """
    above, below = low.to_numpy() > 0, high.to_numpy() < 0
    side = above if len(above) and above[-1] else below
    if not len(side) or not side[-1]:
        return math.nan
    across = np.flatnonzero(~side)
    return float(low.index[across[-1] + 1 if len(across) else 0])
