"""All combinations of the five conditions at a glance: which are on, and what came of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ci_sim.analysis.contrasts import SUBSETS
from ci_sim.analysis.intervals import Floats, mean_interval
from ci_sim.app.charts.canvas import Canvas
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.session import Session
from ci_sim.parameters import CONDITIONS

__all__ = ["combination_table", "combinations"]

ROW = 20.0
"""Height of a combination, pixels."""
DOT = 5.2
"""Radius of the dot of a condition that is on."""


def combination_table(values: Floats) -> pd.DataFrame:
    """A row per combination, the best mean first: ``arm``, a column per condition, ``mean``, ``low``, ``high``.

    Parameters
    ----------
    values : (worlds, 32) in 0..1, in the order of :func:`ci_sim.arms.condition_subsets`.

    Returns
    -------
    Outcomes in points of 100 with 95 % intervals of the mean; conditions as 0 or 1.
    """
    rows = []
    for place, arm in enumerate(SUBSETS):
        on = {name: place >> bit & 1 for bit, name in enumerate(CONDITIONS)}
        found = mean_interval(100 * values[:, place])
        rows.append({"arm": arm, **on, "mean": found.estimate, "low": found.low, "high": found.high})
    return pd.DataFrame(rows).sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def combinations(values: Floats, session: Session, width: float) -> Chart:
    """A row per combination: dots for the conditions that are on, the mean with its interval, the number."""
    t, table = session.texts, combination_table(values)
    size = 12.0 if width < 560 else 13.5
    step = min(34.0, max(19.0, 0.045 * width))
    top, bottom = 7.2 * size, 2.6 * size
    height = top + ROW * len(table) + bottom
    low = float(min(0.0, 10 * np.floor(table["low"].min() / 10)))
    high = float(max(10.0, 10 * np.ceil(table["high"].max() / 10)))
    canvas = Canvas(width, height, (low, high), (0, 1), left=step * len(CONDITIONS) + 14, right=3.2 * size,
                    top=top, bottom=bottom, size=size)  # fmt: skip
    _grid(canvas, session)
    for bit, name in enumerate(CONDITIONS):
        _turned(canvas, (bit + 0.62) * step, top - 8, t(f"conditions.short.{name}"))
    for number, row in table.iterrows():
        _row(canvas, row, top + ROW * (int(str(number)) + 0.5), step, session)
    best, none = table.iloc[0], table[table["arm"] == SUBSETS[0]].iloc[0]
    every = table[table["arm"] == SUBSETS[-1]].iloc[0]
    said = {name: t.number(row["mean"]) for name, row in (("best", best), ("none", none), ("all", every))}
    named = [t(f"conditions.names.{name}") for name in CONDITIONS if best[name]]
    summary = t("conditions.combinations_summary", when=when(session), worlds=len(values),
                which=", ".join(named) or t("conditions.none_of_them"), **said)  # fmt: skip
    caption = t("conditions.combinations_caption", worlds=len(values))
    return Chart(
        "combinations", t("conditions.combinations_title"), summary, caption, canvas.svg(), width, height, table
    )


def _row(canvas: Canvas, row: pd.Series[float], y: float, step: float, session: Session) -> None:
    lit = [bit for bit, name in enumerate(CONDITIONS) if row[name]]
    special = len(lit) in {0, len(CONDITIONS)}
    if special:
        canvas.marks.append(
            f'<rect x="0" y="{y - ROW / 2:.1f}" width="{canvas.width:g}" height="{ROW:g}" fill="var(--grid)"/>'
        )
    if len(lit) > 1:
        canvas.line((lit[0] + 0.5) * step, y, (lit[-1] + 0.5) * step, y, "var(--ink)", 1.6)
    for bit in range(len(CONDITIONS)):
        on = bit in lit
        canvas.marks.append(
            f'<circle cx="{(bit + 0.5) * step:.1f}" cy="{y:.1f}" r="{DOT if on else 2.2}" '
            f'fill="{"var(--ink)" if on else "var(--paper)"}" stroke="{"var(--ink)" if on else "var(--quiet)"}"/>'
        )
    colour = "var(--arm-3)"
    if not np.isnan(row["low"]):
        canvas.line(canvas.x(row["low"]), y, canvas.x(row["high"]), y, colour, 3)
    canvas.marks.append(f'<circle cx="{canvas.x(row["mean"]):.1f}" cy="{y:.1f}" r="4.4" fill="{colour}"/>')
    number = session.texts.number(row["mean"])
    canvas.text(canvas.width - 4, y + canvas.size * 0.36, number, anchor="end", bold=special)


def _grid(canvas: Canvas, session: Session) -> None:
    """Faint lines from top to bottom, labelled at both ends: the chart is long."""
    low, high = canvas.x_range
    step = next(s for s in (5, 10, 20, 25, 50, 100) if (high - low) / s <= max(3, (canvas.width - canvas.left) / 60))
    floor = canvas.height - canvas.bottom
    for tick in np.arange(np.ceil(low / step) * step, high + 1e-9, step):
        x = canvas.x(float(tick))
        canvas.line(x, canvas.top, x, floor, "var(--quiet)" if tick == 0 else "var(--grid)")
        for y in (canvas.top - 6, floor + canvas.size + 2):
            canvas.text(x, y, session.texts.number(float(tick)), anchor="middle", colour="var(--quiet)",
                        size=canvas.size - 1)  # fmt: skip
    middle = (canvas.left + canvas.width - canvas.right) / 2
    title = session.texts("conditions.axis")
    canvas.text(middle, canvas.height - 3, title, anchor="middle", colour="var(--quiet)", size=canvas.size - 1)


def _turned(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.text(x, y, text, size=canvas.size - 0.5)
    canvas.marks[-1] = canvas.marks[-1].replace("<text ", f'<text transform="rotate(-50 {x:.1f} {y:.1f})" ', 1)
