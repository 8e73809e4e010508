"""Conduct a design: run what is missing, wherever the workers are, store it as it comes, and write the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from ci_sim.parameters import PARAMETERS
from ci_sim.provenance import DERIVED, IDENTITY, RECORDED, manifest, results_readme
from ci_sim.sweep.cluster import run_on_cluster
from ci_sim.sweep.design import Design
from ci_sim.sweep.orders import ORDER
from ci_sim.sweep.run import AGENTS
from ci_sim.sweep.store import Store, replace_file
from ci_sim.sweep.workers import run_batches, workers_for

__all__ = ["Conducted", "Where", "conduct", "run_missing", "write_sweep"]

FAILURES = "failures.csv"

Progress = Callable[[int, int, int], None]
"""Called with units done, of them failed, and wanted."""


def silent(_done: int, _failed: int, _of: int) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Where:
    """Where and how much to run.

    Attributes
    ----------
    workers : local processes; None lets the size of the work decide.
    scheduler : address of a Dask scheduler to hand the batches to instead.
    shard : (i, n): only the i-th of n parts of the design, i from 1.
    retry_failed : run again what failed before.
    """

    workers: int | None = None
    scheduler: str | None = None
    shard: tuple[int, int] = (1, 1)
    retry_failed: bool = False


@dataclass(frozen=True)
class Conducted:
    """What has been done of a design.

    Attributes
    ----------
    done, failed, wanted : units: points times replications. Of a shard, ``wanted`` is the whole design's.
    results_sha256 : of runs and time series, the same however they were run.
    """

    folder: Path
    done: int
    failed: int
    wanted: int
    results_sha256: str


def run_missing(store: Store, where: Where = Where(), progress: Progress = silent) -> None:
    """Run the units of a store's design that it does not hold yet.

    Raises
    ------
    InputError : the cluster cannot be used.
    OSError : writing failed (a full disk), or workers kept dying; what is finished is kept.
    """
    design = store.design
    finished = store.done(retry_failed=where.retry_failed)
    todo = np.flatnonzero(~finished & _shard(where.shard, design.n_units))
    done, failed = int(finished.sum()), 0
    progress(done, failed, design.n_units)
    batches = design.batches(todo.tolist())
    if where.scheduler is not None:
        running = run_on_cluster(batches, where.scheduler)
    else:
        running = run_batches(batches, workers_for(design.effort * len(todo), where.workers))
    with closing(running) as results:
        for result in results:
            store.add(result)
            done += len(result.units)
            failed += result.tables["failures"].num_rows if "failures" in result.tables else 0
            progress(done, failed, design.n_units)


def _shard(shard: tuple[int, int], n_units: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(units,) which of them belong to the i-th of n parts; the parts are of one size and without gaps."""
    number, of = shard
    units = np.arange(n_units)
    return (units >= (number - 1) * n_units // of) & (units < number * n_units // of)


def conduct(
    design: Design, folder: Path, where: Where = Where(), progress: Progress = silent
) -> Conducted:  # fmt: skip
    """Run what is missing of a design and write tables, manifest and data dictionary.

    Parameters
    ----------
    folder : see :class:`ci_sim.sweep.folder.ResultsFolder`; what it already holds of this design is not run again.

    Raises
    ------
    InputError : the folder or the cluster cannot be used.
    OSError : writing failed midway (a full disk); finished parts are kept.
    """
    started = datetime.now(UTC)
    store = Store(folder, design)
    try:
        run_missing(store, where, progress)
        return write_sweep(store, started)
    finally:
        store.close()


def write_sweep(store: Store, started: datetime) -> Conducted:
    """Write the tables of what a store holds, its failures, manifest and data dictionary."""
    design, folder = store.design, store.folder
    digest = store.finish()
    failures = store.failures()
    if len(failures):
        with replace_file(folder / FAILURES) as temporary:
            failures.to_csv(temporary, index=False)
    else:
        (folder / FAILURES).unlink(missing_ok=True)
    done = pq.read_metadata(folder / "runs.parquet").num_rows // len(design.arms) + len(failures)
    about = manifest(design.described(), design.scenario, design.replications, started, digest)
    about |= {"points": len(design.points), "units_done": done, "units_failed": len(failures), "units": design.n_units}
    notes = "`failures.csv`, where there is one, lists what failed, with parameters, seed and traceback."
    readme = results_readme(design.scenario, about["command"], notes, _dictionary(design))
    for name, text in (("manifest.json", json.dumps(about, indent=1)), ("README.md", readme)):
        with replace_file(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    _write_points(store)
    return Conducted(folder, done, len(failures), design.n_units, digest)


def _write_points(store: Store) -> None:
    """The points with their factor values, a row each."""
    points = store.design.points
    columns = {"point": list(range(len(points)))} | {key: [point[key] for point in points] for key in points[0]}
    with replace_file(store.folder / "points.csv") as temporary:
        pcsv.write_csv(pa.table(columns), temporary)


def _dictionary(design: Design) -> Mapping[str, list[tuple[str, str, str]]]:
    """Columns of all tables, with units and meaning."""
    point = ("point", "", "combination of factor values; a row of points.csv")
    run_id = ("run_id", "", "arm, point and replication")
    identity = [run_id, point, *IDENTITY[1:]] if design.factors else list(IDENTITY)
    factors = [(key, *_factor(key)) for key in design.factors]
    derived = [row for row in DERIVED if not design.outcomes or row[0] in design.outcomes]
    every = "month" if design.every == 1 else f"{design.every} months, and the last"
    tables = {
        "runs.parquet, runs.csv: one row per run": [*identity, *factors, *derived],
        f"timeseries.parquet: one row per run and every {every}": [*identity, *RECORDED],
    }
    if design.agents:
        agents = [(name, *told) for name, told in AGENTS.items()]
        tables["agents.parquet: one row per run and organization, at the horizon"] = [*identity, *agents]
    return tables


def _factor(key: str) -> tuple[str, str]:
    if key == ORDER:
        return "", "order in which the conditions begin, and months between them"
    parameter = PARAMETERS.get(key)
    return (parameter.unit, parameter.meaning) if parameter else ("", "as in the scenario file")
