"""A slice of a sweep as small multiples: a panel per value of the second factor, all on the same scales."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ci_sim.analysis.response import scale_of
from ci_sim.app.charts.canvas import Canvas
from ci_sim.app.charts.chart import Chart
from ci_sim.app.session import Session
from ci_sim.app.slices import Slice
from ci_sim.app.tables import table as html_table

__all__ = ["slice_chart", "slice_html"]

NARROWEST = 300
"""Pixels a panel needs."""
MOST_LABELS = 12


def factor_title(key: str, session: Session) -> str:
    """A factor in words, with its key."""
    label = session.texts.get(f"parameters.{key}.label", "")
    return f"{label} ({key})" if label else key


def unit_of(outcome: str, session: Session) -> str:
    """Unit of an outcome as it is shown: those within 0..1 in points of 100."""
    scale = scale_of(outcome)
    return session.texts("shared.chart.points") if scale.unit == "points" else scale.unit


def outcome_title(asked: Slice, session: Session) -> str:
    """What is on the vertical axis."""
    t = session.texts
    unit = unit_of(asked.outcome, session)
    named = f"{asked.outcome.replace('_', ' ')}{f', {unit}' if unit else ''}"
    arms = {"arm": arm_words(asked.arm, session), "against": arm_words(asked.against, session)}
    return t("explore.difference_of" if asked.against else "explore.value_of", outcome=named, **arms)


def arm_words(arm: str, session: Session) -> str:
    """An arm of any results, in the session's language where it has a name there."""
    return session.texts.get(f"shared.arms.{arm}", arm.replace("_", " "))


def slice_chart(table: pd.DataFrame, asked: Slice, session: Session, width: float) -> Chart:
    """The slice drawn.

    Parameters
    ----------
    table : of :func:`ci_sim.app.slices.slice_table`.
    """
    t, factor = session.texts, scale_of(asked.outcome).factor
    shown = table.assign(**{name: factor * table[name] for name in ("mean", "low", "high")})
    panels = list(dict.fromkeys(shown["panel"]))
    columns = max(1, min(len(panels), int(width / NARROWEST), 3))
    each, deep = width / columns, max(230.0, min(420.0, 0.55 * width / columns))
    x, y = _range(shown["x"]), _range(pd.concat([shown["mean"], shown["low"], shown["high"]]), zero=True)
    marks = []
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        canvas = Canvas(each, deep, x, y, left=56, right=14, top=34, bottom=48, size=13)
        canvas.text(56, 20, _panel_title(asked, panel, session), bold=True)
        _panel(canvas, shown[shown["panel"] == panel], asked, session)
        place = f'<svg x="{column * each:.1f}" y="{row * deep:.1f}" width="{each:.1f}" height="{deep:.1f}" '
        marks.append(canvas.svg().replace("<svg ", place, 1))
    height = deep * math.ceil(len(panels) / columns)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">{"".join(marks)}</svg>'
    title = t("explore.slice_title", what=outcome_title(asked, session))
    meaning = f"{asked.outcome.replace('_', ' ').capitalize()}: {t.outcome(asked.outcome, 'derived')}."
    caption = f"{meaning} {t('explore.slice_caption', worlds=int(table['worlds'].max()))}"
    return Chart("slice", title, _summary(shown, asked, session), caption, svg, width, height, shown)


def _panel(canvas: Canvas, rows: pd.DataFrame, asked: Slice, session: Session) -> None:
    low, high = canvas.y_range
    step = _step(high - low, 5)
    ticks = [float(tick) for tick in np.arange(np.ceil(low / step) * step, high + 1e-9 * step, step)]
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    canvas.y_axis(ticks, [session.texts.number(tick, digits) for tick in ticks])
    places = rows[["x", "value"]].drop_duplicates("x")
    few = len(places) <= MOST_LABELS
    labels = [str(value)[:14] if few else str(number) for number, value in enumerate(places["value"], 1)]
    room = max(1, math.ceil(len(labels) * 7.5 * max(map(len, labels), default=1) / (canvas.width - 70)))
    labels = [label if number % room == 0 else "" for number, label in enumerate(labels)]
    canvas.x_axis(list(places["x"]), labels, factor_title(asked.x, session))
    colour = "var(--arm-3)"
    if pd.api.types.is_number(rows["x"].iloc[0]) and len(rows) > 1:
        canvas.course(rows["x"].to_numpy(float), rows["mean"].to_numpy(float), colour, "", 1.6)
    for _, row in rows.iterrows():
        x, y = canvas.x(row["x"]), canvas.y(row["mean"])
        if not math.isnan(row["low"]):
            canvas.line(x, canvas.y(row["low"]), x, canvas.y(row["high"]), colour, 3)
        canvas.marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>')


def _range(values: pd.Series[float], *, zero: bool = False) -> tuple[float, float]:
    found = values[np.isfinite(values.astype(float))]
    low, high = (float(found.min()), float(found.max())) if len(found) else (0.0, 1.0)
    if zero:
        low, high = min(0.0, low), max(0.0, high)
    edge = 0.06 * ((high - low) or 1.0)
    return low - edge * (low < 0 or not zero), high + edge


def _step(span: float, most: int) -> float:
    """1, 2 or 5 times a power of ten, so that there are at most so many steps."""
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(power * step for step in (1, 2, 5, 10) if span / (power * step) <= most)


def _panel_title(asked: Slice, panel: str, session: Session) -> str:
    label = session.texts.get(f"parameters.{asked.by}.label", asked.by)
    return f"{label}: {panel}" if asked.by else ""


def _summary(shown: pd.DataFrame, asked: Slice, session: Session) -> str:
    """The ends of every panel in words."""
    t, parts = session.texts, []
    for panel, rows in shown.dropna(subset="mean").groupby("panel", sort=False):
        means = rows["mean"].to_numpy(float)
        highest, lowest = rows.iloc[int(means.argmax())], rows.iloc[int(means.argmin())]
        parts.append(t(
            "explore.slice_in_words", panel=_panel_title(asked, str(panel), session) or t("explore.everywhere"),
            lowest=_said(lowest["mean"], session), at_lowest=lowest["value"] or "-",
            highest=_said(highest["mean"], session), at_highest=highest["value"] or "-",
        ))  # fmt: skip
    return t("explore.slice_summary", what=outcome_title(asked, session), x=factor_title(asked.x, session),
             parts="; ".join(parts))  # fmt: skip


def _said(value: float, session: Session) -> str:
    digits = 0 if abs(value) >= 100 or value == 0 else 1 if abs(value) >= 1 else 3
    return session.texts.number(value, digits)


def slice_html(chart: Chart, asked: Slice, session: Session) -> str:
    """The table behind, as HTML."""
    t, rows = session.texts, []
    for _, row in chart.table.iterrows():
        cells = [_said(row[name], session) for name in ("mean", "low", "high")]
        rows.append([str(row["value"]) or "-", str(row["panel"]) or "-", *cells, t.number(row["points"]),
                     t.number(row["worlds"])])  # fmt: skip
    heads = [factor_title(asked.x, session), factor_title(asked.by, session) if asked.by else "-"]
    heads += [t(f"explore.heads.{name}") for name in ("mean", "low", "high", "points", "worlds")]
    return html_table(outcome_title(asked, session), heads, rows)
