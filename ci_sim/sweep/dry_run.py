"""What a design would take: runs, time and disk, estimated from a few of its units."""

from __future__ import annotations

import time
from dataclasses import dataclass
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq

from ci_sim.sweep.design import Design
from ci_sim.sweep.run import run_batch

__all__ = ["Estimate", "estimate"]

PROBE_SECONDS = 2.0
"""Time spent on trying it out, about."""
PROBES = 12
"""Most units tried out."""
COPIES = 2
"""A row is stored in a part, and in the whole table."""


@dataclass(frozen=True)
class Estimate:
    """What a design would take.

    Attributes
    ----------
    seconds : of one worker for everything, tables included only roughly.
    disk : bytes.
    probed : runs it was estimated from.
    """

    points: int
    units: int
    runs: int
    seconds: float
    disk: float
    probed: int


def estimate(design: Design) -> Estimate:
    """Run a few units, evenly spread over the points, and scale up what they took."""
    run_batch(design.batch([0]))  # compiled and warm from here on
    began = time.perf_counter()
    run_batch(design.batch([0]))
    count = round(min(PROBES, max(1.0, PROBE_SECONDS / (time.perf_counter() - began))))
    last = len(design.points) - 1
    spread = sorted({round(n * last / max(1, count - 1)) for n in range(count)})
    began = time.perf_counter()
    result = run_batch(design.batch(spread))
    seconds = time.perf_counter() - began
    scale = design.n_units / len(spread)
    disk = COPIES * sum(_packed(table) for table in result.tables.values())
    probed = len(spread) * len(design.arms)
    return Estimate(len(design.points), design.n_units, design.n_runs, seconds * scale, disk * scale, probed)


def _packed(table: pa.Table) -> float:
    """Bytes of a table's rows in a Parquet file."""
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return float(buffer.tell() - pq.read_metadata(buffer).serialized_size)
