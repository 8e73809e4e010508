"""Pairs in pictures: what an arm changed in every world, and both courses of one of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ci_sim.analysis.intervals import Floats, mean_interval
from ci_sim.app.charts.axes import Line, label_ends, open_canvas, time_axis, value_axis
from ci_sim.app.charts.canvas import Canvas, arm_colour, arm_dashes
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import when
from ci_sim.app.condition_words import points
from ci_sim.app.pairs import Parting
from ci_sim.app.session import Session

__all__ = ["pair_dots", "parting_course"]

Arms = tuple[str, str]


def pair_dots(differences: Floats, arms: Arms, chosen: int, session: Session, width: float, height: float) -> Chart:
    """A dot per world, sorted: what the arm changed there. Dots carry their world, so that they can be clicked.

    Parameters
    ----------
    differences : (worlds,) arm minus the one it is held against, points of 100.
    chosen : the world that is ringed.
    """
    t, worlds = session.texts, len(differences)
    order = np.argsort(differences, kind="stable")
    rank = int(np.flatnonzero(order == chosen)[0])
    size = 12.5 if width < 560 else 14.0
    low = float(min(0.0, 10 * np.floor(differences.min() / 10)))
    high = float(max(10.0, 10 * np.ceil(differences.max() / 10)))
    canvas = Canvas(width, height, (0.2, worlds + 0.8), (low, high), left=3.4 * size, right=14, top=2.4 * size,
                    bottom=3.4 * size, size=size)  # fmt: skip
    value_axis(canvas, t, "points_apart", sign=True)
    ticks = [1, *(round(worlds * share) for share in (0.25, 0.5, 0.75, 1))]
    canvas.x_axis(ticks, [t.number(tick) for tick in ticks], t("explore.rank_axis"))
    zero = canvas.y(0)
    canvas.line(canvas.left, zero, width - canvas.right, zero, "var(--ink)", 1.2)
    radius = max(2.6, min(5.0, 0.3 * (width - canvas.left - canvas.right) / worlds))
    for place, world in enumerate(order, 1):
        hurt = differences[world] < 0
        colour = "var(--arm-1)" if hurt else "var(--arm-3)"
        canvas.marks.append(
            f'<circle data-world="{int(world)}" cx="{canvas.x(place):.1f}" cy="{canvas.y(differences[world]):.1f}" '
            f'r="{radius:.1f}" fill="{"var(--paper)" if hurt else colour}" stroke="{colour}" stroke-width="1.6"/>'
        )
    x, y = canvas.x(rank + 1), canvas.y(differences[chosen])
    canvas.marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="var(--ink)" stroke-width="2.6"/>')
    label = t("explore.world_label", world=chosen + 1, points=t.number(differences[chosen], 1, sign=True))
    canvas.text(min(max(x, 90), width - 90), max(y - 14, 1.2 * size), label, anchor="middle", bold=True, halo=True)
    table = pd.DataFrame({"rank": np.arange(1, worlds + 1), "replication": order, "difference": differences[order]})
    return Chart(
        "pairs", t("explore.pairs_title", arm=session.arm_title(arms[0]), against=session.arm_title(arms[1])),
        pairs_sentence(differences, arms, session), t("explore.pairs_caption", worlds=worlds), canvas.svg(), width,
        height, table,
    )  # fmt: skip


def pairs_sentence(differences: Floats, arms: Arms, session: Session) -> str:
    """The mean difference, and in how many worlds the arm helped and hurt."""
    t, mean = session.texts, mean_interval(differences)
    kind = "pairs_clear" if mean.low > 0 or mean.high < 0 else "pairs_same"
    counts = {"helped": int((differences > 0).sum()), "hurt": int((differences < 0).sum()), "worlds": len(differences)}
    titles = {"arm": session.arm_title(arms[0]), "against": session.arm_title(arms[1])}
    return t(f"explore.{kind}", when=when(session), **titles, **counts, **points(mean, t))


def parting_course(
    parting: Parting, arms: Arms, threshold: float, session: Session, width: float, height: float
) -> Chart:
    """Both indicators of a world; marked are the month their practices first differ and the month they part.

    Parameters
    ----------
    threshold : points of 100 by which indicators must differ to have parted.
    """
    t, months = session.texts, parting.world.scenario.horizon.months
    lines = []
    for arm, records in zip(arms, parting.records, strict=True):
        values, place = 100 * np.asarray(records["indicator"], np.float64), session.arm_place(arm)
        label = f"{session.arm_title(arm)} {t.number(values[-1])}"
        lines.append(Line(label, values, arm_colour(place), arm_dashes(place)))
    low = float(min(0.0, *(10 * np.floor(line.values.min() / 10) for line in lines)))
    high = float(max(20.0, *(10 * np.ceil(line.values.max() / 10) for line in lines)))
    canvas = open_canvas(width, height, months, (low, high), lines)
    canvas.top += 3.2 * canvas.size
    value_axis(canvas, t, "points")
    time_axis(canvas, months, t)
    grid = np.arange(months + 1)
    for line in lines:
        canvas.course(grid, line.values, line.colour, line.dashes, line.stroke)
    apart, practices = parting.month_apart(threshold / 100), parting.month_of_practices
    marks = [(practices, t("explore.mark_practices", month=practices), 1, "2 4")] if practices is not None else []
    marks += [(apart, t("explore.mark_apart", month=apart), 0, "")] if apart is not None else []
    _mark(canvas, marks)
    label_ends(canvas, lines)
    title = t("explore.course_title", world=parting.world.replication + 1)
    summary = parting_sentence(parting, arms, threshold, session)
    columns = {arm: line.values for arm, line in zip(arms, lines, strict=True)}
    table = pd.DataFrame({"month": grid, "year": grid / 12, **columns})
    caption = t("explore.course_caption", threshold=t.number(threshold))
    return Chart("course", title, summary, caption, canvas.svg(), width, height, table)


def parting_sentence(parting: Parting, arms: Arms, threshold: float, session: Session) -> str:
    """When practices first differ in a world, and when the indicators part."""
    t, apart, practices = session.texts, parting.month_apart(threshold / 100), parting.month_of_practices
    world, level = parting.world.replication + 1, t.number(threshold)
    first = t("explore.practices_first", world=world, month=practices) if practices is not None else t(
        "explore.practices_never", world=world)  # fmt: skip
    if apart is None:
        return f"{first} {t('explore.never_apart', threshold=level)}"
    ahead = session.arm_title(arms[0] if parting.difference[apart] > 0 else arms[1])
    return f"{first} {t('explore.apart', threshold=level, month=apart, years=t.number(apart / 12, 1), ahead=ahead)}"


def _mark(canvas: Canvas, marks: list[tuple[int, str, int, str]]) -> None:
    """Months with a label each, in rows above the axes: the lines first, so that none crosses a label."""
    size = canvas.size
    tops = [canvas.top - 3.0 * size + 1.3 * size * (row - 1) for _, _, row, _ in marks]
    for (month, _, _, dashes), y in zip(marks, tops, strict=True):
        x = canvas.x(month)
        canvas.line(x, y + 3, x, canvas.height - canvas.bottom, "var(--ink)", 1.4, dashes)
    for (month, text, _, _), y in zip(marks, tops, strict=True):
        anchor, away = ("start", 4) if month < 0.6 * canvas.x_range[1] else ("end", -4)
        canvas.text(canvas.x(month) + away, y + size, text, anchor=anchor, size=size - 1, halo=True)
