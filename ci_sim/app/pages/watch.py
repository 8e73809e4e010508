"""Watch: two arms of one world side by side, the same place and the same luck, turned by one clock."""

from __future__ import annotations

from dataclasses import replace

import solara
from solara.lab import use_task

from ci_sim.app.charts.card import ChartCard
from ci_sim.app.controls import Controls
from ci_sim.app.pages import PageInfo
from ci_sim.app.pages.compare import Events
from ci_sim.app.pairs import pair_worlds
from ci_sim.app.results import Results, use_results
from ci_sim.app.session import Session
from ci_sim.app.watch.course import course
from ci_sim.app.watch.faces import CLOCK_WORDS, Clock, Side
from ci_sim.app.watch.futures import Futures, run_futures
from ci_sim.app.watch.lead import Lead
from ci_sim.app.watch.legend import Legend
from ci_sim.app.watch.organization import Organization
from ci_sim.arms import available_arms

__all__ = ["PAGE", "Page"]

PAGE = PageInfo("watch", 10)
CARD = 34
"""Pixels that the edges of a card take."""


@solara.component
def Page(session: Session) -> None:
    """The page."""
    t, view = session.texts, session.view
    arms = (_arm(session, "left", "isolated"), _arm(session, "right", "collective_impact"))
    world = _whole(view.choice("watch.world"), pair_worlds(session.scenario) - 1, 0)  # all that Explore leads to
    futures = use_futures(session, arms, world)
    # The ensemble both arms come from, whatever arms other pages show: it says how usual this one history is.
    results, busy = use_results(replace(session, view=replace(view, arms=tuple(dict.fromkeys(arms)))))
    with solara.Div(classes=["ci-watch"]):
        Lead(session, futures, results, world)
        if futures is None:
            solara.v.Html(tag="p", class_="ci-quiet ci-busy", children=[t("shared.calculating")])
        else:
            _Futures(session, futures, None if busy else results)
        Events(session)
        Controls(session)


@solara.component
def _Futures(session: Session, futures: Futures, results: Results | None) -> None:
    view, month = session.view, min(session.view.month or 0, futures.months)
    count = futures.world.scenario.organizations.count
    chosen = _whole(view.choice("watch.organization"), count - 1, -1)
    words = {word: session.texts(f"watch.{word}") for word in CLOCK_WORDS}
    Clock(
        words=words, months=futures.months, month=month,
        titles=[session.arm_title(side.arm.name) for side in futures.sides],
        course=[side["indicator"] for side in futures.numbers],
        event_rest=lambda at: session.change(month=int(at) or None),
    )  # fmt: skip

    def swap(key: str, arm: str) -> None:
        if arm in available_arms(session.scenario):
            session.go(view.choose(f"watch.{key}", arm))

    def pick(organization: int) -> None:
        session.go(view.choose("watch.organization", int(organization)))

    with solara.Div(classes=["ci-futures"]):
        Side(session, futures, 0, month, chosen, lambda arm: swap("left", arm), pick)
        Side(session, futures, 1, month, chosen, lambda arm: swap("right", arm), pick)
    Legend(session)
    _Course(session, futures, results)
    Organization(session, futures, month, chosen, pick)


@solara.component
def _Course(session: Session, futures: Futures, results: Results | None) -> None:
    month, width = min(session.view.month or 0, futures.months), session.width - CARD
    chart = solara.use_memo(
        lambda: course(futures, results, session, month, width), [futures, results, session.view, width]
    )
    ChartCard(session, chart)


def use_futures(session: Session, arms: tuple[str, str], world: int) -> Futures | None:
    """Both arms, run beside the event loop; the last ones stay on show until the next are there."""
    scenario, seed = session.scenario, session.view.seed
    task = use_task(lambda: run_futures(scenario, arms, world, seed), dependencies=[(scenario.hash, arms, world, seed)])
    shown: solara.Ref[Futures | None] = solara.use_ref(None)
    if task.finished and task.value is not None:
        shown.current = task.value
    last: Futures | None = shown.current
    return last


def _arm(session: Session, side: str, otherwise: str) -> str:
    """The arm of a side; the standard one where the link names one that is not there."""
    arm = session.view.choice(f"watch.{side}", otherwise)
    return arm if arm in available_arms(session.scenario) else otherwise


def _whole(text: str, highest: int, otherwise: int) -> int:
    """A whole number from a link, if it is one that exists."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 and int(text) <= highest else otherwise
