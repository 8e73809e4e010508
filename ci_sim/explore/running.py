"""Run the studies of all questions together: one set of workers, a store for each study, nothing run twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ci_sim.explore.question import Study
from ci_sim.sweep.conduct import write_sweep
from ci_sim.sweep.design import Batch, Design
from ci_sim.sweep.store import Store
from ci_sim.sweep.workers import run_numbered, workers_for

__all__ = ["Progress", "run_studies"]

Progress = Callable[[int, int, int], None]
"""Called with worlds done, of them failed, and wanted, over all studies."""


def run_studies(
    designs: Mapping[str, Design], folder: Path, workers: int | None, progress: Progress
) -> tuple[dict[str, Study], str]:
    """Run what is missing of several designs, each into a folder of its own.

    Returns
    -------
    The studies by name, and the hash of the results of each, joined.

    Raises
    ------
    InputError : a folder cannot be used.
    OSError : writing failed, or workers kept dying; what is finished is kept.
    """
    started = datetime.now(UTC)
    with ExitStack() as held:
        stores = {name: Store(folder / f"{name}-{design.hash}", design) for name, design in designs.items()}
        for store in stores.values():
            held.callback(store.close)
        _run_missing(stores, workers, progress)
        studies, digests = {}, []
        for name, store in stores.items():
            conducted = write_sweep(store, started)
            studies[name] = Study(store.design, store.folder, conducted.failed)
            digests.append(conducted.results_sha256)
    return studies, " ".join(digests)


def _run_missing(stores: Mapping[str, Store], workers: int | None, progress: Progress) -> None:
    wanted = sum(store.design.n_units for store in stores.values())
    done, failed, effort = 0, 0, 0.0
    todo: list[tuple[Store, Batch]] = []
    for store in stores.values():
        finished = store.done(retry_failed=True)
        done += int(finished.sum())
        todo += [(store, batch) for batch in store.design.batches(np.flatnonzero(~finished).tolist())]
        effort += store.design.effort * int((~finished).sum())
    progress(done, failed, wanted)
    with closing(run_numbered([batch for _, batch in todo], workers_for(effort, workers))) as results:
        for number, result in results:
            todo[number][0].add(result)
            done += len(result.units)
            failed += result.tables["failures"].num_rows if "failures" in result.tables else 0
            progress(done, failed, wanted)
