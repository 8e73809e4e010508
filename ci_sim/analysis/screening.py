"""Morris screening: how far each factor moves the response over its range, and how unevenly."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.groups import check_kind, whole_groups
from ci_sim.analysis.intervals import Floats, Interval, bootstrap_interval
from ci_sim.analysis.noise import noise_finding
from ci_sim.analysis.response import Design, Response, Scale, arm_titles, factor_name, scale_of
from ci_sim.complaints import Complaint, InputError

__all__ = ["analyse", "elementary_effects", "measures"]


def analyse(
    runs: pd.DataFrame,
    design: Design,
    *,
    outcome: str = "outcome",
    arm: str = "collective_impact",
    reference: str | None = "isolated",
) -> list[Finding]:
    """Elementary effects of a Morris design (kind "morris").

    Parameters
    ----------
    runs : one row per run, in any order; points are the rows of SALib's sample.
    reference : arm whose value in the same world is subtracted; None analyses the arm's own outcome.

    Returns
    -------
    ``morris``, its table as of :func:`measures`, and ``replicate_noise`` (:mod:`ci_sim.analysis.noise`).

    Raises
    ------
    InputError : another kind of design, unknown names, points that are no trajectories, or too many missing.
    """
    check_kind(design, "morris")
    factors = design["factors"]
    response, titles = Response(outcome, arm, reference), arm_titles(design)
    groups = whole_groups(runs, design, response, len(factors) + 1, int(design["trajectories"]))
    ranges = np.array([factor["high"] - factor["low"] for factor in factors], float)
    table = pd.DataFrame(
        [{"factor": factor["key"], "from": factor["low"], "to": factor["high"]} for factor in factors]
    ).join(measures(elementary_effects(groups.values, groups.settings, ranges)))
    table.insert(0, "outcome", outcome)
    what = response.title(titles)
    sentence = " ".join(filter(None, (_in_words(table, what, scale_of(outcome)), groups.left_out)))
    return [Finding("morris", f"What moves the {what}", table, sentence), noise_finding(groups.values, what)]


def elementary_effects(values: Floats, settings: Floats, ranges: Floats) -> Floats:
    """Change of the response per whole range of a factor, (T, D, R) by trajectory, factor and replication.

    Taken over the step that was really made: of an integer that is the rounded one.

    Parameters
    ----------
    values : (T, D + 1, R) by trajectory, point and replication.
    settings : (T, D + 1, D) values of the factors.
    ranges : (D,) of the factors.

    Raises
    ------
    InputError : a step that does not change exactly one factor, or a trajectory that does not change each once.
    """
    steps = np.diff(settings, axis=1) / ranges
    moved = np.abs(steps) > 1e-9
    if not ((moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all()):
        found = "points that do not change one factor after the other"
        raise InputError("runs", [Complaint("", found, "the points of SALib's morris sample, by row number")])
    per_range = np.diff(values, axis=1) / steps.sum(axis=2)[:, :, None]
    order = moved.argmax(axis=1)  # of each factor, the step that changes it
    return np.take_along_axis(per_range, order[:, :, None], axis=1)


def measures(effects: Floats) -> pd.DataFrame:
    """Measures of each factor, a row each, in the order of the factors (Morris 1991; Campolongo et al. 2007).

    Of elementary effects averaged over replications: ``mu`` their mean, ``mu_star`` the mean of their sizes, ``sigma``
    their standard deviation, in the outcome's unit per whole range, with BCa bootstrap intervals over trajectories.
    ``mu_star_noise`` is what luck alone would make ``mu_star``, the mean size of a normal variable with the sampling
    variance seen between replications (missing where there is one); ``clear``: the interval of ``mu_star`` lies above.

    Parameters
    ----------
    effects : (T, D, R) of :func:`elementary_effects`.
    """
    n_trajectories, n_factors, n_replications = effects.shape
    means = effects.mean(axis=2)
    rounding = 1e-9 * float(np.abs(effects).max())
    rows = []
    for factor in range(n_factors):
        row: dict[str, float] = {}
        own = means[:, factor]
        for name, interval in (
            ("mu", bootstrap_interval(own)),
            ("mu_star", bootstrap_interval(np.abs(own))),
            ("sigma", bootstrap_interval(own, _standard_deviation)),
        ):
            row |= interval.columns(name)
        row["mu_star_noise"] = math.nan
        if n_replications > 1:
            errors = effects[:, factor].std(axis=1, ddof=1) / math.sqrt(n_replications)
            row["mu_star_noise"] = float(errors.mean() * math.sqrt(2 / math.pi))
        rows.append(row | {"clear": row["mu_star_low"] > max(rounding, np.nan_to_num(row["mu_star_noise"]))})
    return pd.DataFrame(rows).assign(trajectories=n_trajectories, replications=n_replications)


def _standard_deviation(values: Floats, axis: int) -> Floats:
    return np.asarray(values.std(axis=axis, ddof=1))


def _in_words(table: pd.DataFrame, what: str, scale: Scale) -> str:
    clear = table[table["clear"]].sort_values("mu_star", ascending=False)
    if clear.empty:
        return f"Over these ranges none of the {len(table)} factors moves the {what} by what can be told from zero."
    each = [f"{factor_name(row['factor'])} by {_moves(row, scale)}" for _, row in clear.iterrows()]
    said = f"Over its whole range, a factor moves the {what} on average: {'; '.join(each)}."
    unclear = [factor_name(factor) for factor in table.loc[~table["clear"], "factor"]]
    said += f" Not distinguishable from zero: {', '.join(unclear)}." if unclear else ""
    if int(table["replications"].iloc[0]) < 2:
        said += " With one replication per point these effects hold luck as well."
    return said


def _moves(row: pd.Series[float], scale: Scale) -> str:
    size = scale.interval(Interval.of(row, "mu_star"))
    if row["mu_low"] > 0 or row["mu_high"] < 0:
        way = "up" if row["mu"] > 0 else "down"
        way += " on the whole" if abs(row["mu"]) < 0.9 * row["mu_star"] else ""
    else:
        way = "in no clear direction"
    uneven = ", much depending on the others or on where in its range" if row["sigma_low"] > row["mu_star"] else ""
    return f"{size}, {way}{uneven}"
