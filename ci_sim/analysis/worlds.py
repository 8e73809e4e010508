"""Values world by world, for contrasts between any runs of a design, and estimates over worlds as tidy tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Floats, Interval, mean_interval
from ci_sim.complaints import Complaint, InputError

__all__ = ["Verdict", "estimates", "in_points", "judge", "of_worlds"]

Verdict = Literal["held", "failed", "cannot be told"]
"""What an interval says of a statement made in advance."""

REPLICATION = "replication"


def of_worlds(
    runs: pd.DataFrame, arm: str, where: Mapping[str, object] | None = None, outcome: str = "outcome"
) -> pd.Series[float]:
    """An outcome of one arm at one point, by world.

    Worlds with the same number share their seeds across points and arms, so that differences of two such series are
    paired.

    Parameters
    ----------
    where : values of factors; those not named must not vary among the runs that are left.

    Returns
    -------
    Indexed by replication.

    Raises
    ------
    InputError : no such runs, or those of several points.
    """
    chosen = runs[runs["arm"] == arm]
    for key, value in (where or {}).items():
        chosen = chosen[chosen[key] == value]
    if chosen.empty or chosen[REPLICATION].duplicated().any():
        found = "no runs" if chosen.empty else "runs of several points"
        settings = ", ".join(f"{key} = {value}" for key, value in (where or {}).items())
        raise InputError("runs", [Complaint(f"{arm}, {settings}", found, "one run per world")])
    return chosen.set_index(REPLICATION)[outcome].astype(float).sort_index()


def estimates(
    runs: pd.DataFrame,
    by: Sequence[str],
    arms: Sequence[str],
    *,
    outcome: str = "outcome",
    reference: str | None = None,
) -> pd.DataFrame:
    """Mean over worlds of an outcome, or of its paired difference to a reference arm, at every point.

    Parameters
    ----------
    by : factors that tell the points apart.

    Returns
    -------
    Columns: those of ``by``, ``arm``, ``worlds``, and ``estimate``, ``low``, ``high`` (paired t, 95 %) in the outcome's
    unit.
    """
    rows = []
    for key, table in runs.groupby(list(by), sort=False):
        base = None if reference is None else of_worlds(table, reference, outcome=outcome)
        for arm in arms:
            own = of_worlds(table, arm, outcome=outcome)
            values: Floats = np.asarray((own if base is None else own - base).dropna(), np.float64)
            about = dict(zip(by, key, strict=True)) | {"arm": arm, "worlds": len(values)}
            rows.append(about | mean_interval(values)._asdict())
    return pd.DataFrame(rows)


def judge(interval: Interval, *, above: float | None = None, below: float | None = None) -> Verdict:
    """Whether an estimate lies above (or below) a level: held or failed where its whole interval says so."""
    level, sign = (above, 1) if above is not None else (below, -1)
    if level is None or not interval.low <= interval.high:
        return "cannot be told"
    nearest, farthest = sorted((sign * (interval.low - level), sign * (interval.high - level)))
    return "held" if nearest > 0 else "failed" if farthest < 0 else "cannot be told"


def in_points(interval: Interval, *, signed: bool = False) -> str:
    """An estimate of 0..1 in points of 100 with its interval: 27.1 [24.0, 30.2]."""
    form = "+.1f" if signed else ".1f"
    middle, low, high = (f"{round(100 * value, 1) + 0.0:{form}}" for value in interval)
    return f"{middle} [{low}, {high}]"
