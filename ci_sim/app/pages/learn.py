"""Learn: a guided tour, a guess before each scene for those who like, and a mode for a room of people."""

from __future__ import annotations

from typing import Any

import solara
from solara.lab import use_task

from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.courses import means
from ci_sim.app.charts.differences import differences
from ci_sim.app.controls import Controls
from ci_sim.app.ensemble import OvertakenError
from ci_sim.app.findings import headline
from ci_sim.app.learn.bars import alone_chart
from ci_sim.app.learn.benefits import benefits
from ci_sim.app.learn.findings import finding, together_in_words
from ci_sim.app.learn.guess import Guess
from ci_sim.app.learn.mode import Mode, predicts
from ci_sim.app.learn.scenes import Scene, scene_of
from ci_sim.app.learn.shares import shares
from ci_sim.app.learn.tour import Contents, Steps
from ci_sim.app.learn.trials import Alone, alone
from ci_sim.app.learn.votes import Votes
from ci_sim.app.pages import PageInfo
from ci_sim.app.pages.compare import Events
from ci_sim.app.results import Results, use_results
from ci_sim.app.room import drawing_width, in_room, sliders_of
from ci_sim.app.session import Session

__all__ = ["PAGE", "Page"]

PAGE = PageInfo("learn", 50)
DRAW = {"means": means, "benefits": benefits, "differences": differences, "shares": shares}
EDGES = 34
"""Of a card, pixels."""


@solara.component
def Page(session: Session) -> None:
    """The page."""
    scene, room = scene_of(session.view), in_room(session.view)
    results, busy = use_results(session)
    revealed: solara.Reactive[Any] = solara.use_reactive(None)
    about = (scene, session.scenario.hash, session.view.seed)
    asking = predicts(session) and revealed.value != about
    with solara.Div(classes=["ci-learn"]):
        _Head(session, scene)
        Steps(session, scene)
        if results is None:
            solara.v.Html(tag="p", class_="ci-sentence", children=[session.texts("shared.calculating")])
        else:
            drawn = results.session(session)
            if predicts(session):
                question = session.texts(f"learn.scenes.{scene.name}.ask" if scene else "learn.ask",
                                         arm=session.arm_title(results.subject), scenario=session.title)  # fmt: skip
                Guess(drawn, results, question, not asking, lambda on: revealed.set(about if on else None))
            if not asking and scene is not None and "alone" in scene.charts:
                _Together(session)
            elif not asking:
                _Shown(drawn, scene, results, busy)
        if room and sliders_of(session.view):
            Controls(session)
        if scene is None:
            Contents(session)
        if room:
            Votes(session)


@solara.component
def _Head(session: Session, scene: Scene | None) -> None:
    """What it is about: the title, the rule, and what to look for."""
    t = session.texts
    key = f"learn.scenes.{scene.name}" if scene else "learn"
    with solara.Div(classes=["ci-lead", "ci-scene"]):
        Mode(session)
        solara.v.Html(tag="h1", children=[t(f"{key}.title" if scene else "learn.heading")])
        solara.v.Html(tag="p", class_="ci-rule", children=[t(f"{key}.rule", worlds=t.number(session.worlds))])
        with solara.v.Html(tag="p", class_="ci-look"):
            solara.v.Html(tag="strong", children=[t("learn.look") + " "])
            solara.v.Html(tag="span", children=[t(f"{key}.look_for")])


@solara.component
def _Shown(session: Session, scene: Scene | None, results: Results, busy: bool) -> None:
    """The finding, and the charts of the scene."""
    said = headline(results, session) if scene is None else finding(scene.name, results, session)
    solara.v.Html(tag="p", class_="ci-sentence ci-found", attributes={"aria-live": "polite"}, children=[said])
    names = scene.charts if scene else ("means",)
    beside = len(names) > 1 and session.width >= 2 * 560
    width = drawing_width(session.view, (session.width - 20) // 2 if beside else session.width)
    height = max(300, min(560, int((0.62 if beside else 0.45) * width)))
    charts = solara.use_memo(
        lambda: [DRAW[name](results, session, width - EDGES, height) for name in names],
        [(session.view, session.month, results, width, names)],
    )
    with solara.Div(classes=["ci-row" if beside else "ci-column"]):
        for chart in charts:
            ChartCard(session, chart, busy)
    Events(session)


@solara.component
def _Together(session: Session) -> None:
    """The five conditions one by one and together: an ensemble of its own."""
    key = (session.scenario.hash, session.month, session.worlds, session.view.seed)
    wanted = solara.use_ref(key)
    wanted.current = key
    shown: solara.Ref[Alone | None] = solara.use_ref(None)

    def compute() -> Alone | None:
        try:
            case, seed = session.scenario, session.view.seed
            return alone(case, session.month, session.worlds, seed, lambda: wanted.current != key)
        except OvertakenError:
            return None

    task = use_task(compute, dependencies=[key])
    if task.finished and task.value is not None:
        shown.current = task.value
    found = shown.current
    if found is None:
        solara.v.Html(tag="p", class_="ci-sentence", children=[session.texts("shared.calculating")])
        return
    said = together_in_words(found, session)
    solara.v.Html(tag="p", class_="ci-sentence ci-found", attributes={"aria-live": "polite"}, children=[said])
    width = drawing_width(session.view, session.width - EDGES)
    chart: Chart = alone_chart(found, session, width, max(340.0, min(560.0, 0.42 * width)))
    ChartCard(session, chart, task.pending)
