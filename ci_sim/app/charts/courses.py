"""The main charts of a comparison: the mean over time, and beside it always the gap to the priority group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import Canvas, arm_colour, arm_dashes
from ci_sim.app.charts.chart import Chart
from ci_sim.app.results import Results, subject_of
from ci_sim.app.session import Session
from ci_sim.figures.worlds import Spread, spread

__all__ = ["gaps", "means"]


def means(results: Results, session: Session, width: float, height: float) -> Chart:
    """The indicator of every arm: median and band; threshold, events, the baseline as a ghost."""
    t, month = session.texts, session.month
    spreads = {arm: spread(results.now.values(arm)) for arm in results.arms}
    lines, ghost = _lines(session, spreads), _ghost(results, session)
    every = [value for s in spreads.values() for value in (s.low.min(), s.high.max())]
    edges = (min(0.0, 10 * np.floor(min(every) / 10)), max(100.0, *every))
    shown = lines + ([ghost] if ghost else [])
    canvas = open_canvas(width, height, results.now.months, edges, shown)
    value_axis(canvas, t, "points")
    time_axis(canvas, results.now.months, t)
    _threshold(canvas, session)
    _events(canvas, session)
    _draw(canvas, spreads, lines, ghost, session)
    _cursor(canvas, month)
    label_ends(canvas, shown)
    parts = [_end_in_words(session, arm, s, month) for arm, s in spreads.items()]
    if ghost:
        parts.append(t("compare.means_ghost", value=t.number(ghost.values[month])))
    summary = t("compare.means_summary", when=when(session), worlds=results.now.worlds, parts="; ".join(parts))
    caption = t("compare.band_caption", worlds=results.now.worlds)
    table = _table(results, spreads, session)
    return Chart("means", t("compare.means_title"), summary, caption, canvas.svg(), width, height, table)


def gaps(results: Results, session: Session, width: float, height: float) -> Chart:
    """How far the priority group is behind the others, every arm."""
    t, month = session.texts, session.month
    spreads = {arm: spread(results.now.gap(arm)) for arm in results.arms}
    lines = _lines(session, spreads)
    reach = max(10.0, 5 * np.ceil(max(abs(v) for s in spreads.values() for v in (s.low.min(), s.high.max())) / 5))
    canvas = open_canvas(width, height, results.now.months, (-reach, reach), lines)
    value_axis(canvas, t, "points_apart", sign=True)
    time_axis(canvas, results.now.months, t)
    _draw(canvas, spreads, lines, None, session)
    _cursor(canvas, month)
    label_ends(canvas, lines)
    parts = [_end_in_words(session, arm, s, month) for arm, s in spreads.items()]
    summary = t("compare.gaps_summary", when=when(session), worlds=results.now.worlds, parts="; ".join(parts))
    table = _table(results, spreads, session)
    return Chart("gap", t("compare.gaps_title"), summary, t("compare.gaps_caption"), canvas.svg(), width, height, table)


def when(session: Session) -> str:
    """The month numbers are read at, in years."""
    if session.month == 12:
        return session.texts("compare.when_one")
    digits = 0 if session.month % 12 == 0 else 1
    return session.texts("compare.when", years=session.texts.number(session.month / 12, digits))


def _lines(session: Session, spreads: dict[str, Spread]) -> list[Line]:
    made = []
    for arm, values in spreads.items():
        place = session.arm_place(arm)
        label = f"{session.arm_title(arm)} {session.texts.number(values.median[session.month])}"
        stroke = 3.6 if arm == "collective_impact" else 2.6
        made.append(Line(label, values.median, arm_colour(place), arm_dashes(place), stroke))
    return made


def _ghost(results: Results, session: Session) -> Line | None:
    if results.baseline is None:
        return None
    values = spread(results.baseline.values(results.subject)).median
    if len(values) != results.now.months + 1:  # another horizon: as far as both go
        values = np.concatenate([values, np.full(max(0, results.now.months + 1 - len(values)), values[-1])])
        values = values[: results.now.months + 1]
    return Line(f"{session.texts('compare.baseline')} {session.texts.number(values[session.month])}", values,
                "var(--ghost)", "2 7", 3.0)  # fmt: skip


def _draw(canvas: Canvas, spreads: dict[str, Spread], lines: list[Line], ghost: Line | None, session: Session) -> None:
    months = list(range(len(next(iter(spreads.values())).median)))
    subject = subject_of(tuple(spreads))
    for arm, values in spreads.items():
        opacity = 0.18 if arm == subject else 0.09  # bands of many arms lie on one another
        canvas.band(months, values.low, values.high, arm_colour(session.arm_place(arm)), opacity)
    for line in ([ghost] if ghost else []) + lines:
        canvas.course(months, line.values, line.colour, line.dashes, line.stroke)


def _cursor(canvas: Canvas, month: int) -> None:
    if month < canvas.x_range[1]:
        x = canvas.x(month)
        canvas.line(x, canvas.top, x, canvas.height - canvas.bottom, "var(--ink)", 1.5)


def _threshold(canvas: Canvas, session: Session) -> None:
    level = 100 * session.scenario.horizon.threshold
    y = canvas.y(level)
    canvas.line(canvas.left, y, canvas.width - canvas.right, y, "var(--ink)", 1, "1 3")
    label = session.texts("compare.threshold", level=session.texts.number(level))
    canvas.text(canvas.left + 6, y - 5, label, size=canvas.size - 2, colour="var(--quiet)", halo=True)


def _events(canvas: Canvas, session: Session) -> None:
    """A number at the top for each month with events; the page lists what they are."""
    for number, month in enumerate(sorted({event.month for event in session.scenario.events}), 1):
        x = canvas.x(month)
        canvas.line(x, canvas.top + canvas.size, x, canvas.height - canvas.bottom, "var(--quiet)", 1, "4 4")
        canvas.text(x, canvas.top + canvas.size - 3, str(number), anchor="middle", size=canvas.size - 2, halo=True)


def _end_in_words(session: Session, arm: str, values: Spread, month: int) -> str:
    number = session.texts.number
    return session.texts(
        "compare.value_in_words", arm=session.arm_title(arm), median=number(values.median[month]),
        low=number(values.low[month]), high=number(values.high[month]),
    )  # fmt: skip


def _table(results: Results, spreads: dict[str, Spread], session: Session) -> pd.DataFrame:
    """Per arm and month: median and band, in points; the baseline as an arm of its own."""
    frames = []
    for arm, values in spreads.items():
        frames.append(_frame(arm, session.arm_title(arm), values))
    if results.baseline is not None:
        values = spread(results.baseline.values(results.subject))
        frames.append(_frame("baseline", session.texts("compare.baseline"), values))
    return pd.concat(frames, ignore_index=True)


def _frame(arm: str, title: str, values: Spread) -> pd.DataFrame:
    months: NDArray[np.int64] = np.arange(len(values.median))
    columns = {"arm": arm, "title": title, "month": months, "year": months / 12}
    return pd.DataFrame({**columns, "p10": values.low, "median": values.median, "p90": values.high})
