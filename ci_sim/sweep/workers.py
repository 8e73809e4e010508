"""Where batches are run: here or in local worker processes; finished ones are handed back as they come.

Any :class:`concurrent.futures.Executor` will do: loky's here, Dask's in ``cluster``. A worker that dies has its batches
run again, and no more are under way than keep the workers busy, so that memory does not grow with the sweep.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import resource_tracker

from ci_sim.sweep.design import Batch
from ci_sim.sweep.run import BatchResult, run_batch

__all__ = ["AHEAD", "as_they_come", "run_batches", "run_numbered", "workers_for"]

ATTEMPTS = 3
"""Times workers may die before that is taken for the work's fault."""
WORTH_WORKERS = 4000
"""Runs of default size below which starting worker processes costs more than it saves."""
AHEAD = 4
"""Batches under way per worker."""


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
    """Run batches here, yielding each as it finishes; a worker that dies has its batches run again.

    Raises
    ------
    ChildProcessError : workers died :data:`ATTEMPTS` times without a batch finishing in between.
    """
    with closing(run_numbered(batches, workers)) as results:
        for _, result in results:
            yield result


def run_numbered(batches: Sequence[Batch], workers: int) -> Generator[tuple[int, BatchResult]]:
    """The same with the number of each batch, for batches of several designs."""
    workers = min(workers, len(batches))
    if workers <= 1:
        yield from enumerate(map(run_batch, batches))
        return
    from loky import ProcessPoolExecutor  # noqa: PLC0415 - slow to import, and only needed here

    todo, failures = dict(enumerate(batches)), 0
    while todo:
        executor = ProcessPoolExecutor(workers, initializer=_end_with, initargs=(os.getpid(),))
        try:
            for number, result in as_they_come(executor, todo, AHEAD * workers):
                del todo[number]
                failures = 0
                yield number, result
        except BrokenProcessPool:
            failures += 1
            if failures == ATTEMPTS:
                message = f"worker processes ended {ATTEMPTS} times, perhaps for lack of memory; try --workers 1"
                raise ChildProcessError(message) from None
        finally:  # also when interrupted, and when the consumer stops early
            executor.shutdown(wait=True, kill_workers=True)


def as_they_come(
    executor: Executor,
    batches: dict[int, Batch],
    most: int,
    patience: float | None = None,
    look: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, BatchResult]]:
    """Results by the number of their batch, with no more than so many under way.

    Parameters
    ----------
    patience, look : after so many seconds without a result, what to call; it may raise.
    """
    waiting = iter(list(batches.items()))
    futures: dict[Future[BatchResult], int] = {}
    while True:
        with _interrupts_held_back():  # here until the workers are started, in them for good
            while len(futures) < most and (following := next(waiting, None)) is not None:
                futures[executor.submit(run_batch, following[1])] = following[0]
        if not futures:
            return
        finished = wait(futures, patience, FIRST_COMPLETED).done
        if not finished:
            look()
        for future in finished:
            yield futures.pop(future), future.result()


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Ctrl-C goes to every process of a terminal; those started meanwhile never hear it and leave it to this one."""
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
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
