"""A chart of who benefits: the gap to the priority group under two equity focuses, in the same communities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import mean_interval
from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import arm_colour
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.results import Results
from ci_sim.app.session import Session

__all__ = ["benefits"]


def benefits(results: Results, session: Session, width: float, height: float) -> Chart:
    """The mean gap of the subject with its interval, and that of its baseline as a ghost."""
    t, number, months = session.texts, session.texts.number, results.now.months
    lines, parts, frames = [], [], []
    ensembles = [results.now] if results.baseline is None else [results.now, results.baseline]
    for ensemble, colour, dashes in zip(
        ensembles, (arm_colour(session.arm_place(results.subject)), "var(--ghost)"), ("", "2 7"), strict=False
    ):
        gap = 100 * ensemble.gap(results.subject)
        rows = [mean_interval(month) for month in gap.T[: months + 1]]
        here = rows[min(session.month, len(rows) - 1)]
        focus = ensemble.scenario.equity.focus
        what = t("learn.benefits.line", focus=number(focus, 0 if float(focus).is_integer() else 1))
        frame = pd.DataFrame(rows).assign(focus=focus, month=np.arange(len(rows)))
        lines.append(Line(f"{what}: {number(here.estimate, sign=True)}", frame["estimate"].to_numpy(), colour, dashes))
        told = {"mean": here.estimate, "low": here.low, "high": here.high}
        parts.append(t("compare.difference_in_words", arm=what, **{k: number(v, sign=True) for k, v in told.items()}))
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    reach = max(5.0, 5 * np.ceil(float(np.abs(table[["low", "high"]].to_numpy(np.float64)).max()) / 5))
    canvas = open_canvas(width, height, months, (-reach, reach), lines)
    value_axis(canvas, t, "points_apart", sign=True)
    time_axis(canvas, months, t)
    for line, frame in zip(lines, frames, strict=True):
        canvas.band(frame["month"].to_numpy(), frame["low"].to_numpy(), frame["high"].to_numpy(), line.colour, 0.16)
        canvas.course(frame["month"].to_numpy(), line.values, line.colour, line.dashes, line.stroke)
    label_ends(canvas, lines)
    about = {"arm": session.arm_title(results.subject), "worlds": number(results.now.worlds)}
    summary = t("learn.benefits.summary", when=when(session), parts="; ".join(parts), **about)
    caption = t("learn.benefits.caption", **about)
    return Chart("benefits", t("learn.benefits.title"), summary, caption, canvas.svg(), width, height, table)
