"""Where batches are run: here, in local worker processes, or on a cluster; finished ones handed back as they come.

Any :class:`concurrent.futures.Executor` will do: loky's locally, Dask's on a cluster. A worker that dies has its
batches run again, and no more are under way than keep the workers busy, so that memory does not grow with the sweep.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker

from ci_sim.complaints import Complaint, InputError
from ci_sim.sweep.design import Batch, code_digest
from ci_sim.sweep.run import BatchResult, run_batch

__all__ = ["run_batches", "run_on_cluster", "workers_for"]

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
    workers = min(workers, len(batches))
    if workers <= 1:
        yield from map(run_batch, batches)
        return
    from loky import ProcessPoolExecutor  # noqa: PLC0415 - slow to import, and only needed here

    todo, failures = dict(enumerate(batches)), 0
    while todo:
        executor = ProcessPoolExecutor(workers, initializer=_end_with, initargs=(os.getpid(),))
        try:
            for number, result in _as_they_come(executor, todo, AHEAD * workers):
                del todo[number]
                failures = 0
                yield result
        except BrokenProcessPool:
            failures += 1
            if failures == ATTEMPTS:
                message = f"worker processes ended {ATTEMPTS} times, perhaps for lack of memory; try --workers 1"
                raise ChildProcessError(message) from None
        finally:  # also when interrupted, and when the consumer stops early
            executor.shutdown(wait=True, kill_workers=True)


def run_on_cluster(batches: Sequence[Batch], address: str) -> Generator[BatchResult]:
    """Run batches on the workers of a Dask scheduler, which runs those of a lost worker again elsewhere.

    Raises
    ------
    InputError : Dask is not installed, nobody answers at the address, or a worker has other code.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        wanted = "pip install 'ci_sim[cluster]'"
        raise InputError("--scheduler", [Complaint("", "no Dask on this machine", wanted)]) from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        allowed = "the address of a running Dask scheduler, as in tcp://host:8786"
        raise InputError("--scheduler", [Complaint(address, str(error) or "no answer", allowed)]) from None
    with client:
        _check_code(client.run(code_digest), address)
        threads = sum(client.nthreads().values())
        executor = client.get_executor(pure=False)
        for _, result in _as_they_come(executor, dict(enumerate(batches)), AHEAD * threads):
            yield result


def _check_code(found: dict[str, str], address: str) -> None:
    """Refuse workers that would compute something else, and a scheduler without any."""
    if not found:
        allowed = "a scheduler with workers; start them with 'dask worker'"
        raise InputError("--scheduler", [Complaint(address, "no workers", allowed)])
    others = sorted(worker for worker, code in found.items() if code != code_digest())
    if others:
        allowed = "workers with the same ci_sim as here"
        raise InputError("--scheduler", [Complaint(address, f"other code on {', '.join(others)}", allowed)])


def _as_they_come(executor: Executor, batches: dict[int, Batch], most: int) -> Iterator[tuple[int, BatchResult]]:
    """Results by the number of their batch, with no more than so many under way."""
    waiting = iter(list(batches.items()))
    futures: dict[Future[BatchResult], int] = {}
    while True:
        with _interrupts_held_back():  # here until the workers are started, in them for good
            while len(futures) < most and (following := next(waiting, None)) is not None:
                futures[executor.submit(run_batch, following[1])] = following[0]
        if not futures:
            return
        for future in wait(futures, return_when=FIRST_COMPLETED).done:
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
