"""Published numbers: an estimate, its interval, from how many worlds; out of files, or out of results."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.complaints import Complaint, InputError, reason

__all__ = ["Number", "numbers_of", "parse_numbers", "read_numbers"]

MEANS = ("outcome", "priority_gap", "spend")
"""Derived outcomes whose means are published, besides the paired difference of the outcome to the isolated arm."""
ALLOWED = (
    "a .toml or .json file of numbers (estimate, low, high, n), a .parquet or .csv of them, or a folder of results"
)

Numbers = dict[str, "Number"]


@dataclass(frozen=True)
class Number:
    """A published number: an estimate, its 95 % interval (NaN where it has none), and from how many worlds."""

    estimate: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0


def numbers_of(runs: pd.DataFrame, scenario: str) -> Numbers:
    """The numbers that are published of runs: ``scenario.arm.outcome`` and so on, and each arm's paired difference.

    Parameters
    ----------
    runs : one row per run, with ``arm``, ``replication`` and the derived outcomes; where it has a ``point``, names
        begin with ``scenario.point_n``.
    """
    points = [(scenario, runs)]
    if "point" in runs and (runs["point"] != runs["point"].iloc[0]).any():
        points = [(f"{scenario}.point_{point}", rows) for point, rows in runs.groupby("point")]
    return {name: number for prefix, rows in points for name, number in _of_arms(rows, prefix)}


def _of_arms(runs: pd.DataFrame, prefix: str) -> Iterator[tuple[str, Number]]:
    by_arm = {str(arm): rows.set_index("replication").sort_index() for arm, rows in runs.groupby("arm", sort=False)}
    isolated = by_arm.get("isolated")
    for arm, rows in by_arm.items():
        for name in MEANS:
            yield f"{prefix}.{arm}.{name}", _number(mean_interval(rows[name].to_numpy(float)), len(rows))
        if isolated is not None and arm != "isolated":
            difference = (rows["outcome"] - isolated["outcome"]).dropna().to_numpy(float)
            yield f"{prefix}.{arm}.difference", _number(mean_interval(difference), len(difference))


def _number(interval: Interval, n: int) -> Number:
    return Number(*interval, n)


def read_numbers(path: Path) -> Numbers:
    """The numbers of a file, or of a folder of results.

    Raises
    ------
    InputError : it cannot be read, or holds no numbers.
    """
    source = str(path)
    try:
        if path.is_dir():
            return _of_folder(path)
        if path.suffix in {".toml", ".json"}:
            return parse_numbers(path.read_text(encoding="utf-8"), source, path.suffix)
        if path.suffix in {".parquet", ".csv"}:
            table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
            return _of_rows(table.to_dict("records"), source)
        path.open("rb").close()
    except UnicodeDecodeError:
        raise InputError(source, [Complaint("", "a binary file", ALLOWED)]) from None
    except (pa.ArrowException, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise InputError(source, [Complaint("", "a damaged file", ALLOWED)]) from None
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "a name no file can have"
        raise InputError(source, [Complaint("", found, ALLOWED)]) from None
    raise InputError(source, [Complaint("", f"a file {path.suffix or 'without an ending'}", ALLOWED)])


def _of_folder(folder: Path) -> Numbers:
    """Those of a folder of results: its runs, under the name of the scenario in its design."""
    try:
        design = json.loads((folder / "design.json").read_text(encoding="utf-8"))
        return numbers_of(pd.read_parquet(folder / "runs.parquet"), str(design["scenario"]["name"]))
    except (FileNotFoundError, KeyError, TypeError, ValueError, pa.ArrowException):
        found = "a folder without whole results"
        allowed = "one with design.json and runs.parquet, as compare writes them"
        raise InputError(str(folder), [Complaint("", found, allowed)]) from None


def parse_numbers(text: str, source: str, kind: str = ".toml") -> Numbers:
    """The numbers in the text of a file: every table with an ``estimate``, named by its place (``a.b.outcome``).

    Raises
    ------
    InputError : it is no TOML or JSON, holds no number, or one that is none.
    """
    try:
        content = tomllib.loads(text) if kind == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(source, [Complaint("", f"no valid {kind[1:].upper()}: {error}", ALLOWED)]) from None
    return _of_rows([{"name": name, **table} for name, table in _tables(content, "")], source)


def _tables(content: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(content, dict) and "estimate" in content:
        yield place, content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from _tables(value, f"{place}.{key}" if place else str(key))


def _of_rows(rows: Iterable[Mapping[Any, Any]], source: str) -> Numbers:
    numbers: Numbers = {}
    complaints: list[Complaint] = []
    for row in rows:
        name = str(row.get("name") or "number without a name")
        values = {key: row.get(key, math.nan) for key in ("estimate", "low", "high")}
        values["n"] = row.get("n", 0)
        wrong = {key: value for key, value in values.items() if not _is_number(value)}
        complaints += [Complaint(f"{name}.{key}", repr(value), "a number") for key, value in wrong.items()]
        if name in numbers:
            complaints.append(Complaint(name, "a second number of that name", "each name once"))
        if not wrong:
            estimate, low, high, n = (math.nan if value is None else float(value) for value in values.values())
            if low > high:
                complaints.append(Complaint(name, f"low {low:g} above high {high:g}", "low at most high"))
            numbers[name] = Number(estimate, low, high, 0 if math.isnan(n) else int(n))
    if not numbers and not complaints:
        complaints = [Complaint("", "no numbers", ALLOWED)]
    if complaints:
        raise InputError(source, complaints)
    return numbers


def _is_number(value: Any) -> bool:
    plain = isinstance(value, float) or (isinstance(value, int) and value.bit_length() < 64)
    return value is None or (plain and not isinstance(value, bool) and not math.isinf(value))
