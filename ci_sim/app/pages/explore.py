"""Explore: pairs of futures world by world, and results of sweeps sliced."""

from __future__ import annotations

import solara

from ci_sim.app.pages import PageInfo
from ci_sim.app.pages.conditions import BETWEEN, EDGES, SIDE_BY_SIDE
from ci_sim.app.pair_explorer import PairExplorer
from ci_sim.app.results_slicer import ResultsSlicer
from ci_sim.app.session import Session

__all__ = ["PAGE", "Page"]

PAGE = PageInfo("explore", 40)


@solara.component
def Page(session: Session) -> None:
    """The page."""
    t = session.texts
    half = ((session.width - BETWEEN) // 2 if session.width > SIDE_BY_SIDE else session.width) - EDGES
    with solara.Div(classes=["ci-explore"]):
        solara.v.Html(tag="h1", children=[t("explore.heading", scenario=session.title)])
        PairExplorer(session, half, max(280, min(430, int(0.6 * half))))
        solara.v.Html(tag="h2", class_="ci-part-heading", children=[t("explore.results_heading")])
        ResultsSlicer(session, session.width - EDGES)
