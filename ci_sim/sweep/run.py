"""How to run: batches here or in local worker processes, finished ones handed back as they come."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ci_sim.kernel import RECORDED
from ci_sim.outcomes import DERIVED_OUTCOMES, derive
from ci_sim.simulate import simulate_arms
from ci_sim.sweep.design import Batch

__all__ = ["BatchResult", "run_batch", "run_batches", "workers_for"]

ATTEMPTS = 3
"""Times a batch is tried before a dying worker is taken for the batch's fault."""
RUNS_WORTH_WORKERS = 4000
"""Runs (of default size) below which starting worker processes costs more than it saves."""


@dataclass(frozen=True)
class BatchResult:
    """The tables of a finished batch: a row per run, and a row per run and month."""

    replications: tuple[int, ...]
    runs: pa.Table
    timeseries: pa.Table


def run_batch(batch: Batch) -> BatchResult:
    """Run every arm of every replication of a batch."""
    identity: dict[str, list[object]] = {"run_id": [], "arm": [], "replication": []}
    derived: dict[str, list[float]] = {name: [] for name in DERIVED_OUTCOMES}
    series: list[NDArray[np.void]] = []
    trajectories = simulate_arms(batch.scenario, batch.arms, batch.replications, seed=batch.seed)
    for replication in batch.replications:
        records = {arm.name: next(trajectories).records for arm in batch.arms}
        for arm, record in records.items():
            identity["run_id"].append(f"{arm}-{replication}")
            identity["arm"].append(arm)
            identity["replication"].append(replication)
            for name, value in derive(batch.scenario, record, records.get("isolated")).items():
                derived[name].append(value)
            series.append(record)
    return BatchResult(batch.replications, pa.table({**identity, **derived}), _timeseries(identity, series))


def _timeseries(identity: dict[str, list[object]], series: list[NDArray[np.void]]) -> pa.Table:
    rows = len(series[0])
    stacked = np.concatenate(series)
    columns: dict[str, object] = {name: np.repeat(np.array(values), rows) for name, values in identity.items()}
    columns["month"] = np.tile(np.arange(rows), len(series))
    columns |= {name: np.ascontiguousarray(stacked[name]) for name in RECORDED}
    return pa.table(columns)


def workers_for(runs: int, months: int, asked: int | None) -> int:
    """Worker processes to use: as asked, else one per core where the work is worth starting them."""
    if asked is not None:
        return asked
    return (os.cpu_count() or 1) if runs * months / 120 > RUNS_WORTH_WORKERS else 1


def run_batches(batches: Sequence[Batch], workers: int) -> Iterator[BatchResult]:
    """Run batches, yielding each as it finishes; a worker that dies has its batches run again.

    Raises
    ------
    BrokenProcessPool : workers died :data:`ATTEMPTS` times without a batch finishing in between.
    """
    if workers <= 1:
        yield from map(run_batch, batches)
        return
    from loky import get_reusable_executor  # noqa: PLC0415 - slow to import, and only needed here

    todo, failures = dict(enumerate(batches)), 0
    while todo:
        executor = get_reusable_executor(max_workers=workers, timeout=60)
        futures = {executor.submit(run_batch, batch): number for number, batch in todo.items()}
        try:
            for future in as_completed(futures):
                result = future.result()
                del todo[futures[future]]
                failures = 0
                yield result
        except BrokenProcessPool:
            failures += 1
            if failures >= ATTEMPTS:
                raise
        except BaseException:  # an interrupt, or the consumer stopping early: end the workers too
            executor.shutdown(wait=False, kill_workers=True)
            raise


