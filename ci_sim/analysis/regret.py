"""Regret: what each of many alternatives falls short of the best, and which cannot be told apart from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import LEVEL, RESAMPLES, Floats, mean_interval

__all__ = ["critical_value", "regret"]


def regret(values: pd.DataFrame) -> pd.DataFrame:
    """Regret of alternatives that were tried in the same worlds.

    An alternative belongs to the set not distinguishable from the best unless another one is better by more than
    chance, allowing for all pairs looked at: its difference to some other, in standard errors of the paired difference,
    exceeds :func:`critical_value`. With that the set holds the truly best one in 95 of 100 experiments.

    Parameters
    ----------
    values : (worlds, alternatives), complete; more is better.

    Returns
    -------
    A row per alternative, the best first: ``alternative``, its ``mean``, ``regret`` with its pointwise 95 % interval
    (paired t against the one with the best mean, itself 0) and ``in_best_set``.
    """
    table = values.to_numpy(float)
    means = table.mean(axis=0)
    errors = _standard_errors(table)
    short = means[None, :] - means[:, None]  # what the row falls short of the column
    beaten = (short > critical_value(table) * errors).any(axis=1)
    best = int(means.argmax())
    rows = []
    for number, name in enumerate(values.columns):
        interval = mean_interval(table[:, best] - table[:, number])
        rows.append(
            {"alternative": name, "mean": means[number], **_columns(interval), "in_best_set": not beaten[number]}
        )
    return pd.DataFrame(rows).sort_values("regret", kind="stable", ignore_index=True)


def critical_value(table: Floats) -> float:
    """What the largest studentized paired difference of all pairs exceeds by chance in 5 of 100 experiments.

    Bootstrap over worlds of the differences, centred on those found; no assumption on how alternatives correlate.

    Parameters
    ----------
    table : (worlds, alternatives).
    """
    worlds = len(table)
    errors = np.maximum(_standard_errors(table), 1e-12)
    draw = np.random.default_rng(0)
    largest = np.empty(RESAMPLES)
    for number in range(RESAMPLES):
        weights = draw.multinomial(worlds, np.full(worlds, 1 / worlds)) / worlds
        moved = weights @ table - table.mean(axis=0)
        largest[number] = (np.abs(moved[:, None] - moved[None, :]) / errors).max()
    return float(np.quantile(largest, LEVEL))


def _standard_errors(table: Floats) -> Floats:
    """(alternatives, alternatives) of the mean paired differences."""
    covariance = np.atleast_2d(np.cov(table, rowvar=False))
    variance = np.diag(covariance)
    return np.sqrt(np.maximum(0.0, variance[:, None] + variance[None, :] - 2 * covariance) / len(table))


def _columns(interval: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("regret", "regret_low", "regret_high"), interval, strict=True))
