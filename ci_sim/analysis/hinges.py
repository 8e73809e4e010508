"""What mattered here? The factors that a result hinges on, in one plain sentence, silent where evidence is weak."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import LEVEL, Interval
from ci_sim.analysis.points import factors_of, point_differences
from ci_sim.analysis.words import arm_words, factor_words, interval_of, listed

__all__ = ["analyse", "rank_correlations"]

SHUFFLES = 999
MOST_NAMED = 3
FEWEST_POINTS = 10

Floats = NDArray[np.float64]


def rank_correlations(x: pd.DataFrame, y: Floats) -> pd.DataFrame:
    """Spearman's rank correlation of every factor with a result, the strongest first.

    A monotone measure: a factor that raises a result up to a point and lowers it beyond may show none.

    Parameters
    ----------
    x : (points, factors) of numbers. y : (points,).

    Returns
    -------
    ``factor``, ``correlation`` with its 95 % interval (Bonett & Wright 2000), and ``chance``: the probability that
    the strongest of all factors would show as much if none had any influence (permutation of y; the maximum over the
    factors makes up for looking at many).
    """
    ranks, of_y = _standardised(rankdata(x.to_numpy(float), axis=0)), _standardised(rankdata(y)[:, None])[:, 0]
    found = ranks.T @ of_y
    draw = np.random.default_rng(0)
    strongest = np.abs(draw.permuted(np.tile(of_y, (SHUFFLES, 1)), axis=1) @ ranks).max(axis=1)
    chance = (1 + (strongest[:, None] >= np.abs(found) - 1e-12).sum(axis=0)) / (SHUFFLES + 1)
    rows = [(factor, *_interval(r, len(y)), p) for factor, r, p in zip(x.columns, found, chance, strict=True)]
    table = pd.DataFrame(rows, columns=["factor", "correlation", "correlation_low", "correlation_high", "chance"])
    return table.sort_values("correlation", key=abs, ascending=False, kind="stable", ignore_index=True)


def _standardised(ranks: Floats) -> Floats:
    """Centred columns of length 1; those without variation stay 0."""
    centred = ranks - ranks.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    return np.asarray(centred / np.where(length > 0, length, 1.0))


def _interval(correlation: float, n: int) -> Interval:
    """Fisher's z with the standard error for ranks."""
    inside = float(np.clip(correlation, -1 + 1e-12, 1 - 1e-12))
    half = float(ndtri((1 + LEVEL) / 2)) * math.sqrt((1 + correlation**2 / 2) / (n - 3))
    return Interval(float(correlation), math.tanh(math.atanh(inside) - half), math.tanh(math.atanh(inside) + half))


def analyse(
    runs: pd.DataFrame,
    *,
    arm: str = "collective_impact",
    reference: str = "isolated",
    outcome: str = "outcome",
) -> Finding:
    """Which factors an arm's lead over another hinges on, by rank correlation over the points of a design.

    Parameters
    ----------
    runs : of a design that spreads over the space, as a Latin hypercube does. Factors that are words are left out.

    Raises
    ------
    InputError : an arm or outcome that is not there.
    """
    points = point_differences(runs, arm, reference, outcome)
    factors = [factor for factor in factors_of(points) if pd.api.types.is_numeric_dtype(points[factor])]
    subject = f"the lead of {arm_words(arm)} over {arm_words(reference)}"
    title = f"What {subject} hinges on"
    if not factors or len(points) < FEWEST_POINTS:
        empty = pd.DataFrame(columns=["factor", "correlation", "correlation_low", "correlation_high", "chance"])
        return Finding("hinges", title, empty, "")
    table = rank_correlations(points[factors], points["difference"].to_numpy())
    return Finding("hinges", title, table, _in_words(table, subject))


def _in_words(table: pd.DataFrame, subject: str) -> str:
    clear = table[table["chance"] <= 1 - LEVEL]
    if clear.empty:
        return ""
    named = []
    for row in clear.head(MOST_NAMED).to_dict("records"):
        size = "{:+.2f} [{:+.2f}, {:+.2f}]".format(*interval_of(row, "correlation"))
        turn = "grows" if row["correlation"] > 0 else "shrinks"
        named.append(f"it {turn} with {factor_words(row['factor'])}, rank correlation {size}")
    return f"What mattered here for {subject}: {listed(named)}{_rest(len(clear), len(table))}."


def _rest(clear: int, of: int) -> str:
    """How many more matter, and how many cannot be told from chance."""
    parts = []
    if clear > MOST_NAMED:
        parts.append(f"{clear - MOST_NAMED} more matter less")
    if of > clear:
        parts.append(f"of {of} factors {of - clear} cannot be told from chance")
    return f"; {'; '.join(parts)}" if parts else ""
