"""Points that belong together: the groups of a Saltelli sample, the trajectories of Morris; whole ones only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ci_sim.analysis.intervals import Floats
from ci_sim.analysis.response import Design, Response, check_names, points_of
from ci_sim.complaints import Complaint, InputError

__all__ = ["Groups", "check_kind", "whole_groups"]

MOST_NAMED = 8


@dataclass(frozen=True)
class Groups:
    """The whole groups of a design.

    Attributes
    ----------
    values : (G, size, R) the response by group, point of the group and replication.
    settings : (G, size, D) the factors' values.
    missing : points that lack a value; their groups are left out.
    dropped : number of groups left out.
    """

    values: Floats
    settings: Floats
    missing: Sequence[int]
    dropped: int

    @property
    def left_out(self) -> str:
        """What was left out, in words; empty where nothing was."""
        if not self.dropped:
            return ""
        groups = len(self.values) + self.dropped
        return f"Left out: {self.dropped} of {groups} groups of points, for want of values at {_named(self.missing)}."


def whole_groups(runs: pd.DataFrame, design: Design, response: Response, size: int, count: int) -> Groups:
    """The groups in which no run and no value is missing; points are found by their number, not by their order.

    A replication that has fewer than half of the points of the fullest (of an unfinished sweep) is left aside.

    Parameters
    ----------
    size : points of a group; group g holds the points g * size to (g + 1) * size - 1.
    count : groups of the design.

    Raises
    ------
    InputError : the runs lack a factor, have points beyond the design, or fewer than half of the groups are whole.
    """
    keys = [str(factor["key"]) for factor in design["factors"]]
    check_names("factor", keys, [str(column) for column in runs])
    cells = response.cells(runs)
    beyond = cells.index[cells.index >= size * count]
    if len(beyond):
        allowed = f"the points 0 to {size * count - 1} of the design"
        raise InputError("runs", [Complaint("", _named(list(beyond)), allowed)])
    cells = cells.reindex(range(size * count))
    known = cells.notna().sum()
    cells = cells.loc[:, (known > 0) & (known >= known.max() / 2)]
    settings = points_of(runs).groupby("point")[keys].first().reindex(cells.index)
    lacking = cells.isna().any(axis=1) | settings.isna().any(axis=1) | cells.columns.empty
    whole = ~lacking.to_numpy().reshape(count, size).any(axis=1)
    if whole.sum() < max(2, count / 2):
        lack = f"{whole.sum()} of {count} groups of points whole, for want of {response.outcome} at"
        allowed = "half of the groups at least, and two; run what is missing, or take an outcome that all runs have"
        raise InputError("runs", [Complaint("", f"{lack} {_named(list(cells.index[lacking]))}", allowed)])
    return Groups(
        values=cells.to_numpy(float).reshape(count, size, -1)[whole],
        settings=settings.to_numpy(float).reshape(count, size, -1)[whole],
        missing=list(cells.index[lacking]),
        dropped=int((~whole).sum()),
    )


def check_kind(design: Design, kind: str) -> None:
    """Complain of a design of another kind.

    Raises
    ------
    InputError : it is.
    """
    found = design.get("kind", "nothing")
    if found != kind:
        raise InputError("design", [Complaint("kind", str(found), f"{kind}, for this analysis")])


def _named(points: Sequence[int]) -> str:
    listed = ", ".join(str(point) for point in points[:MOST_NAMED])
    more = f" and {len(points) - MOST_NAMED} more" if len(points) > MOST_NAMED else ""
    return f"point{'s' * (len(points) != 1)} {listed}{more}"
