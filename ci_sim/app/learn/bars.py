"""Bars with intervals: what each condition changes, and what a room has voted for beside what the model says."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ci_sim.analysis.intervals import Interval
from ci_sim.app.charts.canvas import Canvas, text_width
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.learn.findings import together_in_words
from ci_sim.app.learn.trials import Alone
from ci_sim.app.session import Session

__all__ = ["alone_chart", "draw_bars"]

NARROW = 560
"""Below this width a bar's label stands above it."""
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def alone_chart(found: Alone, session: Session, width: float, height: float) -> Chart:
    """Each condition alone, their sum, and all five: the change to isolated impact with its interval."""
    t = session.texts
    rows = {t(f"learn.conditions.{name}"): change for name, change in found.changes.items()}
    rows |= {t("learn.alone.sum"): found.sum, t("learn.alone.all"): found.all}
    svg = draw_bars(rows, session, width, height, strong=2)
    table = pd.DataFrame([{"what": what, **interval._asdict()} for what, interval in rows.items()])
    title, caption = t("learn.alone.title", when=when(session)), t("learn.alone.caption")
    return Chart("alone", title, together_in_words(found, session), caption, svg, width, height, table)


def draw_bars(
    rows: Mapping[str, Interval], session: Session, width: float, height: float, *, strong: int = 0, zero: bool = True
) -> str:
    """Horizontal bars with intervals and their values as text; the last ``strong`` are set apart.

    Parameters
    ----------
    zero : bars begin at 0; else only the estimates are marked, on an axis that need not hold 0.
    """
    t, narrow = session.texts, width < NARROW
    edges = [bound for interval in rows.values() for bound in (interval.low, interval.high)]
    low, high = (min(0.0, *edges), max(0.0, *edges)) if zero else (min(edges), max(edges))
    room = 0.06 * ((high - low) or 1.0)
    size = 12.5 if narrow else 15.0 if width < 1000 else 17.0
    canvas = Canvas(width, height, (low - room, high + room), (len(rows), 0), size=size, bottom=3.4 * size, top=6)
    canvas.left = 12 if narrow else 24 + max(text_width(what, size) for what in rows)
    canvas.right = 20 + text_width("+88 (+88 - +88)", size)
    span = canvas.x_range[1] - canvas.x_range[0]
    most = max(2.0, (width - canvas.left - canvas.right) / (3.4 * size))
    step = next((s for s in STEPS if span / s <= most), 200)
    first = int(-(-canvas.x_range[0] // step))
    ticks = [step * number for number in range(first, int(canvas.x_range[1] // step) + 1)]
    digits = 0 if step >= 1 else 1
    for tick in ticks:
        canvas.line(canvas.x(tick), canvas.top, canvas.x(tick), height - canvas.bottom, "var(--grid)")
    canvas.x_axis(ticks, [t.number(tick, digits, sign=zero) for tick in ticks], t("shared.chart.points"))
    if zero:
        canvas.line(canvas.x(0), canvas.top, canvas.x(0), height - canvas.bottom, "var(--ink)", 1.2)
    for row, (what, interval) in enumerate(rows.items()):
        bold = row >= len(rows) - strong
        _bar(canvas, row + (0.2 if narrow else 0.0), interval, "var(--arm-3)" if bold else "var(--arm-5)", zero)
        middle = canvas.y(row + (0.7 if narrow else 0.5))
        label_y = canvas.y(row + 0.1) + size * 0.6 if narrow else middle + size * 0.35
        where, anchor = (canvas.left, "start") if narrow else (canvas.left - 12, "end")
        canvas.text(where, label_y, what, anchor=anchor, bold=bold, halo=narrow)
        estimate, below, above = (t.number(value, digits, sign=zero) for value in interval)
        said = t("learn.interval_short", estimate=estimate, low=below, high=above)
        canvas.text(width - canvas.right + 12, middle + size * 0.35, said, size=size - 1, bold=bold)
    return canvas.svg()


def _bar(canvas: Canvas, row: float, interval: Interval, colour: str, zero: bool) -> None:
    """A bar from 0, or a mark, and the interval across its end."""
    top, bottom, middle = canvas.y(row + 0.28), canvas.y(row + 0.72), canvas.y(row + 0.5)
    start, end = canvas.x(0) if zero else canvas.x(interval.estimate), canvas.x(interval.estimate)
    left, wide = min(start, end), max(abs(end - start), 3.0)
    canvas.marks.append(
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{bottom - top:.1f}" fill="{colour}"/>'
    )
    low, high = canvas.x(interval.low), canvas.x(interval.high)
    canvas.line(low, middle, high, middle, "var(--ink)", 2)
    for x in (low, high):
        canvas.line(x, middle - 5, x, middle + 5, "var(--ink)", 2)
