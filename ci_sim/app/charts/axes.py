"""What the charts over time have in common: years below, points at the left, labels at the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ci_sim.app.charts.canvas import Canvas, text_width
from ci_sim.app.texts import Texts
from ci_sim.figures.page import lay_apart

__all__ = ["Line", "label_ends", "legend_rows", "open_canvas", "time_axis", "value_axis"]

NARROW = 560
"""Below this width labels stand above the lines, not beside them."""


@dataclass(frozen=True)
class Line:
    """A course with its label, or a ghost."""

    label: str
    values: NDArray[np.float64]
    colour: str
    dashes: str
    stroke: float = 2.8


def open_canvas(width: float, height: float, months: int, values: tuple[float, float], lines: Sequence[Line]) -> Canvas:
    """A canvas with room for the labels of these lines: beside them, or above where it is narrow."""
    size = 12.5 if width < NARROW else 14.0 if width < 1000 else 16.0
    canvas = Canvas(width, height, (0, months), values, size=size, left=3.2 * size, bottom=3.4 * size, top=2.2 * size)
    if width < NARROW:
        canvas.top = 10 + 1.5 * size * (1 + len(legend_rows(lines, width, size)))
        canvas.right = 10
    else:
        canvas.right = min(0.34 * width, max(text_width(line.label, size - 1) for line in lines) + 34)
    return canvas


def time_axis(canvas: Canvas, months: int, texts: Texts) -> None:
    """Whole years, or months where there are few."""
    in_years = months > 36
    unit = 12 if in_years else 1
    room = max(2, int((canvas.width - canvas.left - canvas.right) / (2.6 * canvas.size)))
    step = unit * next((s for s in (1, 2, 3, 5, 6, 10, 20, 50, 100) if months / (unit * s) <= room), 200)
    ticks = list(range(0, months + 1, step))
    title = texts("shared.chart.years" if in_years else "shared.chart.months")
    canvas.x_axis(ticks, [str(tick // unit) for tick in ticks], title)


def value_axis(canvas: Canvas, texts: Texts, unit: str, *, sign: bool = False) -> None:
    """Even steps, and above them what they are of: ``points``, ``points_apart`` or ``percent``."""
    low, high = canvas.y_range
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if (high - low) / s <= 6), 200)
    ticks = np.arange(np.ceil(low / step) * step, high + 1e-9, step)
    canvas.y_axis(list(ticks), [texts.number(tick, sign=sign and tick > 0) for tick in ticks])
    above = canvas.top - 0.8 * canvas.size
    canvas.text(4, above, texts(f"shared.chart.{unit}"), colour="var(--quiet)", size=canvas.size - 1)


def legend_rows(lines: Sequence[Line], width: float, size: float) -> list[list[Line]]:
    """Lines in rows that fit above a narrow chart."""
    rows: list[list[Line]] = [[]]
    used = 0.0
    for line in lines:
        needed = text_width(line.label, size - 0.5) + 42
        if rows[-1] and used + needed > width - 20:
            rows.append([])
            used = 0.0
        rows[-1].append(line)
        used += needed
    return rows


def label_ends(canvas: Canvas, lines: Sequence[Line]) -> None:
    """A label for every line: at its right end, moved apart and tied to it, or in rows above."""
    size = canvas.size - 0.5
    if canvas.width < NARROW:
        for row, entries in enumerate(legend_rows(lines, canvas.width, canvas.size)):
            x, y = 10.0, 8 + 1.5 * canvas.size * row + canvas.size * 0.7
            for line in entries:
                canvas.line(x, y - size * 0.3, x + 28, y - size * 0.3, line.colour, line.stroke, line.dashes)
                canvas.text(x + 33, y, line.label, size=size)
                x += text_width(line.label, size) + 42
        return
    x = canvas.x(canvas.x_range[1])
    ends = [canvas.y(float(line.values[-1])) for line in lines]
    placed = lay_apart(ends, [1.5 * size] * len(lines), canvas.top, canvas.height - canvas.bottom)
    for line, end, there in zip(lines, ends, placed, strict=True):
        canvas.line(x + 2, end, x + 24, there, line.colour, line.stroke, line.dashes)
        canvas.text(x + 29, there + size * 0.35, line.label, size=size, bold=line.stroke > 3)
