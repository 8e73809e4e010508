"""The head of the page: one possible history, and how usual it is among many."""

from __future__ import annotations

from collections.abc import Callable

import solara

from ci_sim.analysis.intervals import mean_interval
from ci_sim.app.pairs import pair_worlds
from ci_sim.app.results import Results
from ci_sim.app.session import Session
from ci_sim.app.watch.futures import Futures

__all__ = ["Lead", "among_many"]


@solara.component_vue("lead.vue")
def _World(words: dict[str, str], world: int, worlds: int, event_choose: Callable[[str], None]) -> None:
    """Which of the simulated communities is on show, counted from 1."""


@solara.component
def Lead(session: Session, futures: Futures | None, results: Results | None, world: int) -> None:
    """Heading, the world on show, and where it stands.

    Parameters
    ----------
    world : replication, from 0.
    """
    t, view, worlds = session.texts, session.view, pair_worlds(session.scenario)

    def choose(text: str) -> None:
        if text.isascii() and text.isdecimal() and len(text) < 7 and 1 <= int(text) <= worlds:
            session.go(view.choose("watch.world", int(text) - 1))
        else:
            session.say(t("watch.bad_world", worlds=worlds))

    with solara.Div(classes=["ci-lead"]):
        solara.v.Html(tag="h1", children=[session.title])
        solara.v.Html(tag="p", class_="ci-sentence", children=[t("watch.lead")])
        _World(
            words={word: t(f"watch.{word}", worlds=worlds) for word in
                   ("one_history", "world", "of_worlds", "another")},
            world=world + 1, worlds=worlds, event_choose=choose,
        )  # fmt: skip
        told = among_many(futures, results, session) if futures and results else ""
        solara.v.Html(tag="p", class_="ci-quiet ci-among", attributes={"aria-live": "polite"}, children=[told])


def among_many(futures: Futures, results: Results, session: Session) -> str:
    """What the two arms come to over all worlds, and where this one stands; empty where there is nothing to compare."""
    left, right = (side.arm.name for side in futures.sides)
    here, now = futures.world.scenario, results.now
    if left == right or now.scenario.hash != here.hash or not {left, right} <= set(now.records):
        return ""
    t = session.texts
    ends = 100 * (now.values(right)[:, -1] - now.values(left)[:, -1])
    records = [side.records["indicator"][-1] for side in futures.sides]
    this = 100 * float(records[1] - records[0])
    found = mean_interval(ends)
    kind = "same" if found.low <= 0 <= found.high else "above" if found.estimate > 0 else "below"
    return t(
        f"watch.among_{kind}", left=session.arm_title(left), right=session.arm_title(right),
        years=t.number(futures.months / 12, 0 if futures.months % 12 == 0 else 1), worlds=now.worlds,
        points=t.number(abs(found.estimate)), low=t.number(found.low, sign=True), high=t.number(found.high, sign=True),
        here=t.number(this, sign=True), smaller=int((ends < this).sum()),
    )  # fmt: skip
