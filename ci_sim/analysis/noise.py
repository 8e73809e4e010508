"""Parameters apart from luck: the variance between runs, decomposed into what factors and what replications make."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import LEVEL, Floats, Interval
from ci_sim.analysis.response import Scale

__all__ = ["SOURCES", "components", "noise_finding"]

SOURCES = ("parameters", "luck common to all points", "luck that differs from point to point")
RESAMPLES = 1000
UNKNOWN = Interval(math.nan, math.nan, math.nan)


def components(values: Floats) -> Floats:
    """Variances of the three :data:`SOURCES`: a two-way random model without interaction replicated.

    Replication r has the same seeds at all points, so luck has a part that shifts all points alike, and cancels when
    points are compared, and a part that does not. Estimated from mean squares (Searle, Casella & McCulloch 1992, ch.
    4), those below zero set to zero.

    Parameters
    ----------
    values : (P, R) by point and replication, R at least 2.
    """
    n_points, n_replications = values.shape
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    rest = values - rows[:, None] - columns + values.mean()
    between = n_replications * rows.var(ddof=1)
    common = n_points * columns.var(ddof=1)
    residual = (rest**2).sum() / ((n_points - 1) * (n_replications - 1))
    return np.maximum(0, [(between - residual) / n_replications, (common - residual) / n_points, residual])


def noise_finding(groups: Floats, what: str) -> Finding:
    """How much of the variance between runs each source makes, with bootstrap intervals over groups of points.

    Table: ``source``, ``variance`` (in the outcome's unit squared) and ``share``, with 95 % intervals; missing where
    there is one replication. The intervals hold the replications fixed: with few of them the luck common to all points
    is known less well than they say.

    Parameters
    ----------
    groups : (G, k, R) of points that are drawn together.
    what : the response, in words.
    """
    n_groups, _, n_replications = groups.shape
    title = f"Parameters and luck: {what}"
    if n_replications < 2:
        rows = [{"source": source} | _columns(UNKNOWN, UNKNOWN) for source in SOURCES]
        sentence = "With one replication per point luck cannot be told from parameters."
        return Finding("replicate_noise", title, pd.DataFrame(rows), sentence)
    estimate = components(groups.reshape(-1, n_replications))
    picks = np.random.default_rng(0).integers(0, n_groups, (RESAMPLES, n_groups))
    resampled = np.array([components(groups[pick].reshape(-1, n_replications)) for pick in picks])
    variances, shares = _intervals(estimate, resampled), _intervals(_shares(estimate), _shares(resampled))
    rows = [
        {"source": source} | _columns(variance, share)
        for source, variance, share in zip(SOURCES, variances, shares, strict=True)
    ]
    return Finding("replicate_noise", title, pd.DataFrame(rows), _in_words(estimate, n_replications, shares))


def _intervals(estimate: Floats, resampled: Floats) -> list[Interval]:
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return [Interval(*map(float, three)) for three in zip(estimate, low, high, strict=True)]


def _columns(variance: Interval, share: Interval) -> dict[str, object]:
    return {**variance.columns("variance"), **share.columns("share")}


def _shares(parts: Floats) -> Floats:
    total = parts.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(parts, total, out=np.zeros_like(parts), where=total > 0))


def _in_words(parts: Floats, replications: int, shares: list[Interval]) -> str:
    if parts.sum() == 0:
        return "All runs have the same value: there is nothing to decompose."
    percent = Scale(100, "%")
    parameters, common, differing = (percent.interval(share) for share in shares)
    left = parts[2] / replications
    among = left / (left + parts[0]) if left + parts[0] > 0 else 0.0
    return (
        f"Of the variance between single runs the parameters make {parameters}, luck that all points share {common}, "
        f"and luck that differs from point to point {differing}; after averaging {replications} replications, luck is "
        f"{percent.number(among)} % of the variance between points."
    )
