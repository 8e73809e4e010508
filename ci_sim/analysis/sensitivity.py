"""Sobol indices: how much of the variance between points each factor makes, with intervals and luck shown apart."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.groups import Groups, check_kind, whole_groups
from ci_sim.analysis.intervals import LEVEL, RESAMPLES, Floats, Interval
from ci_sim.analysis.noise import noise_finding
from ci_sim.analysis.response import Design, Response, Scale, arm_titles, factor_name
from ci_sim.complaints import Complaint, InputError

__all__ = ["analyse", "indices"]

PERCENT = Scale(100, "%")
ROUNDING = 1e-9
"""Shares up to this may be rounding."""


def analyse(
    runs: pd.DataFrame,
    design: Design,
    *,
    outcome: str = "outcome",
    arm: str = "collective_impact",
    reference: str | None = "isolated",
) -> list[Finding]:
    """First-order and total Sobol indices of a Saltelli design (kind "sobol").

    Parameters
    ----------
    runs : one row per run, in any order; points are the rows of SALib's sample without second order.
    reference : arm whose value in the same world is subtracted; None analyses the arm's own outcome.

    Returns
    -------
    ``sobol``, its table as of :func:`indices`, and ``replicate_noise`` (:mod:`ci_sim.analysis.noise`).

    Raises
    ------
    InputError : another kind of design, unknown names, points that are no Saltelli sample, or too many missing.
    """
    check_kind(design, "sobol")
    response, titles = Response(outcome, arm, reference), arm_titles(design)
    groups = whole_groups(runs, design, response, len(design["factors"]) + 2, int(design["samples"]))
    _check_sample(groups.settings)
    table = pd.DataFrame(
        [{"factor": factor["key"], "from": factor["low"], "to": factor["high"]} for factor in design["factors"]]
    ).join(indices(groups.values))
    table.insert(0, "outcome", outcome)
    what = response.title(titles)
    title = f"What the variance comes from: {what}"
    sentence = " ".join(filter(None, (_in_words(table, what, groups), groups.left_out)))
    return [Finding("sobol", title, table, sentence), noise_finding(groups.values[:, [0, -1]], what)]


def _check_sample(settings: Floats) -> None:
    """Points 1 to D of a group are its first point with one factor taken from its last (Saltelli et al. 2010)."""
    first, last = settings[:, 0], settings[:, -1]
    for factor in range(settings.shape[2]):
        expected = first.copy()
        expected[:, factor] = last[:, factor]
        if not np.allclose(settings[:, factor + 1], expected, rtol=1e-9, atol=1e-12):
            found = f"points that do not vary factor {factor + 1} alone where they should"
            raise InputError("runs", [Complaint("", found, "the points of SALib's sobol sample, by row number")])


def indices(values: Floats) -> pd.DataFrame:
    """Indices of each factor, a row each, in the order of the factors.

    First order ``s1``: share of the variance that would go if the factor were known; total ``st``: share that would
    stay if all others were known (Saltelli et al. 2010, by SALib), of means over replications, with 95 % bootstrap
    intervals over groups. ``st_noise`` is the part of ``st`` that luck makes: squared differences of means over R
    replications hold their sampling variance, which is estimated from the replications (missing where R is 1).
    ``s1_clear``: the interval lies above 0. ``clear``: that of ``st`` lies above 0 and above ``st_noise``.

    Parameters
    ----------
    values : (G, D + 2, R) by group, point of the group and replication.
    """
    from SALib.analyze import sobol  # noqa: PLC0415 - two seconds

    n_groups, size, n_replications = values.shape
    means = values.mean(axis=2)
    names = [str(n) for n in range(size - 2)]
    noise = np.full(len(names), math.nan)
    if np.ptp(means[:, [0, -1]]) <= 1e-12 * max(1.0, float(np.abs(means).max())):  # SALib would divide by nothing
        found = {name: np.zeros(len(names)) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    else:
        problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
        found = sobol.analyze(
            problem, means.ravel(), calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL, seed=1
        )
        if n_replications > 1:
            steps = values[:, :1] - values[:, 1:-1]
            noise = steps.var(axis=2, ddof=1).mean(axis=0) / n_replications / 2 / means[:, [0, -1]].var()
    table = pd.DataFrame()
    for name in ("S1", "ST"):
        half = found[f"{name}_conf"]
        table[name.lower()] = found[name]
        table[f"{name.lower()}_low"], table[f"{name.lower()}_high"] = found[name] - half, found[name] + half
    table["st_noise"] = noise
    table["s1_clear"] = table["s1_low"] > ROUNDING
    table["clear"] = table["st_low"] > np.maximum(ROUNDING, np.nan_to_num(noise))
    return table.assign(groups=n_groups, replications=n_replications)


def _in_words(table: pd.DataFrame, what: str, groups: Groups) -> str:
    if (table["st"] == 0).all() and (table["s1"] == 0).all():
        return f"Over these ranges no factor changes the {what}."
    clear = table[table["clear"]].sort_values("st", ascending=False)
    said = [f"Over these ranges no effect of the {len(table)} factors on the {what} can be told from zero."]
    if len(clear):
        each = [_share(row) for _, row in clear.iterrows()]
        said = [f"What mattered for the {what}, as shares of its variance, interactions included: {'; '.join(each)}."]
    unclear = [factor_name(factor) for factor in table.loc[~table["clear"], "factor"]]
    if unclear and len(clear):
        said.append(f"Not distinguishable from zero: {', '.join(unclear)}.")
    said += _negatives(table)
    if groups.values.shape[2] < 2:
        said.append("With one replication per point these shares hold luck as well.")
    return " ".join(said)


def _share(row: pd.Series[float]) -> str:
    """A factor's share, and what of it is its own and what luck's."""
    said = f"{factor_name(str(row['factor']))} {PERCENT.interval(Interval.of(row, 'st'))}"
    parts = [f"by itself {PERCENT.interval(Interval.of(row, 's1'))}"] * bool(row["s1_clear"])
    parts += [f"{PERCENT.number(row['st_noise'])} % luck"] * bool(row["st_noise"] >= 0.01)
    return f"{said}, of which {' and '.join(parts)}" if parts else said


def _negatives(table: pd.DataFrame) -> list[str]:
    """A share of variance cannot be negative; what an estimate below zero means."""
    below = table[table["s1"] < 0]
    if below.empty:
        return []
    named = ", ".join(f"{factor_name(row['factor'])} {100 * row['s1']:.1f} %" for _, row in below.iterrows())
    said = (
        f"Negative first-order estimates ({named}) are sampling error about shares that cannot be below zero: read "
        "them as none"
    )
    far = [factor_name(row["factor"]) for _, row in below.iterrows() if row["s1_high"] < 0]
    return [f"{said}; so far below as {', '.join(far)}, they say that the samples are too few." if far else f"{said}."]
