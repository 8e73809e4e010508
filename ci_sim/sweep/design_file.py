"""Design files: TOML in, a checked :class:`Design` out. ``docs/sweeps.md`` has an example of each kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ci_sim.arms import choose_arms, condition_subsets
from ci_sim.complaints import Complaint, InputError, explain, nearest
from ci_sim.entries import CustomArm
from ci_sim.library import read_tables, read_text
from ci_sim.outcomes import DERIVED_OUTCOMES
from ci_sim.parameters import PARAMETERS
from ci_sim.scenario import Scenario
from ci_sim.scenario_file import read_scenario, shipped_scenarios, shorten
from ci_sim.sweep.design import Design, Value, case_at
from ci_sim.sweep.design_schema import KINDS, USES, DesignFile, FactorTable
from ci_sim.sweep.orders import ORDER, all_orders, order_text
from ci_sim.sweep.points import VALUES, flat, is_value, listed_points
from ci_sim.sweep.sampling import Factor, grid, latin_hypercube, morris, sobol

__all__ = ["KINDS", "USES", "DesignFile", "parse_design", "read_design"]

LARGEST = 10_000_000
"""Most points of a design."""


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
    return parse_design(raw, path, overrides, replications=replications, seed=seed)


def parse_design(
    raw: Mapping[str, Any],
    path: Path,
    overrides: Iterable[str] = (),
    *,
    replications: int | None = None,
    seed: int | None = None,
) -> Design:
    """Check the tables of a design, as :func:`read_design` does, wherever they come from.

    Parameters
    ----------
    path : what they are called in messages; scenarios and points are looked for beside it.
    """
    source, overrides = str(path), tuple(overrides)
    try:
        file = DesignFile.model_validate(raw)
    except ValidationError as error:
        raise InputError(source, explain(error.errors(), raw, DesignFile.model_json_schema())) from None
    _check_keys(file, raw, source)
    scenario = _scenario(file, path, overrides)
    arms = _arms(file, scenario, source)
    _check_outcomes(file, source)
    seed = file.seed if seed is None else seed
    factors = [_factor(table, file.kind, source) for table in file.factors]
    _check_size(file, factors, source)
    points = _points(file, factors, path, seed)
    _check_overrides(overrides, points)
    _check_points(scenario, points, source)
    described = {factor.key: factor.described() for factor in factors}
    listed = {key: list(dict.fromkeys(point[key] for point in points)) for key in points[0] if key not in described}
    described |= {key: {"key": key, "values": values} for key, values in listed.items()}
    settings = {"title": file.title, "factors": list(described.values())}
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
    keys = [*(table.key for table in file.factors), *([ORDER] if file.kind == "orders" else [])]
    complaints += [Complaint("factors", f"{key!r} twice", "each key once") for key in {*keys} if keys.count(key) > 1]
    if complaints:
        raise InputError(source, complaints)


def _scenario(file: DesignFile, path: Path, overrides: Iterable[str]) -> Scenario:
    beside = path.parent / file.scenario
    name = file.scenario if file.scenario in shipped_scenarios() or not _exists(beside) else str(beside)
    changed = flat(file.set, str(path), "set")
    changes = [f"{key}={json.dumps(value, default=str, ensure_ascii=False)}" for key, value in changed.items()]
    scenario = read_scenario(name, [*changes, *overrides])
    return scenario if file.months is None else shorten(scenario, file.months)[0]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _arms(file: DesignFile, scenario: Scenario, source: str) -> tuple[CustomArm, ...]:
    if file.kind == "factorial":
        return tuple(condition_subsets())
    try:
        return tuple(choose_arms(scenario, file.arms, file.arm))
    except InputError as error:
        key = error.source.removeprefix("--")
        at_key = [replace(told, key=f"{key}: {told.key}" if told.key else key) for told in error.complaints]
        raise InputError(source, at_key) from None


def _check_outcomes(file: DesignFile, source: str) -> None:
    unknown = [name for name in file.outcomes if name not in DERIVED_OUTCOMES]
    if unknown:
        allowed = ", ".join(DERIVED_OUTCOMES)
        raise InputError(
            source, [Complaint("outcomes", repr(name), allowed, nearest(name, DERIVED_OUTCOMES)) for name in unknown]
        )


def _factor(table: FactorTable, kind: str, source: str) -> Factor:
    """A factor as the kind needs it: with values, or with a range."""
    by_values = kind in {"grid", "factorial", "orders"}
    ranged = table.low is not None or table.high is not None
    if by_values and (ranged or not table.values):
        raise InputError(source, [Complaint(f"factors.{table.key}", "no values", f"values = [...], for a {kind}")])
    strange = [Complaint(f"factors.{table.key}", str(one), VALUES) for one in table.values if not is_value(one)]
    if strange:
        raise InputError(source, strange)
    if by_values:
        return Factor(table.key, tuple(table.values))
    if table.values or table.low is None or table.high is None or not table.low < table.high:
        found = "values" if table.values else f"low = {table.low}, high = {table.high}"
        raise InputError(source, [Complaint(f"factors.{table.key}", found, "low below high, the range to sample")])
    whole = _is_whole(table.key)
    if whole and not (table.low.is_integer() and table.high.is_integer() and table.high - table.low < LARGEST):
        found, allowed = f"low = {table.low:g}, high = {table.high:g}", "whole numbers, as the key takes no others"
        raise InputError(source, [Complaint(f"factors.{table.key}", found, allowed)])
    return Factor(table.key, low=float(table.low), high=float(table.high), whole=whole)


def _is_whole(key: str) -> bool:
    """Whether a key takes whole numbers: by the parameter table, or by the name of a field of an event or group."""
    if key in PARAMETERS:
        return PARAMETERS[key].kind == "integer"
    return key.rsplit(".", 1)[-1] in {"month", "count", "programs"}


def _check_size(file: DesignFile, factors: list[Factor], source: str) -> None:
    """Refuse more points than can be held, before they are made."""
    combinations = prod(len(factor.values) for factor in factors)
    count = {
        "points": len(file.points),
        "latin_hypercube": file.samples,
        "sobol": file.samples * (len(factors) + 2),
        "morris": file.trajectories * (len(factors) + 1),
        "orders": combinations * (len(file.orders) or len(all_orders())),
    }.get(file.kind, combinations)
    if count > LARGEST:
        raise InputError(source, [Complaint("", f"{count:,} points", f"at most {LARGEST:,}")])


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


def _check_overrides(overrides: Iterable[str], points: tuple[Mapping[str, Value], ...]) -> None:
    """Refuse to set what differs from point to point anyway."""
    keys = [override.partition("=")[0].strip() for override in overrides]
    allowed = "keys that are no factors of the design"
    complaints = [Complaint(key, "a factor, set by the points", allowed) for key in keys if key in points[0]]
    if complaints:
        raise InputError("--set", complaints)


def _check_points(scenario: Scenario, points: tuple[Mapping[str, Value], ...], source: str) -> None:
    """Every point must make a valid scenario; what is wrong with the first that does not is said."""
    for number, point in enumerate(points):
        try:
            case_at(scenario, point)
        except InputError as error:
            told = error.complaints[0]
            values = ", ".join(f"{key}={value}" for key, value in point.items())
            complaint = Complaint(f"point {number} ({values}): {told.key}", told.found, told.allowed, told.nearest)
            raise InputError(source, [complaint]) from None
