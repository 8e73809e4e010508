"""The response: what an analysis is about - an outcome of an arm, or its paired difference from another arm."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Interval
from ci_sim.arms import STANDARD_ARMS, condition_subsets
from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.outcomes import DERIVED_OUTCOMES
from ci_sim.sweep.orders import ORDER

__all__ = [
    "Design", "Response", "Scale", "arm_titles", "check_names", "factor_keys", "factor_name", "point_labels",
    "points_of", "scale_of",
]  # fmt: skip

OF_SOMETHING = {"initial", "focus", "program", "count", "month", "member", "programs", "share", "factor", "title"}
"""Last words of keys that say nothing alone, as in ``participation.initial``."""

Design = Mapping[str, Any]
"""What ``design.json`` holds."""


class Scale(NamedTuple):
    """How values of an outcome are said: times a factor, with a unit."""

    factor: float
    unit: str

    def number(self, value: float, *, signed: bool = False) -> str:
        """A value without its unit, to a decimal or three digits, whichever is more."""
        if math.isnan(value):
            return "unknown"
        shown = value * self.factor
        digits = 1 if self.factor != 1 else min(3, max(0, 2 - math.floor(math.log10(abs(shown))))) if shown else 0
        text = f"{shown:{'+' if signed else ''},.{digits}f}"
        return text if any(letter in "123456789" for letter in text) else text.lstrip("+-")

    def interval(self, value: Interval, *, signed: bool = False) -> str:
        """An estimate with its interval, in words."""
        estimate = f"{self.number(value.estimate, signed=signed)} {self.unit}".rstrip()
        if math.isnan(value.low):
            return f"{estimate} (no interval)"
        low, high = (self.number(bound, signed=signed) for bound in value[1:])
        return f"{estimate} (95 % interval {low} to {high})"


def scale_of(outcome: str) -> Scale:
    """Scale of a derived outcome: those within 0..1 in points of 100, shares in percentage points."""
    unit = DERIVED_OUTCOMES[outcome].unit
    return {
        "0..1": Scale(100, "points"),
        "share": Scale(100, "percentage points"),
        "0 or 1": Scale(100, "percentage points"),
        "money": Scale(1, "thousand"),
        "ratio": Scale(1, ""),
        "count": Scale(1, ""),
    }.get(unit, Scale(1, unit))


@dataclass(frozen=True)
class Response:
    """An outcome of an arm; with a reference the arm's value minus the reference's in the same world."""

    outcome: str
    arm: str
    reference: str | None = None

    def title(self, titles: Mapping[str, str]) -> str:
        """In words."""
        arms = [titles.get(arm, arm) for arm in (self.arm, self.reference) if arm is not None]
        return f"{self.outcome.replace('_', ' ')} of {' minus '.join(arms)}"

    def cells(self, runs: pd.DataFrame) -> pd.DataFrame:
        """Values by point (rows, in order) and replication (columns, in order); NaN where a run or its outcome lacks.

        Rows of ``runs`` are found by their point, arm and replication, so their order means nothing.

        Raises
        ------
        InputError : the runs have no such outcome or arm, or hold a run twice.
        """
        check_names("outcome", [self.outcome], [name for name in DERIVED_OUTCOMES if name in runs])
        arms = [self.arm] if self.reference is None else [self.arm, self.reference]
        check_names("arm", arms, [str(arm) for arm in runs["arm"].unique()])
        own, *other = (_by_point(runs, arm, self.outcome) for arm in arms)
        return own - other[0] if other else own


def _by_point(runs: pd.DataFrame, arm: str, outcome: str) -> pd.DataFrame:
    rows = points_of(runs)
    rows = rows.loc[rows["arm"] == arm, ["point", "replication", outcome]]
    twice = rows.duplicated(["point", "replication"])
    if twice.any():
        first = rows[twice].iloc[0]
        found = f"point {first['point']:g}, replication {first['replication']:g} of arm {arm} twice"
        raise InputError("runs", [Complaint("", found, "a row per point, arm and replication")])
    table = rows.pivot(index="point", columns="replication", values=outcome)  # noqa: PD010 - nothing to aggregate
    return table.astype(float)


def points_of(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs with their points; all are of point 0 where there is but one, as in a comparison."""
    return runs if "point" in runs else runs.assign(point=0)


def check_names(what: str, names: Iterable[str], known: Sequence[str]) -> None:
    """Complain of names that are not known.

    Raises
    ------
    InputError : at least one is unknown.
    """
    unknown = [name for name in names if name not in known]
    if unknown:
        complaints = [Complaint("", f"no {what} {n!r}", ", ".join(known), nearest(n, known)) for n in unknown]
        raise InputError("runs", complaints)


def factor_keys(runs: pd.DataFrame, design: Design) -> list[str]:
    """The factors' columns of a runs table, in the order of the design."""
    return [key for key in (str(factor["key"]) for factor in design.get("factors", ())) if key in runs]


def arm_titles(design: Design) -> dict[str, str]:
    """Titles of arms by name: the design's own, and of all arms that every scenario has."""
    known = {arm.name: arm.title for arm in (*STANDARD_ARMS.values(), *condition_subsets())}
    own = {arm["name"]: arm.get("title", "") for arm in design.get("arms", ()) if not isinstance(arm, str)}
    return known | {name: title or name.replace("_", " ") for name, title in own.items()}


def point_labels(runs: pd.DataFrame, design: Design) -> pd.DataFrame:
    """A row per point: its factors' values, and ``label``, which names it by what varies."""
    keys = factor_keys(runs, design)
    table = points_of(runs).groupby("point")[keys].first() if keys else _without_factors(runs)
    varying = [key for key in keys if len(table[key].unique()) > 1] or keys
    settings = [[_setting(key, value) for value in table[key]] for key in varying]
    labels = [", ".join(words) for words in zip(*settings, strict=True)] or [f"point {point}" for point in table.index]
    return table.assign(label=labels)


def _without_factors(runs: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(index=pd.Index(sorted(points_of(runs)["point"].unique()), name="point"))


def _setting(key: str, value: object) -> str:
    match value:
        case bool() | np.bool_():
            shown = str(value).lower()
        case int() | float():
            shown = f"{value:.4g}"
        case str() if key == ORDER:
            conditions, _, interval = value.partition("@")
            return f"{' > '.join(name.rpartition('_')[2] for name in conditions.split('>'))}, {interval} months apart"
        case _:
            shown = str(value)
    return f"{factor_name(key)} {shown}"


def factor_name(key: str) -> str:
    """A dotted key as people read it: its last word or words, or all where these say nothing alone."""
    last = key.rpartition(".")[2]
    return (key.replace(".", " ") if last in OF_SOMETHING else last).replace("_", " ")
