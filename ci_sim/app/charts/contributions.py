"""What each condition contributes: alone, left out of all five, and averaged over all orders (Shapley)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ci_sim.analysis.factorial import effects, shapley_values
from ci_sim.analysis.intervals import Floats, Interval
from ci_sim.app.charts.canvas import Canvas
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.session import Session
from ci_sim.app.texts import Texts
from ci_sim.parameters import CONDITIONS

__all__ = ["KINDS", "contribution_table", "contributions"]

KINDS = ("shapley", "alone", "last")
"""Shapley value; with all others off; what is lost by leaving it out of all five."""
COLOURS = {"shapley": "var(--arm-3)", "alone": "var(--arm-1)", "last": "var(--arm-2)"}
SHORT = 19.0
"""Distance of the three lines of a condition, pixels."""


class Tables(NamedTuple):
    """The analyses of a factorial."""

    effects: pd.DataFrame
    shapley: pd.DataFrame


def contribution_table(values: Floats) -> pd.DataFrame:
    """A row per condition and kind: ``condition``, ``kind``, ``effect`` with ``_low`` and ``_high``, ``clear``.

    Parameters
    ----------
    values : (worlds, 32) in 0..1.

    Returns
    -------
    Points of 100. Clear are Shapley values whose interval misses zero, and effects that stay clear of it allowing for
    the 31 looks (:func:`ci_sim.analysis.factorial.effects`).
    """
    tables = Tables(effects(100 * values), shapley_values(100 * values))
    rows = []
    for name in CONDITIONS:
        value = Interval.of(tables.shapley[tables.shapley["condition"] == name].iloc[0], "shapley")
        clear = bool(value.low > 0 or value.high < 0)
        rows.append({"condition": name, "kind": "shapley", **value.columns("effect"), "clear": clear})
        for kind in KINDS[1:]:
            found = tables.effects[(tables.effects["coding"] == kind) & (tables.effects["term"] == name)].iloc[0]
            value = Interval.of(found, "effect")
            row = {"condition": name, "kind": kind, **value.columns("effect"), "clear": bool(found["clear"])}
            rows.append(row)
    return pd.DataFrame(rows)


def contributions(values: Floats, session: Session, width: float) -> Chart:
    """A group of three lines per condition: a bar for the Shapley value, marks for the two effects."""
    t, table = session.texts, contribution_table(values)
    size = 12.5 if width < 560 else 14.0
    group = 1.5 * size + 3 * SHORT + 10
    rows = _legend_rows(t, width, size)
    top = 1.6 * size * len(rows) + 12
    height = top + group * len(CONDITIONS) + 3.2 * size
    low = float(min(0.0, 5 * np.floor(table["effect_low"].min() / 5)))
    high = float(max(5.0, 5 * np.ceil(table["effect_high"].max() / 5)))
    right = 4.2 * size
    canvas = Canvas(width, height, (low, high), (0, 1), left=10, right=right, top=top, bottom=3.2 * size, size=size)
    _legend(canvas, rows, t)
    _grid(canvas, session)
    for number, name in enumerate(CONDITIONS):
        y = top + group * number + 1.3 * size
        canvas.text(10, y, t(f"conditions.names.{name}"), bold=True, halo=True)
        for line, kind in enumerate(KINDS):
            row = table[(table["condition"] == name) & (table["kind"] == kind)].iloc[0]
            _line(canvas, row, y + 9 + SHORT * (line + 0.4), session)
    parts = [_in_words(row, t) for _, row in table[table["kind"] == "shapley"].iterrows()]
    summary = t("conditions.contributions_summary", when=when(session), parts="; ".join(parts))
    caption = t("conditions.contributions_caption", worlds=len(values))
    title = t("conditions.contributions_title")
    return Chart("contributions", title, summary, caption, canvas.svg(), width, height, table)


def _line(canvas: Canvas, row: pd.Series[float], y: float, session: Session) -> None:
    kind, clear = str(row["kind"]), bool(row["clear"])
    value = Interval.of(row, "effect")
    colour = COLOURS[kind] if clear else "var(--ghost)"
    middle, zero = canvas.x(value.estimate), canvas.x(0)
    if kind == "shapley":
        left, right = sorted((middle, zero))
        canvas.marks.append(
            f'<rect x="{left:.1f}" y="{y - 6:.1f}" width="{max(0.5, right - left):.1f}" height="12" fill="{colour}" '
            f'fill-opacity="{0.55 if clear else 0.18}" stroke="{colour}"/>'
        )
    if not np.isnan(value.low):
        canvas.line(canvas.x(value.low), y, canvas.x(value.high), y, "var(--ink)" if kind == "shapley" else colour, 2.2)
    _mark(canvas, kind, middle, y, colour, filled=clear)
    text = session.texts.number(value.estimate, 1, sign=True)
    canvas.text(canvas.width - 4, y + canvas.size * 0.35, text, anchor="end", size=canvas.size - 0.5,
                colour="var(--ink)" if clear else "var(--quiet)", bold=clear and kind == "shapley")  # fmt: skip


def _mark(canvas: Canvas, kind: str, x: float, y: float, colour: str, *, filled: bool) -> None:
    """A mark of its own for each kind; hollow where it cannot be told from zero."""
    fill = colour if filled else "var(--paper)"
    if kind == "alone":
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"'
    elif kind == "last":
        shape = f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6-6z"'
    else:
        shape = f'<rect x="{x - 2:.1f}" y="{y - 6:.1f}" width="4" height="12"'
        fill = "var(--ink)" if filled else "var(--paper)"
        colour = "var(--ink)" if filled else colour
    canvas.marks.append(f'{shape} fill="{fill}" stroke="{colour}" stroke-width="1.8"/>')


def _legend_rows(t: Texts, width: float, size: float) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    used = 10.0
    for kind in KINDS:
        needed = 0.54 * size * len(t(f"conditions.kinds.{kind}")) + 40
        if rows[-1] and used + needed > width - 10:
            rows.append([])
            used = 10.0
        rows[-1].append(kind)
        used += needed
    return rows


def _legend(canvas: Canvas, rows: list[list[str]], t: Texts) -> None:
    for number, row in enumerate(rows):
        x, y = 18.0, 1.1 * canvas.size + 1.6 * canvas.size * number
        for kind in row:
            if kind == "shapley":
                colour = COLOURS[kind]
                canvas.marks.append(
                    f'<rect x="{x - 8:.1f}" y="{y - 11:.1f}" width="18" height="12" fill="{colour}" '
                    f'fill-opacity="0.55" stroke="{colour}"/>'
                )
            else:
                _mark(canvas, kind, x, y - 5, COLOURS[kind], filled=True)
            text = t(f"conditions.kinds.{kind}")
            canvas.text(x + 14, y, text, size=canvas.size - 1)
            x += 0.54 * canvas.size * len(text) + 40


def _grid(canvas: Canvas, session: Session) -> None:
    low, high = canvas.x_range
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (high - low) / s <= max(3, canvas.width / 70))
    floor = canvas.height - canvas.bottom
    ticks = [float(tick) for tick in np.arange(np.ceil(low / step) * step, high + 1e-9, step)]
    for tick in ticks:
        strong = tick == 0
        canvas.line(canvas.x(tick), canvas.top, canvas.x(tick), floor, "var(--ink)" if strong else "var(--grid)", 1.2)
    t = session.texts
    canvas.x_axis(ticks, [t.number(tick, sign=tick > 0) for tick in ticks], t("conditions.effect_axis"))


def _in_words(row: pd.Series[float], t: Texts) -> str:
    value = Interval.of(row, "effect")
    numbers = {name: t.number(part, 1, sign=True) for name, part in value._asdict().items()}
    kind = "effect_in_words" if row["clear"] else "unclear_in_words"
    return t(f"conditions.{kind}", name=t(f"conditions.names.{row['condition']}"), **numbers)
