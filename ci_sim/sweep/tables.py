"""Parts into whole tables, in order of their units, as Parquet and as CSV; and their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

__all__ = ["Digest", "merged", "of_units", "read_part", "unit_of", "writing"]

ROW_GROUP = 50_000
"""Rows written at a time: small groups are slow to write and to read."""


def read_part(part: Path) -> pa.Table:
    """A part, every page of it checked.

    Raises
    ------
    OSError, pyarrow.ArrowException : it is damaged or missing.
    """
    with pq.ParquetFile(part, page_checksum_verification=True) as file:
        return file.read(use_threads=False)  # parts are small


def unit_of(table: pa.Table, n_points: int) -> pa.Array:
    """(rows,) number of the unit each row belongs to."""
    if "unit" in table.column_names:
        return table["unit"]
    numbers = pc.multiply(table["replication"], n_points)
    return pc.add(numbers, table["point"]) if "point" in table.column_names else numbers


def of_units(table: pa.Table, units: list[int], n_points: int) -> pa.Table:
    """The rows of some units."""
    return table.filter(pc.is_in(unit_of(table, n_points), pa.array(units, pa.int64())))


def merged(tables: Iterable[tuple[int, pa.Table]], n_points: int) -> Iterator[pa.Table]:
    """Tables in order of their units, where units that had failed at first come late, in a part of their own.

    Parameters
    ----------
    tables : each with a number no larger than its first unit, in order of these.
    """
    held: pa.Table | None = None
    for first, part in tables:
        if not part.num_rows:  # a batch that failed as a whole
            continue
        table = part
        if held is not None:
            ready = pc.less(unit_of(held, n_points), first)
            yield held.filter(ready)
            late = held.filter(pc.invert(ready))
            table = _sorted(pa.concat_tables([late, table]), n_points) if late.num_rows else table
        held = table
    if held is not None:
        yield held


def _sorted(table: pa.Table, n_points: int) -> pa.Table:
    """In order of units; rows of one unit keep theirs."""
    place = pa.table({"unit": unit_of(table, n_points), "row": pa.array(range(table.num_rows))})
    return table.take(pc.sort_indices(place, [("unit", "ascending"), ("row", "ascending")]))


@contextmanager
def writing(parquet_path: Path, csv_path: Path | None, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """A function that adds a part to a Parquet file, and to its CSV twin if there is to be one."""
    parquet = pq.ParquetWriter(parquet_path, schema, compression="zstd")
    csv = None if csv_path is None else pcsv.CSVWriter(csv_path, schema)

    held: list[pa.Table] = []

    def flush() -> None:
        if held:
            parquet.write_table(pa.concat_tables(held))
            held.clear()

    def write(table: pa.Table) -> None:
        held.append(table)
        if sum(one.num_rows for one in held) >= ROW_GROUP:
            flush()
        if csv is not None:
            csv.write_table(table)

    try:
        yield write
        flush()
        parquet.close()
        if csv is not None:
            csv.close()
    except BaseException:
        parquet.is_open = False  # nothing is left to close where writing failed; else pyarrow complains of it again
        raise


class Digest:
    """SHA-256 of tables row by row, so that it does not depend on how they were split."""

    def __init__(self) -> None:
        self._words, self._numbers = hashlib.sha256(), hashlib.sha256()

    def update(self, table: pa.Table) -> None:
        """Take over a part. Words and numbers are hashed apart; arms stand in the names of the runs anyway."""
        columns = [table[name].combine_chunks() for name in table.column_names if name != "arm"]
        words = [column.to_pylist() for column in columns if _is_text(column.type)]
        rest = [column.cast(pa.float64()) for column in columns if not _is_text(column.type)]
        numbers = [column.to_numpy(zero_copy_only=False) for column in rest]
        self._words.update("".join(f"{word}\n" for row in zip(*words, strict=True) for word in row).encode())
        self._numbers.update(np.column_stack(numbers).astype("<f8").tobytes())

    def hexdigest(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(self._words.digest() + self._numbers.digest()).hexdigest()


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
