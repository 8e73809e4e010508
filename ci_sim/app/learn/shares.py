"""A chart of what nobody decided: places that are served, and programs that repeat what is there already."""

from __future__ import annotations

import pandas as pd

from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import arm_colour
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.results import Results
from ci_sim.app.session import Session
from ci_sim.figures.worlds import spread

__all__ = ["shares"]

COLUMNS = {"coverage": "", "duplication": "2 6"}
"""What is drawn of every arm, and its dashes: here colour is the arm, and dots are doubled work."""


def shares(results: Results, session: Session, width: float, height: float) -> Chart:
    """Coverage and duplication of every arm, median and band."""
    t, month, months = session.texts, min(session.month, results.now.months), list(range(results.now.months + 1))
    lines, bands, parts, frames = [], [], [], []
    for arm in results.arms:
        colour = arm_colour(session.arm_place(arm))
        for column, dashes in COLUMNS.items():
            found = spread(results.now.values(arm, column))
            what = t(f"learn.shares.{column}", arm=session.arm_title(arm))
            lines.append(Line(f"{what} {t.number(found.median[month])}", found.median, colour, dashes))
            bands.append(found)
            numbers = {"low": found.low, "median": found.median, "high": found.high}
            parts.append(t("compare.value_in_words", arm=what, **{k: t.number(v[month]) for k, v in numbers.items()}))
            frames.append(pd.DataFrame({"arm": arm, "what": column, "month": months, **numbers}))
    canvas = open_canvas(width, height, months[-1], (0, 100), lines)
    value_axis(canvas, t, "share")
    time_axis(canvas, months[-1], t)
    for line, band in zip(lines, bands, strict=True):
        canvas.band(months, band.low, band.high, line.colour, 0.12)
        canvas.course(months, line.values, line.colour, line.dashes, line.stroke)
    label_ends(canvas, lines)
    summary = t("learn.shares.summary", when=when(session), worlds=results.now.worlds, parts="; ".join(parts))
    caption = t("learn.shares.caption", worlds=results.now.worlds)
    return Chart(
        "shares", t("learn.shares.title"), summary, caption, canvas.svg(), width, height, pd.concat(frames)
    )  # fmt: skip
