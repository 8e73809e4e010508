"""What a worker does: a batch in, its tables out; a unit that fails is recorded and the others finish."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ci_sim.kernel import RECORDED
from ci_sim.outcomes import DERIVED_OUTCOMES, derive
from ci_sim.simulate import Trajectory, simulate_arms
from ci_sim.sweep.design import Batch, Unit, case_at, code_digest, kept_months

__all__ = ["AGENTS", "BatchResult", "run_batch"]

AGENTS = {
    "organization": ("", "number of the organization, in the order of the groups"),
    "group": ("", "its group; empty where the scenario has none"),
    "sector": ("", "its sector; empty where the scenario has no groups"),
    "active": ("0 or 1", "whether it is still at work"),
    "member": ("0 or 1", "whether it takes part in the initiative"),
    "programs": ("count", "programs it runs"),
    "mean_trust": ("0..1", "its mean trust in its fellow members; 0 for others"),
    "alignment": ("0..1", "weight of the common agenda in its decisions"),
}
"""Columns of the agents table beside the identifying ones: unit and meaning, all at the horizon."""


@dataclass(frozen=True)
class BatchResult:
    """The tables of a finished batch.

    Attributes
    ----------
    units : numbers of all its units, failed ones included.
    tables : ``runs`` (a row per run), ``timeseries`` (a row per run and kept month); ``agents`` (a row per run and
        organization) on request; ``failures`` (a row per failed unit) where there are any.
    """

    units: tuple[int, ...]
    tables: dict[str, pa.Table]


class _Run(NamedTuple):
    """What is kept of a run."""

    columns: dict[str, Any]
    months: tuple[int, ...]
    series: NDArray[np.float64]
    agents: dict[str, Any] | None


class _Failure(NamedTuple):
    """What is kept of a unit that failed."""

    unit: int
    point: int
    replication: int
    parameters: str
    seed: int
    traceback: str


def run_batch(batch: Batch) -> BatchResult:
    """Run every arm of every unit of a batch.

    Raises
    ------
    RuntimeError : this worker's code is not that of the batch's design.
    """
    if batch.code not in {"", code_digest()}:
        raise RuntimeError(f"this worker has code {code_digest()}, the design wants {batch.code}")
    done: dict[int, list[_Run] | _Failure] = {}
    for point, units in groupby(sorted(batch.units, key=lambda unit: unit.point), key=lambda unit: unit.point):
        done.update(_run_point(batch, point, list(units)))
    kept = [done[unit.number] for unit in batch.units]
    runs = [run for one in kept if isinstance(one, list) for run in one]
    failures = [one for one in kept if isinstance(one, _Failure)]
    return BatchResult(tuple(unit.number for unit in batch.units), _tables(runs, failures))


def _run_point(batch: Batch, point: int, units: list[Unit]) -> Iterator[tuple[int, list[_Run] | _Failure]]:
    """The runs of units of one point, or what went wrong, by the unit's number."""
    while units:
        try:
            case = case_at(batch.scenario, batch.changes[point])
            worlds = [unit.replication for unit in units]
            trajectories = simulate_arms(case, batch.arms, worlds, seed=batch.seed)
            for unit in tuple(units):
                runs = _runs(batch, unit, [next(trajectories) for _ in batch.arms])
                yield units.pop(0).number, runs
        except Exception:
            failed = units.pop(0)
            changes = json.dumps(batch.changes[point])
            yield failed.number, _Failure(*failed, changes, batch.seed, traceback.format_exc())


def _runs(batch: Batch, unit: Unit, trajectories: list[Trajectory]) -> list[_Run]:
    isolated = next((t.records for t in trajectories if t.arm.name == "isolated"), None)
    runs = []
    for trajectory in trajectories:
        scenario, records = trajectory.world.scenario, trajectory.records
        derived = derive(scenario, records, isolated)
        kept = {name: derived[name] for name in batch.outcomes or DERIVED_OUTCOMES}
        columns = {**_identity(batch, trajectory.arm.name, unit), **batch.changes[unit.point], **kept}
        months = kept_months(scenario.horizon.months, batch.every)
        series = records.view(np.float64).reshape(len(records), -1)  # numpy is slow at joining structured arrays
        agents = _agents(trajectory) if batch.agents else None
        runs.append(_Run(columns, months, series[list(months)] if batch.every > 1 else series, agents))
    return runs


def _identity(batch: Batch, arm: str, unit: Unit) -> dict[str, Any]:
    """The columns that say which run a row is of."""
    if not batch.changes[unit.point]:
        return {"run_id": f"{arm}-{unit.replication}", "arm": arm, "replication": unit.replication}
    run_id = f"{arm}-{unit.point}-{unit.replication}"
    return {"run_id": run_id, "point": unit.point, "arm": arm, "replication": unit.replication}


def _agents(trajectory: Trajectory) -> dict[str, Any]:
    """The organizations of a run at the horizon, a row each."""
    groups, table = trajectory.world.scenario.group_of_organization, trajectory.state.organizations
    columns: dict[str, Any] = {
        "organization": np.arange(len(table)),
        "group": [group.name if group else "" for group in groups],
        "sector": [group.sector if group else "" for group in groups],
    }
    for name in list(AGENTS)[len(columns) :]:
        values = np.ascontiguousarray(table[name])
        columns[name] = values.astype(np.int64) if values.dtype == np.bool_ else values
    return columns


def _tables(runs: list[_Run], failures: list[_Failure]) -> dict[str, pa.Table]:
    tables = {}
    if runs:
        tables["runs"] = pa.table({name: [run.columns[name] for run in runs] for name in runs[0].columns})
        tables["timeseries"] = _timeseries(runs)
    agents = [run.agents for run in runs if run.agents is not None]
    if agents:
        columns = _repeated(runs, [len(one["organization"]) for one in agents])
        tables["agents"] = pa.table(columns | {name: np.concatenate([one[name] for one in agents]) for name in AGENTS})
    if failures:
        columns = {name: [getattr(one, name) for one in failures] for name in _Failure._fields}
        tables["failures"] = pa.table(columns)
    return tables


def _timeseries(runs: list[_Run]) -> pa.Table:
    stacked = np.concatenate([run.series for run in runs]).T
    columns = _repeated(runs, [len(run.months) for run in runs])
    columns["month"] = np.concatenate([np.array(run.months, np.int64) for run in runs])
    return pa.table(columns | {name: np.ascontiguousarray(row) for name, row in zip(RECORDED, stacked, strict=True)})


def _repeated(runs: list[_Run], times: list[int]) -> dict[str, Any]:
    """The identifying columns of the runs, each run as many times as it has rows."""
    rows = pa.array(np.repeat(np.arange(len(runs)), times))
    named = [name for name in ("run_id", "point", "arm", "replication") if name in runs[0].columns]
    return {name: pa.array([run.columns[name] for run in runs]).take(rows) for name in named}
