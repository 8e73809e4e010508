"""How to run: batches here or in local worker processes, finished ones handed back as they come."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ci_sim.kernel import RECORDED
from ci_sim.outcomes import DERIVED_OUTCOMES, derive
from ci_sim.simulate import simulate_arms
from ci_sim.sweep.design import Batch

__all__ = ["BatchResult", "run_batch", "run_batches", "workers_for"]

ATTEMPTS = 3
"""Times workers may die before that is taken for the work's fault."""
WORTH_WORKERS = 4000
"""Runs of default size below which starting worker processes costs more than it saves."""


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
    run = pa.array(np.repeat(np.arange(len(series)), rows))
    columns: dict[str, object] = {name: pa.array(values).take(run) for name, values in identity.items()}
    columns["month"] = np.tile(np.arange(rows), len(series))
    columns |= {name: np.ascontiguousarray(stacked[name]) for name in RECORDED}
    return pa.table(columns)


def workers_for(effort: float, asked: int | None) -> int:
    """Worker processes to use: as asked, else one per core where the work is worth starting them.

    Parameters
    ----------
    effort : of everything there is to do, in runs of the default scenario.
    """
    if asked is not None:
        return asked
    if effort <= WORTH_WORKERS:
        return 1
    from loky import cpu_count  # noqa: PLC0415 - slow to import; heeds affinity and the limits of containers

    return int(cpu_count())


def run_batches(batches: Sequence[Batch], workers: int) -> Generator[BatchResult]:
    """Run batches, yielding each as it finishes; a worker that dies has its batches run again.

    Raises
    ------
    ChildProcessError : workers died :data:`ATTEMPTS` times without a batch finishing in between.
    """
    workers = min(workers, len(batches))
    if workers <= 1:
        yield from map(run_batch, batches)
        return
    from loky import ProcessPoolExecutor  # noqa: PLC0415 - slow to import, and only needed here

    todo, failures = dict(enumerate(batches)), 0
    while todo:
        executor = ProcessPoolExecutor(workers, initializer=_end_with, initargs=(os.getpid(),))
        try:
            with _interrupts_held_back():  # here until the workers are started, in them for good
                futures = {executor.submit(run_batch, batch): number for number, batch in todo.items()}
            for future in as_completed(futures):
                result = future.result()
                del todo[futures.pop(future)]  # not kept: results may come faster than they are stored
                failures = 0
                yield result
        except BrokenProcessPool:
            failures += 1
            if failures == ATTEMPTS:
                message = f"worker processes ended {ATTEMPTS} times, perhaps for lack of memory; try --workers 1"
                raise ChildProcessError(message) from None
        finally:  # also when interrupted, and when the consumer stops early
            executor.shutdown(wait=True, kill_workers=True)


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Ctrl-C goes to every process of a terminal; those started meanwhile never hear it and leave it to this one."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # started later, it would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(parent: int) -> None:
    """In a worker: end as soon as the parent has, however it ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
