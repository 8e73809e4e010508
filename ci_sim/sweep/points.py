"""Points given one by one: tables of a design file, or the rows of a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ci_sim.complaints import Complaint, InputError, reason
from ci_sim.sweep.design import Value
from ci_sim.sweep.sampling import tidy

__all__ = ["flat", "listed_points"]


def listed_points(points: str | list[dict[str, Any]], path: Path) -> tuple[Mapping[str, Value], ...]:
    """Points as a design file gives them, one by one.

    Parameters
    ----------
    points : tables, or the name of a CSV file beside the design with a column per factor.

    Raises
    ------
    InputError : the points differ in their factors, or the CSV file is none.
    """
    source = str(path)
    if isinstance(points, str):
        source = str(path.parent / points)
        points = _csv(path.parent / points)
    made = [flat(point) for point in points]
    for number, point in enumerate(made):
        if list(point) != list(made[0]) or not point:
            found, allowed = ", ".join(point) or "nothing", ", ".join(made[0]) or "a value for every factor"
            raise InputError(source, [Complaint(f"points.{number}", found, f"{allowed}, as in the first point")])
    return tidy(made)


def flat(point: Mapping[str, Any], above: str = "") -> dict[str, Value]:
    """Dotted keys, whether they were quoted or not."""
    dotted: dict[str, Value] = {}
    for key, value in point.items():
        dotted |= flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return dotted


def _csv(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        found = reason(error) if isinstance(error, OSError) else "no text in UTF-8 with cells"
        raise InputError(str(path), [Complaint("", found, "a CSV file with a column per factor")]) from None
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise InputError(str(path), [Complaint(f"row {number}", "another number of cells", "one per column")])
    if not rows:
        raise InputError(str(path), [Complaint("", "no rows", "a row per point under the names of the factors")])
    return [{key.strip(): _number(text.strip()) for key, text in row.items()} for row in rows]


def _number(text: str) -> Value:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text, text)
