"""What makes the difference: the paired difference over time, and when worlds reach the threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import arm_colour, arm_dashes
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.ensemble import REFERENCE
from ci_sim.app.results import Results
from ci_sim.app.session import Session
from ci_sim.outcomes import first_month_at

__all__ = ["differences", "reached"]


def differences(results: Results, session: Session, width: float, height: float) -> Chart:
    """Mean paired difference with its 95 % interval: to the isolated arm, or of the subject to its baseline."""
    t, month, months = session.texts, session.month, results.now.months
    pairs = _pairs(results, session)
    table = pd.concat([_intervals(*pair) for pair in pairs.values()], ignore_index=True) if pairs else pd.DataFrame()
    lines, parts = [], []
    for title, (key, difference) in pairs.items():
        here = mean_interval(difference[:, min(month, difference.shape[1] - 1)])
        label = f"{title} {t.number(100 * here.estimate, sign=True)}"
        place = session.arm_place(results.subject if key == "baseline" else key)
        values = table.loc[table["against"] == key, "mean"].to_numpy()
        lines.append(Line(label, values, arm_colour(place), arm_dashes(place)))
        parts.append(_in_words(session, title, here))
    low = float(np.floor(min([0.0, *(table["low"].min() for _ in lines)]) / 10) * 10)
    high = float(np.ceil(max([10.0, *(table["high"].max() for _ in lines)]) / 10) * 10)
    canvas = open_canvas(width, height, months, (low, high), lines or [Line("", np.zeros(1), "", "")])
    value_axis(canvas, t, "points_apart", sign=True)
    time_axis(canvas, months, t)
    for line, (key, _) in zip(lines, pairs.values(), strict=True):
        rows = table[table["against"] == key]
        canvas.band(rows["month"].to_numpy(), rows["low"].to_numpy(), rows["high"].to_numpy(), line.colour, 0.2)
        canvas.course(rows["month"].to_numpy(), line.values, line.colour, line.dashes, line.stroke)
    zero = canvas.y(0)
    canvas.line(canvas.left, zero, canvas.width - canvas.right, zero, "var(--ink)", 1.2)
    if lines:
        label_ends(canvas, lines)
    against = "baseline" if results.baseline is not None else "isolated"
    summary = t("compare.difference_summary", when=when(session), parts="; ".join(parts) or t("compare.nothing_paired"))
    return Chart(
        "difference", t(f"compare.difference_title_{against}"), summary,
        t("compare.difference_caption", worlds=results.now.worlds), canvas.svg(), width, height, table,
    )  # fmt: skip


def _pairs(results: Results, session: Session) -> dict[str, tuple[str, np.ndarray]]:
    """Differences in the same worlds, (worlds, months), by what they are called; 0..1."""
    if results.baseline is not None:
        now, before = results.now.values(results.subject), results.baseline.values(results.subject)
        last = min(now.shape[1], before.shape[1])
        return {session.arm_title(results.subject): ("baseline", now[:, :last] - before[:, :last])}
    base = results.now.values(REFERENCE)
    arms = [arm for arm in results.arms if arm != REFERENCE]
    return {session.arm_title(arm): (arm, results.now.values(arm) - base) for arm in arms}


def _intervals(against: str, difference: np.ndarray) -> pd.DataFrame:
    rows = [mean_interval(100 * month) for month in difference.T]
    columns = {"against": against, "month": np.arange(len(rows)), "year": np.arange(len(rows)) / 12}
    table = pd.DataFrame({**columns, "mean": [r.estimate for r in rows]})
    table["low"], table["high"] = [r.low for r in rows], [r.high for r in rows]
    return table


def _in_words(session: Session, title: str, here: Interval) -> str:
    number = session.texts.number
    return session.texts(
        "compare.difference_in_words", arm=title, mean=number(100 * here.estimate, sign=True),
        low=number(100 * here.low, sign=True), high=number(100 * here.high, sign=True),
    )  # fmt: skip


def reached(results: Results, session: Session, width: float, height: float) -> Chart:
    """The share of worlds that have reached the threshold by a month; what is missing at the end never does."""
    t, months = session.texts, results.now.months
    level = session.scenario.horizon.threshold
    grid = np.arange(months + 1)
    lines, parts, frames = [], [], []
    for arm in results.arms:
        first = np.array([first_month_at(world, level) for world in results.now.values(arm)])
        share = np.array([100 * float(np.mean(first <= month)) for month in grid])
        never, place = 100 - share[-1], session.arm_place(arm)
        label = t("compare.never_label", arm=session.arm_title(arm), never=t.number(never))
        lines.append(Line(label, share, arm_colour(place), arm_dashes(place)))
        parts.append(t("compare.never_in_words", arm=session.arm_title(arm), never=t.number(never)))
        frames.append(pd.DataFrame({"arm": arm, "month": grid, "year": grid / 12, "share_reached": share}))
    canvas = open_canvas(width, height, months, (0, 100), lines)
    value_axis(canvas, t, "percent")
    time_axis(canvas, months, t)
    for line in lines:
        canvas.course(grid, line.values, line.colour, line.dashes, line.stroke)
    label_ends(canvas, lines)
    points = t.number(100 * level)
    summary = t("compare.reached_summary", level=points, worlds=results.now.worlds, parts="; ".join(parts))
    caption = t("compare.reached_caption", level=points)
    table = pd.concat(frames, ignore_index=True)
    return Chart(
        "reached", t("compare.reached_title", level=points), summary, caption, canvas.svg(), width, height, table
    )
