"""The points of a design: which factors vary, and the paired difference between two arms at each point."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import mean_interval
from ci_sim.complaints import Complaint, InputError, nearest

__all__ = ["factors_of", "paired", "point_differences", "require_column", "standing"]

SHARED = ["point", "replication"]
"""What runs of one world have in common."""


def factors_of(runs: pd.DataFrame) -> list[str]:
    """The factors (columns with a dotted key) that take more than one value."""
    return [column for column in runs.columns if "." in column and len(runs[column].unique()) > 1]


def require_column(table: pd.DataFrame, column: str) -> None:
    """Refuse a column that a table does not have.

    Raises
    ------
    InputError : with the nearest name.
    """
    if column not in table.columns:
        names = [str(name) for name in table.columns]
        raise InputError("results", [Complaint("", f"no column {column!r}", ", ".join(names), nearest(column, names))])


def paired(table: pd.DataFrame, arm: str, reference: str, columns: list[str], by: list[str]) -> pd.DataFrame:
    """An arm minus the reference in the same world, for rows that are complete in both.

    Parameters
    ----------
    table : columns ``arm``, those of ``by`` and ``columns``; at most one row per arm and ``by``.
    by : what identifies a pair; ``point`` may be missing in the table and is then 0.

    Returns
    -------
    Indexed by ``by``, in order; ``columns`` hold differences.

    Raises
    ------
    InputError : an arm or a column that the table does not have, or no world in which both arms were run.
    """
    for column in columns:
        require_column(table, column)
    table = table if "point" in table.columns else table.assign(point=0)
    sides = []
    for name in (arm, reference):
        rows = table[table["arm"] == name]
        if rows.empty:
            present = sorted(str(other) for other in table["arm"].unique())
            raise InputError(
                "results", [Complaint("arm", f"no runs of {name!r}", ", ".join(present), nearest(name, present))]
            )
        sides.append(rows.set_index(by)[columns].astype(float))
    difference = (sides[0] - sides[1]).dropna().sort_index()
    if difference.empty:
        raise InputError("results", [Complaint("", f"no world with both {arm} and {reference}", "the same worlds")])
    return difference


def point_differences(
    runs: pd.DataFrame, arm: str = "collective_impact", reference: str = "isolated", outcome: str = "outcome"
) -> pd.DataFrame:
    """The paired difference at every point of a design, with its 95 % interval over the point's worlds.

    Parameters
    ----------
    runs : a row per run: ``point``, ``arm``, ``replication``, factors, outcomes. A missing ``point`` means one point.

    Returns
    -------
    Indexed by ``point``: the factors that vary, ``worlds``, ``difference``, ``difference_low``, ``difference_high``;
    bounds are NaN where a point has one world.

    Raises
    ------
    InputError : an arm or an outcome that is not there.
    """
    differences = paired(runs, arm, reference, [outcome], SHARED)[outcome]
    rows = [(point, len(worlds), *mean_interval(worlds.to_numpy())) for point, worlds in differences.groupby("point")]
    table = pd.DataFrame(rows, columns=["point", "worlds", "difference", "difference_low", "difference_high"])
    table = table.set_index("point")
    factors = factors_of(runs)
    if not factors:
        return table
    return runs.drop_duplicates("point").set_index("point")[factors].join(table, how="inner").sort_index()


def standing(low: float, high: float) -> int:
    """1 where an interval lies above zero, -1 where it lies below, 0 where it does neither or is unknown."""
    if math.isnan(low) or low <= 0 <= high:
        return 0
    return int(np.sign(low + high))
