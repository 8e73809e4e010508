"""Where results go: Parquet parts as they come, whole tables at the end; nothing half-written is believed.

A folder holds one design. ``parts/`` has a pair of files per batch; a pair counts only when both are whole. Every file
is written under a temporary name that starts with a dot, then renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from ci_sim.complaints import Complaint, InputError
from ci_sim.sweep.design import Comparison
from ci_sim.sweep.run import BatchResult

__all__ = ["Store", "replace_file"]

DESIGN = "design.json"


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place once the block has ended well, and is gone otherwise."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class Store:
    """The folder of one comparison's results.

    Parameters
    ----------
    folder : made if missing; must be empty or hold results of the very same design.

    Raises
    ------
    InputError : the folder cannot be written, holds other results or foreign files, or is in use.
    """

    def __init__(self, folder: Path, comparison: Comparison) -> None:
        self.folder = folder
        self.comparison = comparison
        self.parts = folder / "parts"
        self._claim()
        self._lock = self._locked()

    def _claim(self) -> None:
        design = self.folder / DESIGN
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            content = [path for path in self.folder.iterdir() if not path.name.startswith(".")]
            if content:
                self._recognise(design)
            self.parts.mkdir(exist_ok=True)
            with replace_file(design) as temporary:
                temporary.write_text(json.dumps(self.comparison.described(), indent=1), encoding="utf-8")
        except OSError as error:
            found = f"{error.strerror or type(error).__name__}"
            raise InputError("--out", [Complaint(str(self.folder), found, "a folder that can be written")]) from None

    def _recognise(self, design: Path) -> None:
        """Refuse a folder that holds anything but results of this design."""
        allowed = "an empty folder, a new one, or one with results of the same scenario, arms and seed"
        if not design.is_file():
            raise InputError("--out", [Complaint(str(self.folder), "other files in it", allowed)])
        try:
            described = json.loads(design.read_text(encoding="utf-8"))
        except ValueError:
            raise InputError("--out", [Complaint(str(design), "a damaged file", allowed)]) from None
        if described != self.comparison.described():
            raise InputError("--out", [Complaint(str(self.folder), "other results in it", allowed)])

    def _locked(self) -> int | None:
        """Hold the folder against a second process; the system lets go of it when this one ends, however it ends."""
        try:
            import fcntl  # noqa: PLC0415 - not on every system
        except ImportError:
            return None
        descriptor = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            allowed = "one process at a time; wait for the other to end"
            raise InputError("--out", [Complaint(str(self.folder), "in use by another process", allowed)]) from None
        return descriptor

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def add(self, result: BatchResult) -> None:
        """Store a finished batch. The runs come last: a pair without them does not count."""
        stem = f"{result.replications[0]:08d}-{result.replications[-1]:08d}"
        for kind, table in (("timeseries", result.timeseries), ("runs", result.runs)):
            with replace_file(self.parts / f"{kind}-{stem}.parquet") as temporary:
                pq.write_table(table, temporary, compression="zstd")

    def done(self) -> set[int]:
        """Replications whose parts are whole. Damaged parts are removed, so that they are run again."""
        finished: set[int] = set()
        for runs in sorted(self.parts.glob("runs-*.parquet")):
            series = runs.with_name(runs.name.replace("runs-", "timeseries-"))
            try:
                replications = set(pq.read_table(runs, columns=["replication"])["replication"].to_pylist())
                expected = len(replications) * len(self.comparison.arms)
                months = self.comparison.scenario.horizon.months + 1
                rows = pq.read_metadata(series).num_rows
                whole = rows == expected * months and _readable(series)
            except (OSError, pa.ArrowException, KeyError):
                whole = False
            if whole and not replications & finished:
                finished |= replications
            else:
                runs.unlink()
                series.unlink(missing_ok=True)
        return finished

    def finish(self, keep: Callable[[pa.Table], None] | None = None) -> str:
        """Join the parts into whole tables, Parquet and CSV, in order of replication and arm.

        Parameters
        ----------
        keep : called with every part of the time series on its way, so that nothing is read twice.

        Returns
        -------
        SHA-256 of the runs and time series, the same however they were run.
        """
        digest = _Digest()
        for kind in ("runs", "timeseries"):
            whole, twin = self.folder / f"{kind}.parquet", self.folder / f"{kind}.csv"
            with replace_file(whole) as parquet_path, replace_file(twin) as csv_path:
                writers: list[Any] = []
                for table in self._tables(kind):
                    if not writers:
                        writers = [
                            pq.ParquetWriter(parquet_path, table.schema, compression="zstd"),
                            pcsv.CSVWriter(csv_path, table.schema),
                        ]
                    for writer in writers:
                        writer.write_table(table)
                    digest.update(table)
                    if keep is not None and kind == "timeseries":
                        keep(table)
                for writer in writers:
                    writer.close()
        return digest.hexdigest()

    def _tables(self, kind: str) -> Iterator[pa.Table]:
        """The parts in order, without replications beyond those asked for."""
        firsts: dict[int, Path] = {}
        for path in self.parts.glob(f"{kind}-*.parquet"):
            firsts[int(path.stem.split("-")[1])] = path
        for _, path in sorted(firsts.items()):
            table = pq.read_table(path)
            table = table.filter(pc.less(table["replication"], self.comparison.replications))
            if table.num_rows:
                yield table.combine_chunks()


def _readable(path: Path) -> bool:
    """Whether every page of a Parquet file can be read."""
    pq.read_table(path, columns=["indicator"])
    return True


class _Digest:
    """SHA-256 of tables row by row, so that it does not depend on how they were split."""

    def __init__(self) -> None:
        self._names, self._numbers = hashlib.sha256(), hashlib.sha256()

    def update(self, table: pa.Table) -> None:
        frame = table.to_pandas()
        self._names.update("".join(f"{name}\n" for name in frame["run_id"]).encode())
        self._numbers.update(frame.drop(columns=["run_id", "arm"]).to_numpy(dtype="<f8").tobytes())

    def hexdigest(self) -> str:
        return hashlib.sha256(self._names.digest() + self._numbers.digest()).hexdigest()
