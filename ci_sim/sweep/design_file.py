"""Design files: TOML in, a checked :class:`Design` out. ``docs/sweeps.md`` has an example of each kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ci_sim.arms import choose_arms, condition_subsets
from ci_sim.complaints import Complaint, InputError, explain, nearest
from ci_sim.library import read_tables, read_text
from ci_sim.outcomes import DERIVED_OUTCOMES
from ci_sim.parameters import PARAMETERS, Section
from ci_sim.scenario import CustomArm, Scenario
from ci_sim.scenario_file import read_scenario, shipped_scenarios, shorten
from ci_sim.sweep.design import Design, Value, case_at
from ci_sim.sweep.orders import ORDER, all_orders, order_text
from ci_sim.sweep.points import flat, listed_points
from ci_sim.sweep.sampling import Factor, grid, latin_hypercube, morris, sobol

__all__ = ["KINDS", "DesignFile", "read_design"]

KINDS = ("grid", "points", "latin_hypercube", "sobol", "morris", "factorial", "orders")
LARGEST = 10_000_000
"""Most points of a design."""


class FactorTable(Section):
    """One ``[[factors]]`` entry: values for a grid, or a range to sample from."""

    key: str
    values: list[int | float | str | bool] = Field(default=[])
    low: float | None = None
    high: float | None = None


class DesignFile(Section):
    """A design as a file states it. Keys that a kind has no use for are refused."""

    kind: Literal["grid", "points", "latin_hypercube", "sobol", "morris", "factorial", "orders"]
    title: str = Field(default="", max_length=200)
    scenario: str = "default"
    set: dict[str, Any] = Field(default={})
    """Parameters changed at every point."""
    months: int | None = Field(default=None, ge=1, le=1200)
    arms: list[str] = Field(default=["isolated", "collective_impact"])
    arm: list[str] = Field(default=[])
    """Further arms, ``name:condition+condition``."""
    replications: int = Field(default=100, ge=1, le=1_000_000)
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    outcomes: list[str] = Field(default=[])
    """Derived outcomes to keep; all where none is named."""
    every: int = Field(default=12, ge=1, le=1200)
    agents: bool = False
    factors: list[FactorTable] = Field(default=[])
    points: str | list[dict[str, Any]] = Field(default=[])
    """Points one by one, or the name of a CSV file with a column per factor."""
    samples: int = Field(default=256, ge=1, le=1_000_000)
    trajectories: int = Field(default=20, ge=2, le=100_000)
    levels: int = Field(default=4, ge=2, le=100)
    orders: list[list[str]] = Field(default=[])
    """Orders of the five conditions; all 120 where none is listed."""
    interval: int = Field(default=12, ge=0, le=600)
    """Months between the beginnings of two conditions in an order."""


USES: Mapping[str, tuple[str, ...]] = {
    "grid": ("factors",),
    "points": ("points",),
    "latin_hypercube": ("factors", "samples"),
    "sobol": ("factors", "samples"),
    "morris": ("factors", "trajectories", "levels"),
    "factorial": ("factors",),
    "orders": ("factors", "orders", "interval"),
}
"""Keys that only some kinds have a use for."""


def read_design(
    path: Path, overrides: Iterable[str] = (), *, replications: int | None = None, seed: int | None = None
) -> Design:
    """Read a design file and check every point of it.

    Parameters
    ----------
    overrides : ``key=value`` on the scenario, on top of the design's own ``set``.
    replications, seed : in place of the file's.

    Raises
    ------
    InputError : the file, its scenario or a point does not fit.
    """
    source = str(path)
    raw = read_tables(read_text(path, source, "design"), source, "design")
    try:
        file = DesignFile.model_validate(raw)
    except ValidationError as error:
        raise InputError(source, explain(error.errors(), raw, DesignFile.model_json_schema())) from None
    _check_keys(file, raw, source)
    scenario = _scenario(file, path, overrides)
    arms = _arms(file, scenario)
    _check_outcomes(file, source)
    seed = file.seed if seed is None else seed
    factors = [_factor(table, file.kind, source) for table in file.factors]
    points = _points(file, factors, path, seed)
    _check_points(scenario, points, source)
    settings = {"title": file.title, "factors": [factor.described() for factor in factors]}
    settings |= {key: raw.get(key, getattr(file, key)) for key in USES[file.kind] if key not in {"factors", "points"}}
    kept = (file.every, file.agents, tuple(file.outcomes))
    return Design(scenario, arms, replications or file.replications, seed, file.kind, points, settings, *kept)


def _check_keys(file: DesignFile, raw: Mapping[str, Any], source: str) -> None:
    """Refuse what the kind has no use for, and ask for what it needs."""
    special = {key for keys in USES.values() for key in keys}
    used = USES[file.kind]
    complaints = [
        Complaint(key, f"a key that {file.kind!r} has no use for", ", ".join(used))
        for key in raw
        if key in special and key not in used
    ]
    if file.kind not in {"factorial", "orders", "points"} and not file.factors:
        complaints.append(Complaint("factors", "nothing", "[[factors]] with a key, and values or low and high"))
    if file.kind == "points" and not file.points:
        complaints.append(Complaint("points", "nothing", "[[points]], or the name of a CSV file"))
    if file.kind == "sobol" and file.samples & (file.samples - 1):
        complaints.append(Complaint("samples", str(file.samples), "a power of 2"))
    if file.kind == "morris" and file.levels % 2:
        complaints.append(Complaint("levels", str(file.levels), "an even number"))
    if file.kind == "factorial" and ("arms" in raw or "arm" in raw):
        complaints.append(Complaint("arms", "arms", "none: a factorial has the 32 combinations of the conditions"))
    keys = [table.key for table in file.factors]
    complaints += [Complaint("factors", f"{key!r} twice", "each key once") for key in {*keys} if keys.count(key) > 1]
    if complaints:
        raise InputError(source, complaints)


def _scenario(file: DesignFile, path: Path, overrides: Iterable[str]) -> Scenario:
    beside = path.parent / file.scenario
    name = file.scenario if file.scenario in shipped_scenarios() or not beside.exists() else str(beside)
    changes = [f"{key}={json.dumps(value)}" for key, value in flat(file.set).items()]
    scenario = read_scenario(name, [*changes, *overrides])
    return scenario if file.months is None else shorten(scenario, file.months)[0]


def _arms(file: DesignFile, scenario: Scenario) -> tuple[CustomArm, ...]:
    if file.kind == "factorial":
        return tuple(condition_subsets())
    return tuple(choose_arms(scenario, file.arms, file.arm))


def _check_outcomes(file: DesignFile, source: str) -> None:
    unknown = [name for name in file.outcomes if name not in DERIVED_OUTCOMES]
    if unknown:
        allowed = ", ".join(DERIVED_OUTCOMES)
        raise InputError(
            source, [Complaint("outcomes", repr(name), allowed, nearest(name, DERIVED_OUTCOMES)) for name in unknown]
        )


def _factor(table: FactorTable, kind: str, source: str) -> Factor:
    """A factor as the kind needs it: with values, or with a range."""
    listed = kind in {"grid", "factorial", "orders"}
    ranged = table.low is not None or table.high is not None
    if listed and (ranged or not table.values):
        raise InputError(source, [Complaint(f"factors.{table.key}", "no values", f"values = [...], for a {kind}")])
    if listed:
        return Factor(table.key, tuple(table.values))
    if table.values or table.low is None or table.high is None or not table.low < table.high:
        found = "values" if table.values else f"low = {table.low}, high = {table.high}"
        raise InputError(source, [Complaint(f"factors.{table.key}", found, "low below high, the range to sample")])
    whole = _is_whole(table.key)
    return Factor(table.key, low=float(table.low), high=float(table.high), whole=whole)


def _is_whole(key: str) -> bool:
    """Whether a key takes whole numbers: by the parameter table, or by the name of a field of an event or group."""
    if key in PARAMETERS:
        return PARAMETERS[key].kind == "integer"
    return key.rsplit(".", 1)[-1] in {"month", "count", "programs"}


def _points(file: DesignFile, factors: list[Factor], path: Path, seed: int) -> tuple[Mapping[str, Value], ...]:
    match file.kind:
        case "latin_hypercube":
            return latin_hypercube(factors, file.samples, seed)
        case "sobol":
            return sobol(factors, file.samples, seed)
        case "morris":
            return morris(factors, file.trajectories, file.levels, seed)
        case "points":
            return listed_points(file.points, path)
        case "orders":
            orders = [tuple(order) for order in file.orders] or all_orders()
            texts = tuple(order_text(order, file.interval) for order in orders)
            return grid([*factors, Factor(ORDER, texts)])
    return grid(factors)


def _check_points(scenario: Scenario, points: tuple[Mapping[str, Value], ...], source: str) -> None:
    """Every point must make a valid scenario; what is wrong with the first that does not is said."""
    if len(points) > LARGEST:
        raise InputError(source, [Complaint("", f"{len(points):,} points", f"at most {LARGEST:,}")])
    for number, point in enumerate(points):
        try:
            case_at(scenario, point)
        except InputError as error:
            told = error.complaints[0]
            values = ", ".join(f"{key}={value}" for key, value in point.items())
            complaint = Complaint(f"point {number} ({values}): {told.key}", told.found, told.allowed, told.nearest)
            raise InputError(source, [complaint]) from None
