"""Where results go: Parquet parts as they come, whole tables at the end; nothing half-written is believed.

A folder holds one design. ``parts/`` has a file per batch and kind of table; a batch counts only when all of its files
are whole. Every file is written under a temporary name that starts with a dot, then renamed; pages carry checksums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ci_sim.sweep.folder import ResultsFolder, cannot_write, replace_file
from ci_sim.sweep.run import BatchResult
from ci_sim.sweep.tables import Digest, merged, of_units, read_part, unit_of, writing

__all__ = ["Store", "cannot_write", "replace_file"]

KINDS = ("runs", "timeseries", "agents", "failures")
"""Kinds of parts. Runs are written last and know how many rows the others have: without them a batch does not count."""
NO_ROWS = pa.table({})
PART: dict[str, Any] = {
    "compression": "lz4", "use_dictionary": ["arm"], "write_statistics": False, "write_page_checksum": True,
}  # fmt: skip
"""How parts are written: quickly, for they are read only once; the whole tables are packed better."""


class Store(ResultsFolder):
    """The parts and tables of one design's results, in a folder held for it (see :class:`ResultsFolder`)."""

    def add(self, result: BatchResult) -> None:
        """Store a finished batch."""
        stem = f"{result.units[0]:010d}-{result.units[-1]:010d}"
        others = {kind: table for kind, table in result.tables.items() if kind != "runs"}
        rows = {kind: str(table.num_rows) for kind, table in others.items()}
        runs = result.tables.get("runs", NO_ROWS).replace_schema_metadata(rows)
        for kind, table in [*others.items(), ("runs", runs)]:
            with replace_file(self.parts / f"{kind}-{stem}.parquet") as temporary:
                pq.write_table(table, temporary, **PART)

    def done(self, *, retry_failed: bool = False) -> NDArray[np.bool_]:
        """Which units are done: those of whole parts. All other parts are removed, so that they are run again.

        Parameters
        ----------
        retry_failed : do not count what failed.

        Returns
        -------
        (units,) bool.
        """
        finished = np.zeros(self.design.n_units, bool)
        succeeded: set[int] = set()
        for runs in self._parts("runs"):
            fine, failed = self._units(runs)
            if (fine or failed) and not fine & succeeded:
                succeeded |= fine
                counted = fine if retry_failed else fine | failed
                finished[[unit for unit in counted if unit < len(finished)]] = True
            else:
                runs.unlink()
        for kind in KINDS[1:]:
            for part in self._parts(kind):
                if not _twin(part, "runs").exists():
                    part.unlink()
        return finished

    def _parts(self, kind: str) -> list[Path]:
        """The parts of a kind, by their first unit."""
        return sorted(self.parts.glob(f"{kind}-*.parquet"))

    def _units(self, runs: Path) -> tuple[set[int], set[int]]:
        """Units of a batch that succeeded, and that failed; none where any of its parts is damaged or missing."""
        try:
            table = read_part(runs)
            fine = set(unit_of(table, len(self.design.points)).to_pylist()) if table.num_rows else set()
            rows = {kind.decode(): int(count) for kind, count in (table.schema.metadata or {}).items()}
            twins = {kind: read_part(_twin(runs, kind)) for kind in rows}
            failed = set(twins["failures"]["unit"].to_pylist()) if "failures" in twins else set()
        except (OSError, pa.ArrowException, KeyError, ValueError):
            return set(), set()
        whole = table.num_rows == len(fine) * len(self.design.arms)
        whole &= all(twins[kind].num_rows == count for kind, count in rows.items())
        return (fine, failed) if whole and (failed or "timeseries" in rows) else (set(), set())

    def results(self, wanted: NDArray[np.bool_]) -> Iterator[BatchResult]:
        """Batches as they were added, as far as they are whole and their units wanted.

        Parameters
        ----------
        wanted : (units,) bool; may change on the way.
        """
        n_points = len(self.design.points)
        for runs in self._parts("runs"):
            fine, failed = self._units(runs)
            chosen = [unit for unit in sorted(fine | failed) if unit < len(wanted) and wanted[unit]]
            if chosen:
                parts = [_twin(runs, kind) for kind in KINDS]
                tables = {kind: read_part(part) for kind, part in zip(KINDS, parts, strict=True) if part.exists()}
                kept = {kind: of_units(table, chosen, n_points) for kind, table in tables.items() if table.num_rows}
                yield BatchResult(tuple(chosen), {kind: table for kind, table in kept.items() if table.num_rows})

    def failures(self) -> pd.DataFrame:
        """A row per unit that failed and has not succeeded since: unit, point, parameters, seed, traceback."""
        tables = [read_part(part).to_pandas() for part in self._parts("failures")]
        if not tables:
            return pd.DataFrame(columns=["unit"])
        n_points = len(self.design.points)
        runs = (read_part(part) for part in self._parts("runs"))
        since = {unit for table in runs if table.num_rows for unit in unit_of(table, n_points).to_pylist()}
        failed: pd.DataFrame = pd.concat(tables).drop_duplicates("unit").sort_values("unit")
        return failed.loc[~failed["unit"].isin(since) & (failed["unit"] < self.design.n_units)]

    def finish(self, keep: Callable[[pa.Table], None] = lambda _: None) -> str:
        """Join the parts into whole tables in order of unit and arm: Parquet, and CSV where it stays of a handy size.

        Parameters
        ----------
        keep : called with every part of the time series on its way, so that nothing is read twice.

        Returns
        -------
        SHA-256 of the runs and time series, the same however they were run.
        """
        digest = Digest()
        for kind in ("runs", "timeseries", "agents") if self.design.agents else ("runs", "timeseries"):
            parts = self._tables(kind)
            first = next(parts, NO_ROWS)
            with ExitStack() as files:
                parquet = files.enter_context(replace_file(self.folder / f"{kind}.parquet"))
                twin = kind == "runs" or self.design.kind == "comparison"
                csv = files.enter_context(replace_file(self.folder / f"{kind}.csv")) if twin else None
                write = files.enter_context(writing(parquet, csv, first.schema))
                for table in chain([first] if first.num_rows else [], parts):
                    write(table)
                    if kind != "agents":
                        digest.update(table)
                    if kind == "timeseries":
                        keep(table)
        return digest.hexdigest()

    def _tables(self, kind: str) -> Iterator[pa.Table]:
        """The parts in order, without replications beyond those asked for."""
        parts = ((_first_unit(part), read_part(part)) for part in self._parts(kind))
        for table in merged(parts, len(self.design.points)):
            wanted = table.filter(pc.less(table["replication"], self.design.replications)) if table.num_rows else table
            if wanted.num_rows:
                yield wanted.combine_chunks().replace_schema_metadata(None)


def _first_unit(part: Path) -> int:
    return int(part.stem.split("-")[1])


def _twin(part: Path, kind: str) -> Path:
    """Another part of the same batch."""
    return part.with_name(f"{kind}-{part.name.partition('-')[2]}")
