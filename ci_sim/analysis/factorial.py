"""The 2^5 factorial of the conditions: main effects, all interactions, Shapley values and super-additivity.

All of them are linear in the 32 values of a world, so each is a matrix times these values, world by world, and its
interval is that of a mean over worlds (paired by design: the arms of a world share its luck).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import ttest_1samp

from ci_sim.analysis.contrasts import CODINGS, SUBSETS, contrasts, shapley_weights, terms
from ci_sim.analysis.factorial_words import additivity_in_words, at_points, effects_in_words, shapley_in_words
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Floats, mean_interval, ratio_interval
from ci_sim.analysis.response import Design, Response, check_names, factor_keys, point_labels, scale_of
from ci_sim.complaints import Complaint, InputError
from ci_sim.parameters import CONDITIONS

__all__ = ["additivity", "analyse", "effects", "holm", "shapley_values"]

LEVEL = 0.05
"""Family-wise error of the effects called clear, within a point and coding."""

Worlds = dict[int, Floats]
"""Values of the 32 arms by point, (worlds, 32): whole worlds only."""


def analyse(runs: pd.DataFrame, design: Design, *, outcome: str = "outcome") -> list[Finding]:
    """What each condition does to an outcome, alone and with the others, at every point.

    Parameters
    ----------
    runs : one row per run, of the 32 arms of :func:`ci_sim.arms.condition_subsets` (others are left aside).

    Returns
    -------
    ``factorial_effects``, ``shapley`` and ``additivity``; for their tables see the functions of these names. Worlds
    that lack one of the 32 values are left out and counted in ``missing``.

    Raises
    ------
    InputError : the runs have no such outcome, lack one of the 32 arms, or hold no whole world.
    """
    worlds, missing = _worlds(runs, outcome)
    points = point_labels(runs, design)[[*factor_keys(runs, design), "label"]].assign(outcome=outcome, missing=missing)
    tables = [_by_point(worlds, points, make) for make in (effects, shapley_values, additivity)]
    scale, named = scale_of(outcome), outcome.replace("_", " ")
    says = (effects_in_words, shapley_in_words, additivity_in_words)
    titles = ("Effects of the five conditions and of their interactions", "Shapley values of the five conditions",
              "All five conditions together, against the sum of each alone")  # fmt: skip
    return [
        Finding(name, f"{title}: {named}", table, at_points(table, say, scale))
        for name, title, table, say in zip(
            ("factorial_effects", "shapley", "additivity"), titles, tables, says, strict=True
        )
    ]


def _worlds(runs: pd.DataFrame, outcome: str) -> tuple[Worlds, pd.Series[int]]:
    check_names("arm", SUBSETS, [str(arm) for arm in runs["arm"].unique()])
    cells = [Response(outcome, arm).cells(runs) for arm in SUBSETS]
    rows, columns = cells[0].index, cells[0].columns
    for one in cells:
        rows, columns = rows.union(one.index), columns.union(one.columns)
    cube = np.stack([one.reindex(index=rows, columns=columns).to_numpy(float) for one in cells], axis=-1)
    whole = ~np.isnan(cube).any(axis=-1)
    if not whole.any():
        found = f"no world in which all 32 arms have a value of {outcome}"
        raise InputError("runs", [Complaint("", found, "at least one such world")])
    worlds = {int(point): cube[n, whole[n]] for n, point in enumerate(rows)}
    return worlds, pd.Series((~whole).sum(axis=1), index=rows)


def _by_point(worlds: Worlds, points: pd.DataFrame, make: Callable[[Floats], pd.DataFrame]) -> pd.DataFrame:
    tables = []
    for point, values in worlds.items():
        table = make(values)
        about = {"point": point, **points.loc[point].to_dict(), "worlds": len(values)}
        for place, (name, value) in enumerate(about.items()):
            table.insert(place, name, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def effects(values: Floats) -> pd.DataFrame:
    """All effects in all codings, a row each.

    Columns: ``coding``, ``term`` (conditions joined by :), ``order`` (their number), ``effect`` in the outcome's unit
    with its 95 % interval (paired t), ``p_holm`` (two-sided t test, Holm 1979 over the 31 terms of the coding) and
    ``clear`` (p_holm below .05): with 31 looks one or two intervals miss zero by chance alone.

    Parameters
    ----------
    values : (worlds, 32) in the order of :func:`ci_sim.arms.condition_subsets`.
    """
    rows = []
    for coding in CODINGS:
        of_worlds = _weighed(values, contrasts(coding))
        adjusted = holm(np.array([_p_value(column) for column in of_worlds.T]))
        for term, column, p in zip(terms(), of_worlds.T, adjusted, strict=True):
            name = ":".join(CONDITIONS[n] for n in term)
            row = {"coding": coding, "term": name, "order": len(term), **mean_interval(column).columns("effect")}
            rows.append(row | {"p_holm": p, "clear": bool(p < LEVEL)})
    return pd.DataFrame(rows)


def _weighed(values: Floats, weights: Floats) -> Floats:
    """A contrast of every world, (worlds, contrasts); what is but rounding is zero."""
    of_worlds = values @ weights.T
    of_worlds[np.abs(of_worlds) < 1e-12 * np.abs(values).max(initial=0)] = 0.0
    return of_worlds


def _p_value(values: Floats) -> float:
    if len(values) < 2:
        return math.nan
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):  # equal but for rounding
        return float(abs(values.mean()) < 1e-12)
    return float(ttest_1samp(values, 0).pvalue)


def holm(p_values: Floats) -> Floats:
    """P values adjusted for their number (Holm 1979)."""
    order = np.argsort(p_values)
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps))
    return adjusted


def shapley_values(values: Floats) -> pd.DataFrame:
    """Shapley value of each condition, and its share of what all five change (missing where that is not clear).

    Columns: ``condition``, ``shapley`` in the outcome's unit, ``share`` (ratio of means; bootstrap over worlds), with
    95 % intervals. Parameters as of :func:`effects`.
    """
    of_worlds, total = _weighed(values, shapley_weights()), values[:, -1] - values[:, 0]
    return pd.DataFrame(
        [
            {"condition": name, **mean_interval(column).columns("shapley")}
            | ratio_interval(column, total).columns("share")
            for name, column in zip(CONDITIONS, of_worlds.T, strict=True)
        ]
    )


def additivity(values: Floats) -> pd.DataFrame:
    """One row: what all five change (``together``), the ``sum_alone`` of what each changes alone, and ``excess``.

    Above 0 the conditions are super-additive. Parameters as of :func:`effects`.
    """
    together, alone = shapley_weights().sum(axis=0), contrasts("alone")[: len(CONDITIONS)].sum(axis=0)
    of_worlds = _weighed(values, np.array([together, alone, together - alone]))
    row: dict[str, float] = {}
    for name, column in zip(("together", "sum_alone", "excess"), of_worlds.T, strict=True):
        row |= mean_interval(column).columns(name)
    return pd.DataFrame([row])
