"""Compare: sliders at the side, and what they lead to in an ensemble of worlds, beside the baseline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from ci_sim.app.charts.canvas import arm_colour, arm_dashes
from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.courses import gaps, means
from ci_sim.app.charts.differences import differences, reached
from ci_sim.app.controls import Controls
from ci_sim.app.findings import Findings, headline
from ci_sim.app.pages import PageInfo
from ci_sim.app.results import Results, use_results
from ci_sim.app.room import drawing_width
from ci_sim.app.session import Session
from ci_sim.arms import available_arms

__all__ = ["PAGE", "Page"]

PAGE = PageInfo("compare", 20)
PANEL = 400
"""Width of the sliders' column with what is between; below ``TWO_COLUMNS`` they stand above the charts."""
TWO_COLUMNS = 880
SIDE_BY_SIDE = 700
"""From this width of the results on, the gap stands beside the mean."""


@solara.component_vue("timeline.vue")
def _Timeline(
    words: dict[str, str],
    arms: list[dict[str, Any]],
    months: int,
    month: int,
    can_pin: bool,
    can_return: bool,
    event_toggle: Callable[[str], None],
    event_read: Callable[[str], None],
    event_pin: Callable[[str], None],
) -> None:
    """Arms to show, the month to read, the baseline."""


@solara.component
def Page(session: Session) -> None:
    """The page."""
    results, busy = use_results(session)
    column = session.width - PANEL if session.width >= TWO_COLUMNS else session.width
    t = session.texts
    with solara.Div(classes=["ci-compare"]):
        with solara.Div(classes=["ci-lead"]):
            solara.v.Html(tag="h1", children=[session.title])
            sentence = t("shared.calculating") if results is None else headline(results, results.session(session))
            solara.v.Html(tag="p", class_="ci-sentence", attributes={"aria-live": "polite"}, children=[sentence])
        with solara.v.Html(tag="section", class_="ci-side", attributes={"aria-label": t("controls.heading")}):
            Controls(session)
        with solara.Div(classes=["ci-results"]):
            Timeline(session)
            if results is not None:
                drawn = results.session(session)
                _Charts(drawn, results, busy, drawing_width(session.view, column))
                Findings(drawn, results)
                Events(session)


@solara.component
def _Charts(session: Session, results: Results, busy: bool, column: int) -> None:
    beside = column >= SIDE_BY_SIDE
    first = int((column - 20) * 0.6) if beside else column
    second = column - 20 - first if beside else column
    half = (column - 20) // 2 if beside else column
    height = max(290, min(520, int(0.62 * first)))
    low = max(250, min(420, int(0.56 * half)))
    inner = 34  # the card's own edges
    made_of = (session.view, session.month, results, first, half)
    charts = solara.use_memo(
        lambda: (
            means(results, session, first - inner, height),
            gaps(results, session, second - inner, height),
            differences(results, session, half - inner, low),
            reached(results, session, half - inner, low),
        ),
        [made_of],
    )
    with solara.Div(classes=["ci-row", "ci-row-first"]):
        ChartCard(session, charts[0], busy)
        ChartCard(session, charts[1], busy)
    with solara.Div(classes=["ci-row"]):
        ChartCard(session, charts[2], busy)
        ChartCard(session, charts[3], busy)


@solara.component
def Timeline(session: Session) -> None:
    """What is shown of the ensemble."""
    t, view, scenario = session.texts, session.view, session.scenario

    def toggle(arm: str) -> None:
        if arm not in available_arms(scenario):
            return
        arms = tuple(a for a in view.arms if a != arm) if arm in view.arms else (*view.arms, arm)
        if arms:
            session.change(arms=arms)
        else:
            session.say(t("compare.one_arm"))

    def pin(what: str) -> None:
        session.change(baseline=view.overrides if what == "pin" else ())
        session.say(t("compare.pinned" if what == "pin" else "compare.unpinned"))

    shown = [
        {"name": arm, "title": session.arm_title(arm), "shown": arm in view.arms,
         "colour": arm_colour(place), "dashes": arm_dashes(place)}
        for place, arm in enumerate(available_arms(scenario))
    ]  # fmt: skip
    pinned = ", ".join(f"{t.parameter(key, 'label')} {value}" for key, value in view.baseline)
    words = {
        "arms": t("compare.arms"), "month": t("compare.month"), "pin": t("compare.pin"), "unpin": t("compare.unpin"),
        "at": t("compare.at", years="0000", month="1111"),
        "baseline_is": t("compare.baseline_is", what=pinned) if pinned else t("compare.baseline_as_it_comes"),
    }  # fmt: skip
    _Timeline(
        words=words, arms=shown, months=scenario.horizon.months, month=session.month,
        can_pin=view.baseline != view.overrides, can_return=bool(view.baseline), event_toggle=toggle,
        event_read=lambda month: session.change(month=int(month)), event_pin=pin,
    )  # fmt: skip


@solara.component
def Events(session: Session) -> None:
    """What happens in the scenario, by the numbers in the charts."""
    events = session.scenario.events
    months = sorted({event.month for event in events})
    items = [
        solara.v.Html(
            tag="li", children=[session.texts("compare.event", years=session.texts.number(month / 12, 1), month=month,
                                              what="; ".join(e.note or e.kind for e in events if e.month == month))],
        )
        for month in months
    ]  # fmt: skip
    if items:
        with solara.Div(classes=["ci-card"]):
            solara.v.Html(tag="h2", children=[session.texts("compare.events")])
            solara.v.Html(tag="ol", children=items)
