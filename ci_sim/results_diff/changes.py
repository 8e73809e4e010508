"""What became of published numbers, and how to show it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.table import Table

from ci_sim.results_diff.numbers import Number

__all__ = ["STATUSES", "Change", "as_json", "as_markdown", "as_table", "diff_numbers", "in_words"]

Status = Literal["beyond", "within", "same", "new", "missing"]
STATUSES: dict[Status, str] = {
    "beyond": "moved beyond the interval",
    "within": "moved within the interval",
    "missing": "missing",
    "new": "new",
    "same": "the same",
}
TOLERANCE = 1e-6
"""Difference, absolute or relative, that is rounding and no move."""


@dataclass(frozen=True)
class Change:
    """What became of a number; the old or the new one is None where there is none."""

    name: str
    status: Status
    old: Number | None
    new: Number | None


def diff_numbers(old: Mapping[str, Number], new: Mapping[str, Number]) -> list[Change]:
    """What became of every number, in the order of the old ones, then of the new.

    A number has moved *beyond its interval* if the new estimate lies outside the old interval, or if the old one had
    none (NaN bounds): then it was exact.
    """
    names = dict.fromkeys([*old, *new])
    return [Change(name, _status(old.get(name), new.get(name)), old.get(name), new.get(name)) for name in names]


def _status(old: Number | None, new: Number | None) -> Status:
    if old is None or new is None:
        return "new" if old is None else "missing"
    if math.isnan(old.estimate) and math.isnan(new.estimate):
        return "same"
    if math.isclose(old.estimate, new.estimate, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return "same"
    return "within" if old.low <= new.estimate <= old.high else "beyond"


def in_words(changes: Iterable[Change]) -> str:
    """How many numbers there are of each kind, in a sentence."""
    counts = Counter(change.status for change in changes)
    told = ", ".join(f"{counts[status]} {words}" for status, words in STATUSES.items() if counts[status])
    return f"{sum(counts.values())} published numbers: {told or 'none'}."


def _moved(changes: Iterable[Change]) -> list[Change]:
    """All but those that are the same, the worst first."""
    order = list(STATUSES)
    return sorted((c for c in changes if c.status != "same"), key=lambda change: order.index(change.status))


def as_table(changes: Iterable[Change]) -> Table:
    """What is not the same, for the terminal; without the new interval, which nothing is held against."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("", overflow="fold")
    table.add_column("old [95 % interval]", justify="right", no_wrap=True)
    table.add_column("new", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for change in _moved(changes):
        new = "" if change.new is None else f"{change.new.estimate:.5g}"
        table.add_row(change.name.replace(".", "\n", 1), _shown(change.old), new, change.status)
    return table


def as_markdown(changes: Iterable[Change]) -> str:
    """The same as a table in Markdown, with the sentence above it."""
    changes = list(changes)
    lines = [in_words(changes)]
    if moved := _moved(changes):
        lines += ["", "| number | old [95 % interval] | new | |", "|---|---:|---:|---|"]
        lines += [f"| `{c.name}` | {_shown(c.old)} | {_shown(c.new)} | {STATUSES[c.status]} |" for c in moved]
    return "\n".join(lines) + "\n"


def as_json(changes: Iterable[Change]) -> str:
    """Every number, those that are the same too."""
    changes = list(changes)
    told = [{"name": c.name, "status": c.status, "old": _plain(c.old), "new": _plain(c.new)} for c in changes]
    counts = Counter(change.status for change in changes)
    return json.dumps({"counts": {status: counts[status] for status in STATUSES}, "numbers": told}, indent=1)


def _plain(number: Number | None) -> dict[str, float | int | None] | None:
    if number is None:
        return None
    return {key: None if math.isnan(value) else value for key, value in vars(number).items()}


def _shown(number: Number | None) -> str:
    if number is None:
        return ""
    if math.isnan(number.low):
        return f"{number.estimate:.5g}"
    return f"{number.estimate:.5g} [{number.low:.5g}, {number.high:.5g}]"
