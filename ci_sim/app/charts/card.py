"""A chart on a page: heading, picture, caption, the same in words, and buttons that save it."""

from __future__ import annotations

from collections.abc import Callable

import solara

from ci_sim.app.charts.chart import Chart, as_csv, as_svg
from ci_sim.app.session import File, Session

__all__ = ["ChartCard"]


@solara.component_vue("chart.vue")
def _Chart(
    name: str,
    title: str,
    summary: str,
    caption: str,
    svg: str,
    words: dict[str, str],
    busy: bool,
    level: int,
    event_save: Callable[[str], None],
) -> None:
    """The element; ``save`` is called with png, svg or csv."""


@solara.component
def ChartCard(
    session: Session, chart: Chart, busy: bool = False, level: int = 2, about_more: dict[str, str] | None = None
) -> None:
    """A chart of a page.

    Parameters
    ----------
    busy : newer numbers are on their way.
    level : of its heading.
    about_more : what its files say of it in place of what the session does.
    """

    def save(kind: str) -> None:
        about = session.about() | (about_more or {})
        name = f"{session.scenario.name}-{chart.name}.{kind}"
        if kind == "csv":
            session.send(File(name, as_csv(chart, about), "text/csv"))
        elif kind in {"svg", "png"}:
            picture = as_svg(chart, about)
            session.send(File(name, picture, "image/svg+xml", picture=kind == "png", about=about))

    words = {word: session.texts(f"shared.chart.{word}") for word in
             ("save_group", "save_png", "save_svg", "save_csv", "in_words")}  # fmt: skip
    _Chart(
        name=chart.name, title=chart.title, summary=chart.summary, caption=chart.caption, svg=chart.svg, words=words,
        busy=busy, level=level, event_save=save,
    )  # fmt: skip
