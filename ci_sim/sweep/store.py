"""Where results go: Parquet parts as they come, whole tables at the end; nothing half-written is believed.

A folder holds one design. ``parts/`` has a pair of files per batch; a pair counts only when both are whole. Every file
is written under a temporary name that starts with a dot, then renamed; pages carry checksums.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.design import Comparison
from ci_sim.sweep.run import BatchResult

__all__ = ["Store", "cannot_write", "replace_file"]

DESIGN = "design.json"
ALLOWED = "an empty folder, a new one, or one with results of the same scenario, arms and seed"


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place once the block has ended well, and is gone otherwise."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def cannot_write(folder: Path, error: OSError) -> InputError | OSError:
    """What to raise where a folder for results refuses: bad input, but for a full disk, which may be mended."""
    if error.errno == errno.ENOSPC:
        return error
    return InputError("--out", [Complaint(str(folder), reason(error), "a folder that can be written")])


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
        self._lock: int | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._recognise()
            self._lock = self._locked()
            self._recognise()  # again, as another process may have begun here meanwhile
            self._claim()
        except OSError as error:
            self.close()
            raise cannot_write(folder, error) from None
        except InputError:
            self.close()
            raise

    def _recognise(self) -> None:
        """Refuse a folder that holds anything but results of this design; change nothing."""
        design = self.folder / DESIGN
        if all(path.name.startswith(".") for path in self.folder.iterdir()):
            return
        if not design.is_file():
            raise InputError("--out", [Complaint(str(self.folder), "other files in it", ALLOWED)])
        try:
            described = json.loads(design.read_text(encoding="utf-8"))
        except ValueError:
            raise InputError("--out", [Complaint(str(design), "a damaged file", ALLOWED)]) from None
        difference = _difference(described, self.comparison.described())
        if difference:
            raise InputError("--out", [Complaint(str(self.folder), f"other results in it ({difference})", ALLOWED)])

    def _locked(self) -> int | None:
        """Hold the folder against a second process; the system lets go of it when this one ends, however it ends."""
        try:
            import fcntl  # noqa: PLC0415 - not on every system
        except ImportError:
            return None
        descriptor = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                return descriptor  # a file system without locks
            os.close(descriptor)
            allowed = "one process at a time; wait for the other to end"
            raise InputError("--out", [Complaint(str(self.folder), "in use by another process", allowed)]) from None
        return descriptor

    def _claim(self) -> None:
        """Make the folder this comparison's, and clear away what a killed process left half-written."""
        for left in (*self.folder.glob(".*.tmp"), *self.parts.glob(".*.tmp")):
            left.unlink()
        if not (self.folder / DESIGN).exists():  # written before anything else, so that the folder can be recognised
            with replace_file(self.folder / DESIGN) as temporary:
                temporary.write_text(json.dumps(self.comparison.described(), indent=1), encoding="utf-8")
        self.parts.mkdir(exist_ok=True)

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
                pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)

    def done(self) -> set[int]:
        """Replications whose parts are whole. All other parts are removed, so that they are run again."""
        finished: set[int] = set()
        for runs in sorted(self.parts.glob("runs-*.parquet")):
            replications = self._replications(runs)
            if replications and not replications & finished:
                finished |= replications
            else:
                runs.unlink()
        for series in self.parts.glob("timeseries-*.parquet"):
            if not _twin(series, "runs").exists():
                series.unlink()
        return finished

    def _replications(self, runs: Path) -> set[int]:
        """Replications of a pair of parts; none where either of them is damaged or missing."""
        n_arms, months = len(self.comparison.arms), self.comparison.scenario.horizon.months
        try:
            table = _read(runs)
            replications = {int(number) for number in table["replication"].to_pylist()}
            expected = len(replications) * n_arms
            whole = table.num_rows == expected and _read(_twin(runs, "timeseries")).num_rows == expected * (months + 1)
        except (OSError, pa.ArrowException, KeyError):
            return set()
        return replications if whole else set()

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
                parts = self._tables(kind)
                first = next(parts)
                with _writing(parquet_path, csv_path, first.schema) as write:
                    for table in chain([first], parts):
                        write(table)
                        digest.update(table)
                        if keep is not None and kind == "timeseries":
                            keep(table)
        return digest.hexdigest()

    def _tables(self, kind: str) -> Iterator[pa.Table]:
        """The parts in order, without replications beyond those asked for."""
        for runs in sorted(self.parts.glob("runs-*.parquet")):
            table = _read(runs if kind == "runs" else _twin(runs, kind))
            table = table.filter(pc.less(table["replication"], self.comparison.replications))
            if table.num_rows:
                yield table.combine_chunks()


@contextmanager
def _writing(parquet_path: Path, csv_path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """A function that adds a part to a Parquet file and to its CSV twin."""
    parquet, csv = pq.ParquetWriter(parquet_path, schema, compression="zstd"), pcsv.CSVWriter(csv_path, schema)

    def write(table: pa.Table) -> None:
        parquet.write_table(table)
        csv.write_table(table)

    try:
        yield write
        parquet.close()
        csv.close()
    except BaseException:
        parquet.is_open = False  # nothing is left to close where writing failed; else pyarrow complains of it again
        raise


def _twin(part: Path, kind: str) -> Path:
    """The other part of a pair."""
    return part.with_name(f"{kind}-{part.name.partition('-')[2]}")


def _read(part: Path) -> pa.Table:
    """A part, every page of it checked."""
    return pq.read_table(part, page_checksum_verification=True)


def _difference(one: Any, other: Any, key: str = "") -> str:
    """The first thing in which two designs differ, in words; empty where they are the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            found = _difference(one.get(name), other.get(name), f"{key}.{name}" if key else name)
            if found:
                return found
        return ""
    if one == other:
        return ""
    plain = all(isinstance(value, int | float | str) and len(str(value)) <= 40 for value in (one, other))
    return f"{key}: {one!r}, not {other!r}" if plain else f"another {key or 'design'}"


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
