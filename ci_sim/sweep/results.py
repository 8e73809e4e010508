"""Results read back: a folder in, tables out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ci_sim.complaints import Complaint, InputError, nearest, reason
from ci_sim.sweep.folder import DESIGN

__all__ = ["read_manifest", "read_results"]

TABLES = {
    "runs": {"run_id", "arm", "replication"},
    "timeseries": {"run_id", "arm", "replication", "month", "indicator"},
    "agents": {"run_id", "arm", "replication", "organization"},
}
"""Columns by which a table is known."""
DESCRIBED = {"kind", "scenario", "arms", "seed"}
"""Keys of design.json that every design has."""
MANIFEST = {"design", "scenario_hash", "versions", "results_sha256", "limits"}
"""Keys of manifest.json that others read."""
ALLOWED = "a folder of finished results, written by 'ci-sim compare' or 'ci-sim sweep'"


def read_results(folder: str | Path, table: str = "runs") -> pd.DataFrame:
    """A table of a comparison's or a sweep's results.

    Parameters
    ----------
    folder : as given to ``--out``.
    table : ``runs`` (a row per run: run_id, point, arm, replication, a column per factor, the derived outcomes),
        ``timeseries`` (a row per run and month) or ``agents`` (a row per run and organization, where asked for).

    Returns
    -------
    pandas.DataFrame; ``attrs["design"]`` is what design.json says of it.

    Raises
    ------
    InputError : the folder holds no finished results, or they are damaged.
    """
    if table not in TABLES:
        raise InputError("table", [Complaint("", repr(table), ", ".join(TABLES), nearest(table, TABLES))])
    folder = Path(folder)
    try:
        with (folder / f"{table}.parquet").open("rb") as file:
            frame = pd.read_parquet(file)
    except (OSError, ValueError, pa.ArrowException) as error:
        why = reason(error) if isinstance(error, OSError) and error.errno else "damaged"
        raise InputError(str(folder), [Complaint("", f"no {table}.parquet to read ({why})", ALLOWED)]) from None
    if not frame.empty and not TABLES[table] <= {*frame.columns}:
        lacking = ", ".join(sorted(TABLES[table] - {*frame.columns}))
        raise InputError(str(folder), [Complaint("", f"a {table}.parquet without {lacking}", ALLOWED)])
    design = _read_json(folder / DESIGN, DESCRIBED)
    if "point" not in frame:
        frame.insert(1, "point", 0)
    frame.attrs["design"] = design
    return frame


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """What manifest.json says of results: design, seeds, versions, hash, limits.

    Raises
    ------
    InputError : there is none to read.
    """
    return _read_json(Path(folder) / "manifest.json", MANIFEST)


def _read_json(path: Path, needed: set[str]) -> dict[str, Any]:
    """A file that lies beside results, with the keys it needs."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        found = reason(error) if isinstance(error, OSError) else "a damaged file"
        raise InputError(str(path), [Complaint("", found, ALLOWED)]) from None
    if not isinstance(about, dict) or not needed <= about.keys():
        raise InputError(str(path), [Complaint("", "a damaged file", ALLOWED)])
    return about
