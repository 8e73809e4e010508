"""Paired differences of any outcome between any two arms, point by point: mean, distribution and share of worlds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Floats, Interval, bootstrap_interval, mean_interval, share_interval
from ci_sim.analysis.response import (
    Design,
    Response,
    Scale,
    arm_titles,
    check_names,
    factor_keys,
    point_labels,
    scale_of,
)
from ci_sim.complaints import Complaint, InputError

__all__ = ["analyse", "paired_differences"]

FEW = 6
"""Fewer worlds than this have too few different resamples; Student's interval serves them better."""


def analyse(
    runs: pd.DataFrame,
    design: Design,
    *,
    outcome: str = "outcome",
    arms: Sequence[str] = (),
    reference: str = "isolated",
) -> list[Finding]:
    """What the arms differ by from a reference in the same worlds, at every point.

    Parameters
    ----------
    runs : one row per run.
    outcome : of :data:`ci_sim.outcomes.DERIVED_OUTCOMES`.
    arms : held against the reference; all others where none are named.

    Returns
    -------
    One finding, ``differences``; its table as of :func:`paired_differences`.

    Raises
    ------
    InputError : the runs have no such outcome or arm, or no other arm.
    """
    titles = arm_titles(design)
    present = [str(arm) for arm in runs["arm"].unique()]
    check_names("arm", [reference, *arms], present)
    chosen = list(arms) or [arm for arm in [*titles, *present] if arm in present and arm != reference]
    chosen = list(dict.fromkeys(chosen))
    if not chosen:
        raise InputError("runs", [Complaint("", f"no arm but {reference!r}", "at least one arm beside the reference")])
    table = paired_differences(runs, design, outcome, chosen, reference)
    named = titles.get(reference, reference)
    title = f"Paired differences to {named}: {outcome.replace('_', ' ')}"
    clauses = [_clause(table[table["arm"] == arm], titles.get(arm, arm), named, scale_of(outcome)) for arm in chosen]
    return [Finding("differences", title, table, " ".join(clauses) + _by_chance(table))]


def paired_differences(
    runs: pd.DataFrame, design: Design, outcome: str, arms: Sequence[str], reference: str
) -> pd.DataFrame:
    """Differences of arms to a reference, a row per point and arm.

    Columns: ``point``, the factors, ``label`` (the point in words), ``arm``, ``arm_title``, ``outcome``, ``reference``,
    ``reference_title``; ``worlds`` that have both values and ``missing``, those that lack one; in the outcome's unit
    the mean ``difference`` (BCa bootstrap over worlds; of very few Student's t), the ``median`` (percentile bootstrap)
    and the quantiles ``q10``, ``q25``, ``q75``, ``q90`` over worlds; the shares of worlds ``ahead`` (arm above
    reference; Wilson) and ``tied``. Intervals (95 %) are ``_low`` and ``_high``.
    """
    points = point_labels(runs, design)
    keys = [*factor_keys(runs, design), "label"]
    rows = []
    titles = arm_titles(design)
    reference_title = titles.get(reference, reference)
    for arm in arms:
        cells = Response(outcome, arm, reference).cells(runs)
        for point, values in zip(cells.index, cells.to_numpy(float), strict=True):
            about = {"point": point, **points.loc[point, keys].to_dict()}
            about |= {"arm": arm, "arm_title": titles.get(arm, arm), "outcome": outcome}
            about |= {"reference": reference, "reference_title": reference_title}
            rows.append(about | _describe(values))
    return pd.DataFrame(rows).sort_values("point", kind="stable", ignore_index=True)


def _describe(cells: Floats) -> dict[str, float]:
    values = cells[~np.isnan(cells)]
    worlds = len(values)
    row: dict[str, float] = {"worlds": worlds, "missing": len(cells) - worlds}
    for name, interval in (
        ("difference", bootstrap_interval(values) if worlds >= FEW else mean_interval(values)),
        ("median", bootstrap_interval(values, np.median, "percentile")),
        ("ahead", share_interval(int((values > 0).sum()), worlds)),
    ):
        row |= interval.columns(name)
    row["tied"] = float((values == 0).mean()) if worlds else np.nan
    quantiles = np.quantile(values, (0.1, 0.25, 0.75, 0.9)) if worlds else np.full(4, np.nan)
    return row | dict(zip(("q10", "q25", "q75", "q90"), quantiles.tolist(), strict=True))


def _clause(table: pd.DataFrame, arm: str, reference: str, scale: Scale) -> str:
    """One sentence on an arm: the one point there is, or how many of them lie clearly above and below."""
    lost = int(table["missing"].sum())
    left_out = f" Left out: {lost} paired world{'s' * (lost > 1)} in which one of the two has no value." if lost else ""
    if len(table) == 1:
        return _one_point(table.iloc[0], arm, reference, scale) + left_out
    above, below = int((table["difference_low"] > 0).sum()), int((table["difference_high"] < 0).sum())
    counts = {"lies above": above, "lies below": below, "cannot be told apart from": len(table) - above - below}
    parts = [f"{how} {reference} at {_of(n, len(table))} points" for how, n in counts.items() if n]
    said = f"{arm} {', '.join(parts)}"
    if above + below:
        most, least = (table.loc[table["difference"].agg(which)] for which in ("idxmax", "idxmin"))
        said += f" (from {_at(least, scale)} to {_at(most, scale)})"
    return f"{said}.{left_out}"


def _by_chance(table: pd.DataFrame) -> str:
    """A warning where only some points of an arm are told apart: each has an interval of its own."""
    told = ((table["difference_low"] > 0) | (table["difference_high"] < 0)).groupby(table["arm"]).mean()
    if ((told == 0) | (told == 1)).all():
        return ""
    return " Of 20 points without any difference about 1 is told apart by chance."


def _of(some: int, points: int) -> str:
    return f"all {points}" if some == points else f"{some} of {points}"


def _at(row: pd.Series[float], scale: Scale) -> str:
    return f"{scale.number(row['difference'], signed=True)} {scale.unit}".rstrip() + f" at {row['label']}"


def _one_point(row: pd.Series[float], arm: str, reference: str, scale: Scale) -> str:
    worlds = int(row["worlds"])
    if worlds < 2:
        return f"{arm} and {reference}: {worlds or 'no'} paired world{'s' * (worlds != 1)} is no evidence."
    interval = Interval.of(row, "difference")
    low, high = (scale.number(row[name], signed=True) for name in ("q10", "q90"))
    if interval.low <= 0 <= interval.high:
        effect = f"cannot be told apart from {reference} on average: {scale.interval(interval, signed=True)}"
    else:
        where = "above" if interval.estimate > 0 else "below"
        effect = f"lies {where} {reference} by {scale.interval(interval, signed=True)} on average"
    return (
        f"{arm} {effect}; in 8 of 10 worlds by {low} to {high}; it is above in {100 * row['ahead']:.0f} % of "
        f"{worlds} worlds."
    )
