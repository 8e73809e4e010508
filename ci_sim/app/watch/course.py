"""The chart beneath: both indicators over time, what is still to come drawn faintly, and the month on show marked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import Canvas, arm_colour, arm_dashes
from ci_sim.app.charts.chart import Chart
from ci_sim.app.results import Results
from ci_sim.app.session import Session
from ci_sim.app.watch.futures import Futures
from ci_sim.figures.worlds import spread

__all__ = ["course"]

Course = NDArray[np.float64]


def course(futures: Futures, results: Results | None, session: Session, month: int, width: float) -> Chart:
    """Both indicators of this one world; behind them, where there is one, the band of the ensemble.

    Parameters
    ----------
    month : on show; in the page the clock moves it without drawing anew.
    """
    t, months = session.texts, futures.months
    lines = [_line(session, side.arm.name, 100 * side.records["indicator"]) for side in futures.sides]
    bands = _bands(futures, results)
    reached = [line.values for line in lines] + [part for low, high in bands.values() for part in (low, high)]
    edges = (
        min(0.0, *(10 * np.floor(values.min() / 10) for values in reached)),
        max(100.0, *(values.max() for values in reached)),
    )
    height = max(240, min(380, int(0.26 * width)))
    canvas = open_canvas(width, height, months, edges, lines)
    value_axis(canvas, t, "points")
    time_axis(canvas, months, t)
    for arm, (low, high) in bands.items():
        canvas.band(range(months + 1), low, high, arm_colour(session.arm_place(arm)), 0.13)
    _events(canvas, session)
    _lived(canvas, lines, month)
    label_ends(canvas, lines)
    ends = [t("watch.course_part", arm=line.label, points=t.number(line.values[month])) for line in lines]
    summary = t("watch.course_summary", month=month, parts="; ".join(ends))
    caption = t("watch.course_caption_bands" if bands else "watch.course_caption", worlds=session.worlds)
    title, table = t("watch.course_title"), _table(futures, session)
    return Chart("futures", title, summary, caption, canvas.svg(), width, height, table)


def _line(session: Session, arm: str, values: Course) -> Line:
    place = session.arm_place(arm)
    return Line(session.arm_title(arm), values, arm_colour(place), arm_dashes(place), 3.2)


def _bands(futures: Futures, results: Results | None) -> dict[str, tuple[Course, Course]]:
    """Where 8 of 10 worlds were, by arm; none while the ensemble is another scenario's."""
    if results is None or results.now.scenario.hash != futures.world.scenario.hash:
        return {}
    arms = dict.fromkeys(side.arm.name for side in futures.sides)
    found = {arm: spread(results.now.values(arm)) for arm in arms if arm in results.now.records}
    return {arm: (values.low, values.high) for arm, values in found.items()}


def _lived(canvas: Canvas, lines: list[Line], month: int) -> None:
    """Whole courses faintly, the months lived in full, a mark at the month; the clock moves what has data-per-month."""
    months = range(int(canvas.x_range[1]) + 1)
    per_month = canvas.x(1) - canvas.x(0)
    canvas.marks.append('<g opacity="0.4">')
    for line in lines:
        canvas.course(months, line.values, line.colour, line.dashes, 2)
    canvas.marks.append(
        f'</g><clipPath id="ci-lived"><rect x="{canvas.left:.1f}" y="0" width="{month * per_month:.1f}" '
        f'height="{canvas.height:g}" data-per-month="{per_month:.4f}"/></clipPath><g clip-path="url(#ci-lived)">'
    )
    for line in lines:
        canvas.course(months, line.values, line.colour, line.dashes, line.stroke + 0.6)
    canvas.marks.append(f'</g><g data-per-month="{per_month:.4f}" transform="translate({month * per_month:.1f} 0)">')
    canvas.line(canvas.left, canvas.top, canvas.left, canvas.height - canvas.bottom, "var(--ink)", 2)
    canvas.marks.append("</g>")


def _events(canvas: Canvas, session: Session) -> None:
    for number, month in enumerate(sorted({event.month for event in session.scenario.events}), 1):
        x = canvas.x(month)
        canvas.line(x, canvas.top + canvas.size, x, canvas.height - canvas.bottom, "var(--quiet)", 1, "4 4")
        canvas.text(x, canvas.top + canvas.size - 3, str(number), anchor="middle", size=canvas.size - 2, halo=True)


def _table(futures: Futures, session: Session) -> pd.DataFrame:
    """Per arm and month, the indicator in points."""
    months = np.arange(futures.months + 1)
    parts = [
        pd.DataFrame(
            {"arm": side.arm.name, "title": session.arm_title(side.arm.name), "world": futures.world.replication,
             "month": months, "year": months / 12, "indicator": 100 * side.records["indicator"]}
        )
        for side in futures.sides
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)
