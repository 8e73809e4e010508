"""Events of a timeline: thin lines, with their notes above the axes if those fit and as numbers if they do not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from ci_sim.figures.page import INK, LINE, QUIET, SMALL, plain, shorten, text_width

__all__ = ["PlacedEvent", "draw_events", "place_events"]

MOST_ROWS = 4
MOST_LISTED = 20
LONGEST_LISTED = 640.0
"""Width of a note in the caption."""
INSET = 3.0
"""From an event's line to its note."""


class PlacedEvent(NamedTuple):
    """The events of a month, with the row of their note above the axes, the lowest being 0."""

    month: int
    text: str
    row: int


def place_events(
    events: Sequence[tuple[int, str]], last: int, width: float, beside: float
) -> tuple[list[PlacedEvent], str]:
    """Where notes go, and for the caption the list of them where only numbers can stand above the axes.

    Parameters
    ----------
    last : the last month drawn.
    width : of the axes.
    beside : free to the right of the axes.
    """
    by_month = [
        (month, "; ".join(filter(None, (plain(note).rstrip(".") for _, note in those))) or f"month {month}")
        for month, those in groupby(sorted(events, key=lambda event: event[0]), key=lambda event: event[0])
    ]
    placed = _in_rows(by_month, last, width, beside)
    if placed is not None:
        return placed, ""
    numbered = [(month, str(n)) for n, (month, _) in enumerate(by_month, 1)]
    listed = [
        f"{n} (month {month}) {shorten(note, LONGEST_LISTED, SMALL)}"
        for n, (month, note) in enumerate(by_month[:MOST_LISTED], 1)
    ]
    more = f"; and {len(by_month) - MOST_LISTED} more" if len(by_month) > MOST_LISTED else ""
    in_rows = _in_rows(numbered, last, width, beside)
    return in_rows or [PlacedEvent(month, "", 0) for month, _ in by_month], f"Events: {'; '.join(listed)}{more}."


def _in_rows(notes: list[tuple[int, str]], last: int, width: float, beside: float) -> list[PlacedEvent] | None:
    """The lowest row for each note in which it meets no other, from the last event to the first.

    A note begins at its event and runs to the right. In this order its own line, on the way up, meets none of the
    notes below. None where a note or the rows would not fit.
    """
    begins = [width + beside] * MOST_ROWS
    placed = []
    for month, note in reversed(notes):
        left = width * month / max(1, last)
        right = left + INSET + text_width(note, SMALL) + 6
        row = next((row for row, begin in enumerate(begins) if right <= begin), None)
        if row is None:
            return None
        # A row below this note may not be used further left either: its text would be crossed by this event's line.
        begins[: row + 1] = [min(begin, left) for begin in begins[: row + 1]]
        placed.append(PlacedEvent(month, note, row))
    return placed[::-1]


def draw_events(axes: Axes, placed: Sequence[PlacedEvent]) -> None:
    """A vertical line for each event, up to its note."""
    for month, text, row in placed:
        axes.axvline(month, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        base = INSET + row * SMALL * LINE
        at: dict[str, Any] = {"xy": (month, 1), "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        line = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", xytext=(0, base + SMALL), arrowprops=line, annotation_clip=False, **at)
        axes.annotate(text, xytext=(INSET, base), size=SMALL, color=INK, parse_math=False, annotation_clip=False, **at)
