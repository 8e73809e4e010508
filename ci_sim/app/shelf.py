"""Results of sweeps to look at: folders below the one the server was started with, or a table from a visitor's machine.

Nothing outside that folder can be reached: a folder is opened only by a name that is in the listing, and only if it
really lies there. An opened file is parsed and nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ci_sim.analysis.response import points_of
from ci_sim.complaints import Complaint, InputError, nearest
from ci_sim.outcomes import DERIVED_OUTCOMES
from ci_sim.sweep.folder import DESIGN
from ci_sim.sweep.results import read_results

__all__ = ["LARGEST_TABLE", "Sheet", "list_results", "offer_results", "open_results", "open_table"]

LARGEST_TABLE = 2_000_000
"""Bytes of a table opened in the browser; the server takes messages of half as much again."""
MOST_CELLS = 20_000_000
"""Rows times columns: what a small file may not unpack to more of."""
MOST_FOLDERS = 500
DEEPEST = 4
"""Levels of folders that are looked through."""
NOT_FACTORS = ("run_id", "point", "arm", "replication", "scenario", "seed")
ALLOWED = "runs.parquet or runs.csv as 'ci-sim sweep' and 'ci-sim compare' write them"

_offered: list[Path] = []


@dataclass(frozen=True, eq=False)
class Sheet:
    """A runs table, ready to be sliced.

    Attributes
    ----------
    name : the folder's or the file's.
    runs : one row per run; a column per factor and derived outcome.
    factors : columns that make the points differ.
    """

    name: str
    runs: pd.DataFrame = field(repr=False)
    factors: tuple[str, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """In the order of the table."""
        return tuple(str(arm) for arm in self.runs["arm"].unique())

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Derived outcomes that have a value anywhere."""
        return tuple(name for name in DERIVED_OUTCOMES if name in self.runs and self.runs[name].notna().any())


def offer_results(root: Path | None) -> None:
    """Say which folder's results this server shows to all who open it; none by default.

    Raises
    ------
    InputError : no such folder.
    """
    if root is not None and not root.is_dir():
        raise InputError("--results", [Complaint(str(root), "no folder", "a folder with results of sweeps below it")])
    _offered[:] = [] if root is None else [root.resolve()]


def list_results() -> list[str]:
    """Names of the folders with results below the one offered: relative paths with slashes, sorted."""
    return sorted(name for root in _offered for name in _named(root))


def _named(root: Path) -> Iterator[str]:
    """Folders with results, at most :data:`MOST_FOLDERS`; links that lead elsewhere are no part of it."""
    found, todo = 0, [(root, 0)]
    while todo and found < MOST_FOLDERS:
        folder, depth = todo.pop()
        if (folder / DESIGN).is_file() and (folder / "runs.parquet").is_file():
            found += 1
            yield folder.relative_to(root).as_posix()
        elif depth < DEEPEST:
            todo += [(path, depth + 1) for path in _folders(folder) if path.resolve().is_relative_to(root)]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted((path for path in folder.iterdir() if path.is_dir() and path.name[0] != "."), reverse=True)
    except OSError:
        return []


def open_results(name: str) -> Sheet:
    """Results by a name of the listing.

    Raises
    ------
    InputError : no such name, or nothing that can be read; the message names no path of the machine.
    """
    listed = list_results()
    if name not in listed:
        shown = ", ".join(listed[:12]) or "none: the server was started without --results"
        raise InputError("results", [Complaint("", f"no results {name[:80]!r}", shown, nearest(name, listed))])
    folder = (_offered[0] / name).resolve()
    if any(not (folder / file).resolve().is_relative_to(_offered[0]) for file in ("runs.parquet", DESIGN)):
        raise InputError(name, [Complaint("", "a link to another place", "files in the folder itself")])
    try:
        runs = read_results(folder)
    except InputError as error:
        raise InputError(name, error.complaints) from None
    listed_factors = [str(factor["key"]) for factor in runs.attrs["design"].get("factors", []) if "key" in factor]
    return _sheet(name, runs, [key for key in listed_factors if key in runs] or None)


def open_table(name: str, content: bytes) -> Sheet:
    """A table from a visitor's machine, Parquet or CSV.

    Raises
    ------
    InputError : too large, neither, or no runs table.
    """
    source = Path(name.replace("\\", "/")).name[:80] or "table"
    if len(content) > LARGEST_TABLE:
        allowed = f"at most {LARGEST_TABLE:,} bytes; for more, start the app with --results FOLDER"
        raise InputError(source, [Complaint("", f"{len(content):,} bytes", allowed)])
    try:
        runs = _parquet(content, source) if content[:4] == b"PAR1" else _csv(content)
    except (ValueError, pa.ArrowException, OSError, MemoryError):
        raise InputError(source, [Complaint("", "no table that can be read", ALLOWED)]) from None
    return _sheet(source, runs, None)


def _csv(content: bytes) -> pd.DataFrame:
    if b"\0" in content:
        raise ValueError("no text")
    return pd.read_csv(io.BytesIO(content), comment="#")


def _parquet(content: bytes, source: str) -> pd.DataFrame:
    with pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True) as file:
        if file.metadata.num_rows * file.metadata.num_columns > MOST_CELLS:
            raise InputError(source, [Complaint("", "far more values than its size", f"at most {MOST_CELLS:,} values")])
        frame: pd.DataFrame = file.read().to_pandas(ignore_metadata=True)
        return frame


def _sheet(name: str, runs: pd.DataFrame, factors: list[str] | None) -> Sheet:
    """A checked table."""
    missing = [column for column in ("arm", "replication") if column not in runs]
    if missing or not len(runs):
        found = f"no column {missing[0]!r}" if missing else "a table without a row"
        raise InputError(name, [Complaint("", found, ALLOWED)])
    runs = points_of(runs)
    _check_numbers(name, runs, ["point", "replication", *(one for one in DERIVED_OUTCOMES if one in runs)])
    if runs.duplicated(["point", "arm", "replication"]).any():
        raise InputError(name, [Complaint("", "a run twice", "a row per point, arm and replication")])
    if factors is None:
        factors = [str(c) for c in runs if c not in NOT_FACTORS and c not in DERIVED_OUTCOMES and _plain(runs[c])]
    sheet = Sheet(name, runs.assign(arm=runs["arm"].astype(str)), tuple(factors))
    if not sheet.outcomes:
        raise InputError(name, [Complaint("", "none of the derived outcomes", ", ".join(DERIVED_OUTCOMES))])
    return sheet


def _check_numbers(name: str, runs: pd.DataFrame, columns: list[str]) -> None:
    for column in columns:
        if not pd.api.types.is_numeric_dtype(runs[column]):
            first = next((value for value in runs[column] if not isinstance(value, int | float)), "")
            raise InputError(name, [Complaint(column, repr(first)[:60], "a number in every row")])


def _plain(column: pd.Series[Any]) -> bool:
    """Whether a column holds numbers or texts, nothing nested."""
    return pd.api.types.is_numeric_dtype(column) or all(isinstance(value, str) for value in column.dropna())
