"""Points given one by one: tables of a design file, or the rows of a CSV file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.design import Value
from ci_sim.sweep.sampling import Points, tidy

__all__ = ["VALUES", "flat", "is_value", "listed_points"]

VALUES = "a number, a text, true or false"
"""What a factor may take."""
LARGEST_FILE = 100_000_000
"""Bytes of a CSV file that are read at most."""


def is_value(value: Any) -> bool:
    """Whether a factor may take it."""
    return isinstance(value, int | str) or (isinstance(value, float) and math.isfinite(value))


def listed_points(points: str | list[dict[str, Any]], path: Path) -> Points:
    """Points as a design lists them.

    Parameters
    ----------
    points : tables, or the name of a CSV file beside the design.
    path : of the design.

    Raises
    ------
    InputError : the points have not all the same keys, or what stands there is no value.
    """
    source = str(path)
    if isinstance(points, str):
        source = str(path.parent / points)
        points = _csv(path.parent / points)
    tables = [flat(point, source, f"points.{number}") for number, point in enumerate(points)]
    for number, point in enumerate(tables):
        if point.keys() != tables[0].keys() or not point:
            found, allowed = ", ".join(point) or "nothing", ", ".join(tables[0]) or "a value for every factor"
            raise InputError(source, [Complaint(f"points.{number}", found, f"{allowed}, as in the first point")])
        strange = [
            Complaint(f"points.{number}.{key}", str(value), VALUES)
            for key, value in point.items()
            if not is_value(value)
        ]
        if strange:
            raise InputError(source, strange)
    return tidy([{key: point[key] for key in tables[0]} for point in tables])


def flat(table: Mapping[str, Any], source: str, place: str) -> dict[str, Any]:
    """Dotted keys, whether they were quoted or not.

    Raises
    ------
    InputError : a key stands there both ways.
    """
    dotted: dict[str, Any] = {}
    for key, value in table.items():
        inner = flat(value, source, place) if isinstance(value, dict) else {"": value}
        for rest, one in inner.items():
            whole = f"{key}.{rest}" if rest else key
            if whole in dotted:
                raise InputError(source, [Complaint(f"{place}.{whole}", "the key twice", "each key once")])
            dotted[whole] = one
    return dotted


def _csv(path: Path) -> list[dict[str, Any]]:
    source = str(path)
    try:
        header, *rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    except csv.Error:
        raise InputError(source, [Complaint("", "no cells", "a CSV file with a column per factor")]) from None
    except ValueError:  # without a single line
        header, rows = [], []
    names = [name.strip() for name in header]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InputError(source, [Complaint("row 1", f"the column {name!r} twice", "each once") for name in twice])
    full = [(number, row) for number, row in enumerate(rows, start=2) if row]  # an empty line is no row
    for number, row in full:
        if len(row) != len(names):
            raise InputError(source, [Complaint(f"row {number}", "another number of cells", "one per column")])
    if not full:
        raise InputError(source, [Complaint("", "no rows", "a row per point under the names of the factors")])
    return [{name: _number(cell.strip()) for name, cell in zip(names, row, strict=True)} for _, row in full]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            complaint = Complaint("", f"more than {LARGEST_FILE:,} bytes", "a CSV file within that")
            raise InputError(str(path), [complaint])
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        found = reason(error) if isinstance(error, OSError) else "no text in UTF-8"
        raise InputError(str(path), [Complaint("", found, "a CSV file with a column per factor")]) from None


def _number(text: str) -> Value:
    if "_" not in text and text.isascii():  # Python would read 1_000
        for read in (int, float):
            try:
                return read(text)
            except ValueError:
                continue
    return {"true": True, "false": False}.get(text.lower(), text)
