"""What a design would take: runs, time and disk, estimated from a few of its units."""

from __future__ import annotations

import time
from dataclasses import dataclass
from io import BytesIO

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
    n_points = len(design.points)
    spread = sorted({round(n * (n_points - 1) / max(1, PROBES - 1)) for n in range(PROBES)})
    run_batch(design.batch(spread[:1]))  # compiled and warm from here on
    seconds, disk, probed = 0.0, 0.0, 0
    for unit in spread:
        began = time.perf_counter()
        result = run_batch(design.batch([unit]))
        seconds += time.perf_counter() - began
        for table in result.tables.values():
            packed = BytesIO()
            pq.write_table(table, packed, compression="zstd")
            footer = pq.read_metadata(packed).serialized_size
            disk += COPIES * (packed.tell() - footer)
        probed += 1
        if seconds > PROBE_SECONDS:
            break
    scale = design.n_units / probed
    runs = design.n_runs
    return Estimate(n_points, design.n_units, runs, seconds * scale, disk * scale, probed * len(design.arms))
