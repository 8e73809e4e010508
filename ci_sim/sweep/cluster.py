"""The same batches on a cluster: handed to the workers of a running Dask scheduler."""

from __future__ import annotations

import gc
from collections.abc import Generator, Sequence
from concurrent.futures import CancelledError

from ci_sim.complaints import Complaint, InputError
from ci_sim.sweep.design import Batch, code_digest
from ci_sim.sweep.run import BatchResult
from ci_sim.sweep.workers import AHEAD, as_they_come

__all__ = ["run_on_cluster"]

ANSWER_WITHIN = "10s"
LOST_AFTER = 300.0
"""Seconds without any worker after which the cluster is taken for lost."""


def run_on_cluster(batches: Sequence[Batch], address: str) -> Generator[BatchResult]:
    """Run batches on the workers of a Dask scheduler, which runs those of a lost worker again elsewhere.

    Raises
    ------
    InputError : Dask is not installed, nobody answers at the address, there is no worker, or one has other code.
    ConnectionError : the scheduler went away, or all workers did for :data:`LOST_AFTER` seconds.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        wanted = "pip install 'ci_sim[cluster]'"
        raise InputError("--scheduler", [Complaint("", "no Dask on this machine", wanted)]) from None
    refused = ""
    try:
        client = Client(address, timeout=ANSWER_WITHIN, set_as_default=False)
    except (OSError, ValueError, OverflowError) as error:
        refused = str(error) or "no answer"
    if refused:
        gc.collect()  # the client that never started goes now: later, it might while another one holds a lock
        allowed = "the address of a running Dask scheduler, as in tcp://host:8786"
        raise InputError("--scheduler", [Complaint(address, refused, allowed)])

    def look() -> None:
        if not client.nthreads():
            raise ConnectionError(f"{address}: no worker for {LOST_AFTER:g} s")

    with client:
        _check_code(client.run(_code), address)
        most = AHEAD * sum(client.nthreads().values())
        executor = client.get_executor(pure=False)
        try:
            for _, result in as_they_come(executor, dict(enumerate(batches)), most, LOST_AFTER, look):
                yield result
        except CancelledError:
            raise ConnectionError(f"{address}: the scheduler went away") from None


def _code() -> str:
    """Of the worker this is called on."""
    return code_digest()


def _check_code(found: dict[str, str], address: str) -> None:
    """Refuse workers that would compute something else, and a scheduler without any."""
    if not found:
        allowed = "a scheduler with workers; start them with 'dask worker'"
        raise InputError("--scheduler", [Complaint(address, "no workers", allowed)])
    here = code_digest()
    others = sorted(worker for worker, code in found.items() if code != here)
    if others:
        allowed = "workers with the same ci_sim as here"
        raise InputError("--scheduler", [Complaint(address, f"other code on {', '.join(others)}", allowed)])
