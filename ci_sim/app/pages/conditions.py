"""Conditions: all 32 combinations of the five, what each contributes, and the lab in which their order is tried."""

from __future__ import annotations

import solara

from ci_sim.analysis.intervals import Floats
from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.combinations import combinations
from ci_sim.app.charts.contributions import contributions
from ci_sim.app.condition_words import conditions_sentence, design_in_words
from ci_sim.app.order_lab import OrderLab, Progress
from ci_sim.app.pages import PageInfo
from ci_sim.app.session import Session
from ci_sim.app.trials import Request, digest_of, factorial_trial
from ci_sim.app.work import Overtaken, Tell, Work, use_work

__all__ = ["PAGE", "Page"]

PAGE = PageInfo("conditions", 30)
SIDE_BY_SIDE = 900
"""From this width on, charts stand beside each other; as in the stylesheet."""
BETWEEN, EDGES = 20, 34
"""Pixels between cards, and a card's own."""


@solara.component
def Page(session: Session) -> None:
    """The page."""
    t = session.texts
    beside = session.width > SIDE_BY_SIDE
    half = ((session.width - BETWEEN) // 2 if beside else session.width) - EDGES
    with solara.Div(classes=["ci-conditions"]):
        solara.v.Html(tag="h1", children=[t("conditions.heading", scenario=session.title)])
        _Combinations(session, half)
        solara.v.Html(tag="h2", class_="ci-part-heading", children=[t("conditions.lab.heading")])
        solara.v.Html(tag="p", class_="ci-quiet", children=[t("conditions.lab.lead")])
        OrderLab(session, half, half, max(270, min(420, int(0.55 * half))))


@solara.component
def _Combinations(session: Session, width: int) -> None:
    """The factorial: the sentence, the matrix, and the contributions."""
    t, trial = session.texts, factorial_trial(session.scenario, session.view.seed)

    def run(tell: Tell, overtaken: Overtaken) -> Floats | None:
        return trial.run(tell, overtaken) if trial.worlds else None

    work = use_work(trial.key, run)
    courses = work.result
    digest = digest_of(courses) if courses is not None and not work.busy else ""
    solara.use_effect(lambda: session.vouch(digest), [digest, session.view])
    if not trial.worlds:
        solara.v.Html(tag="p", class_="ci-card", children=[t("conditions.too_large")])
        return
    if courses is None:
        Progress(t("conditions.progress", worlds=trial.worlds), work.done)
        return
    _Findings(session, trial, work, width)


@solara.component
def _Findings(session: Session, trial: Request, work: Work[Floats | None], width: int) -> None:
    """What the last factorial there is says, in a sentence and two charts."""
    t, courses = session.texts, work.result
    assert courses is not None
    values = courses[:, :, min(session.month, courses.shape[2] - 1)]

    def make() -> tuple[str, Chart, Chart]:
        said = conditions_sentence(values, session) or t("conditions.nothing_clear", worlds=len(values))
        return said, combinations(values, session, width), contributions(values, session, width)

    said, *charts = solara.use_memo(make, [work.key, session.month, t.language, width])
    said = t("shared.calculating") if work.busy else said
    solara.v.Html(tag="p", class_="ci-sentence", attributes={"aria-live": "polite"}, children=[said])
    command = design_in_words(session, trial.name, trial.worlds)
    about = {t("shared.worlds"): str(trial.worlds), t("shared.command"): command}
    with solara.Div(classes=["ci-row"]):
        for chart in charts:
            ChartCard(session, chart, work.busy, about_more=about)
