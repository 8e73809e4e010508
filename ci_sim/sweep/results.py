"""Results read back: a folder in, tables out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.folder import DESIGN

__all__ = ["read_manifest", "read_results"]


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
    InputError : the folder holds no finished results.
    """
    folder = Path(folder)
    try:
        frame = pd.read_parquet(folder / f"{table}.parquet")
        design: dict[str, Any] = json.loads((folder / DESIGN).read_text(encoding="utf-8"))
    except (OSError, ValueError, pa.ArrowException) as error:
        found = f"no {table}.parquet to read ({reason(error) if isinstance(error, OSError) else 'damaged'})"
        allowed = "a folder written by 'ci-sim compare' or 'ci-sim sweep'"
        raise InputError(str(folder), [Complaint("", found, allowed)]) from None
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
    path = Path(folder) / "manifest.json"
    try:
        about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "a damaged file"
        allowed = "the manifest of results that are finished"
        raise InputError(str(path), [Complaint("", found, allowed)]) from None
    return about
