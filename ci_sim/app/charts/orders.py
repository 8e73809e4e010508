"""The order lab's charts: an order over time beside all at once, and its regret among all 120."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Floats
from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import Canvas
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.condition_words import order_sentence, regret_sentence
from ci_sim.app.session import Session
from ci_sim.figures.worlds import Spread, spread

__all__ = ["order_course", "regrets"]


def order_course(courses: Floats, begins: list[int], session: Session, width: float, height: float) -> Chart:
    """Median and band of the order and of all at once; a numbered line where each condition begins.

    Parameters
    ----------
    courses : (worlds, 2, months + 1) in 0..1: at once, in the order.
    begins : month in which the first, second ... condition begins.
    """
    t, month, months = session.texts, session.month, courses.shape[2] - 1
    spreads = {name: spread(courses[:, n]) for n, name in enumerate(("at_once", "in_order"))}
    looks = {"at_once": ("var(--arm-2)", "9 5"), "in_order": ("var(--arm-3)", "")}
    lines = [
        Line(f"{t(f'conditions.{name}')} {t.number(s.median[month])}", s.median, *looks[name])
        for name, s in spreads.items()
    ]
    low = min(0.0, *(10 * np.floor(s.low.min() / 10) for s in spreads.values()))
    high = max(20.0, *(10 * np.ceil(s.high.max() / 10) for s in spreads.values()))
    canvas = open_canvas(width, height, months, (float(low), float(high)), lines)
    value_axis(canvas, t, "points")
    time_axis(canvas, months, t)
    _beginnings(canvas, begins)
    grid = np.arange(months + 1)
    for line, s in zip(lines, spreads.values(), strict=True):
        canvas.band(grid, s.low, s.high, line.colour, 0.13)
    for line in lines:
        canvas.course(grid, line.values, line.colour, line.dashes, line.stroke)
    label_ends(canvas, lines)
    summary = order_sentence(courses[:, :, month], session)
    caption = t("conditions.order_caption", worlds=len(courses))
    table = pd.concat([_frame(name, s) for name, s in spreads.items()], ignore_index=True)
    return Chart("order", t("conditions.order_title"), summary, caption, canvas.svg(), width, height, table)


def _beginnings(canvas: Canvas, begins: list[int]) -> None:
    if len(set(begins)) == 1:
        return
    for number, month in enumerate(begins, 1):
        x = canvas.x(month)
        canvas.line(x, canvas.top + canvas.size, x, canvas.height - canvas.bottom, "var(--quiet)", 1, "4 4")
        canvas.text(x, canvas.top + canvas.size - 3, str(number), anchor="middle", size=canvas.size - 2, halo=True)


def _frame(name: str, values: Spread) -> pd.DataFrame:
    months = np.arange(len(values.median))
    columns = {"course": name, "month": months, "year": months / 12}
    return pd.DataFrame({**columns, "p10": values.low, "median": values.median, "p90": values.high})


def regrets(table: pd.DataFrame, order: str, worlds: int, session: Session, width: float, height: float) -> Chart:
    """All orders by what they fall short of the best; filled where they cannot be told apart from it.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.regret.regret`, in points of 100, the best first.
    order : the one on show, ringed.
    """
    t = session.texts
    size = 12.5 if width < 560 else 14.0
    low, high = min(0.0, float(table["regret_low"].min())), max(1.0, float(table["regret_high"].max()))
    canvas = Canvas(width, height, (0.2, len(table) + 0.8), (low, 1.06 * high), left=3.2 * size, right=12,
                    top=3.6 * size, bottom=3.4 * size, size=size)  # fmt: skip
    value_axis(canvas, t, "points_apart")
    ticks = [1, *range(20, len(table) + 1, 20)]
    canvas.x_axis(ticks, [str(tick) for tick in ticks], t("conditions.rank_axis"))
    for rank, (_, row) in enumerate(table.iterrows(), 1):
        x, best, own = canvas.x(rank), bool(row["in_best_set"]), row["alternative"] == order
        colour = "var(--arm-2)" if best else "var(--ghost)"
        canvas.line(x, canvas.y(row["regret_low"]), x, canvas.y(row["regret_high"]), colour, 1.2)
        y = canvas.y(row["regret"])
        canvas.marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="{colour if best else "var(--paper)"}" stroke="{colour}"/>'
        )
        if own:
            canvas.marks.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="var(--arm-3)" stroke-width="3"/>'
            )
            there = "start" if x < width / 2 else "end"
            canvas.text(x, canvas.top - 1.9 * size, t("conditions.this_order"), anchor=there, bold=True)
            canvas.line(x, canvas.top - 1.6 * size, x, y - 8, "var(--arm-3)", 1.2)
    summary = f"{when(session)}: {regret_sentence(table, order, worlds, session)}"
    title, caption = t("conditions.regret_title"), t("conditions.regret_caption", worlds=worlds)
    return Chart("regret", title, summary, caption, canvas.svg(), width, height, table)
