"""Predict first: a guess is drawn, then held against the ensemble; it never leaves the page in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import solara

from ci_sim.app.charts.axes import time_axis, value_axis
from ci_sim.app.charts.canvas import Canvas, arm_colour
from ci_sim.app.results import Results
from ci_sim.app.room import drawing_width
from ci_sim.app.session import Session
from ci_sim.figures.worlds import spread

__all__ = ["YEARS", "Guess", "guess_months"]

YEARS = (1, 3, 5, 10)
"""Years that are asked for, as far as the horizon goes; and the horizon."""
WORDS = (
    "how", "guess", "start", "reveal", "revealed", "again", "year", "points", "inside", "above", "below", "overall",
    "yours", "picture", "band",
)  # fmt: skip


@solara.component_vue("guess.vue")
def _Guess(
    about: str,
    title: str,
    question: str,
    words: dict[str, str],
    years: list[dict[str, Any]],
    plot: dict[str, float],
    axes: str,
    answer: str,
    shown: bool,
    level: int,
    event_reveal: Callable[[Any], None],
    event_hide: Callable[[Any], None],
) -> None:
    """The pad: sliders, numbers and a line to drag. What is guessed stays in it; only that it is done is told."""


def guess_months(horizon: int) -> list[int]:
    """Months that are asked for."""
    months = [12 * year for year in YEARS if 12 * year <= horizon]
    return months if horizon in months else [*months, horizon]


@solara.component
def Guess(session: Session, results: Results, question: str, shown: bool, show: Callable[[bool], None]) -> None:
    """A guess of the subject's course.

    Parameters
    ----------
    shown : the ensemble is revealed.
    show : called when that is to change.
    """
    t, width = session.texts, float(drawing_width(session.view, session.width - 36))
    height = max(280.0, min(560.0, 0.5 * width))
    found = spread(results.now.values(results.subject))
    months = list(range(results.now.months + 1))
    low = min(0.0, 10 * np.floor(found.low.min() / 10))
    size = 12.5 if width < 560 else 14.0 if width < 1000 else 16.0
    empty = Canvas(width, height, (0, months[-1]), (low, 100), size=size)
    empty.left, empty.bottom, empty.top = 3.2 * size, 3.4 * size, 2.2 * size
    value_axis(empty, t, "points")
    time_axis(empty, months[-1], t)
    axes = empty.svg()
    colour = arm_colour(session.arm_place(results.subject))
    empty.band(months, found.low, found.high, colour, 0.25)
    empty.course(months, found.median, colour, "", 3.6)
    asked = [
        {"month": month, "year": t.number(month / 12, 0 if month % 12 == 0 else 1), "x": empty.x(month),
         "median": round(found.median[month]), "low": round(found.low[month]), "high": round(found.high[month])}
        for month in guess_months(months[-1])
    ]  # fmt: skip
    plot = {
        "width": width, "height": height, "left": empty.x(0), "top": empty.y(100), "bottom": empty.y(low), "low": low,
        "size": size, "start": round(float(found.median[0])),
    }  # fmt: skip
    _Guess(
        about=f"{session.scenario.hash} {results.subject} {session.view.seed}", title=t("learn.guess.title"),
        question=question, words={word: t(f"learn.guess.{word}") for word in WORDS}, years=asked, plot=plot, axes=axes,
        answer=empty.svg() if shown else "", shown=shown, level=2, event_reveal=lambda _: show(True),
        event_hide=lambda _: show(False),
    )  # fmt: skip
