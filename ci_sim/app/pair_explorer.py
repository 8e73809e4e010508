"""The pair explorer: every world by what the arm changed in it, and one lived again to where its futures part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import solara

from ci_sim.analysis.intervals import Floats
from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.chart import Chart
from ci_sim.app.charts.pairs import pair_dots, pairs_sentence, parting_course, parting_sentence
from ci_sim.app.ensemble import Ensemble, run_ensemble
from ci_sim.app.order_lab import Progress
from ci_sim.app.pairs import KINDS, Parting, pair_worlds, pick_world, relive
from ci_sim.app.results import subject_of
from ci_sim.app.session import Session
from ci_sim.app.tables import table
from ci_sim.app.work import Overtaken, Tell, use_work
from ci_sim.arms import available_arms
from ci_sim.parameters import CONDITIONS

__all__ = ["PairExplorer", "chosen_pair", "parting_rows"]

LEVELS = (1, 2, 5, 10, 20)
"""Thresholds offered, points of 100."""
USUAL_LEVEL = 5
RECORDED_ROWS = ("coverage", "duplication", "participation", "trust", "alignment")
"""Recorded outcomes told of the parting month, in hundredths."""


@solara.component_vue("pages/pairs.vue")
def _Pairs(
    words: dict[str, str],
    arms: list[dict[str, str]],
    arm: str,
    against: str,
    threshold: int,
    levels: list[int],
    worlds: list[dict[str, Any]],
    kinds: list[dict[str, Any]],
    chosen: int | None,
    event_choose: Callable[[dict[str, str]], None],
) -> None:
    """Selects, buttons, and the worlds on a slider."""


def chosen_pair(session: Session) -> tuple[str, str]:
    """The arm a view has chosen, and what it is held against; others where it says nothing sound."""
    known = list(available_arms(session.scenario))
    arm = session.view.choice("explore.arm", subject_of(session.view.arms))
    arm = arm if arm in known else "collective_impact"
    against = session.view.choice("explore.against", "isolated")
    if against not in known or against == arm:
        against = next(name for name in known if name != arm)
    return arm, against


def chosen_level(session: Session) -> int:
    """The threshold of a view."""
    text = session.view.choice("explore.threshold")
    return int(text) if text in {str(level) for level in LEVELS} else USUAL_LEVEL


@solara.component
def PairExplorer(session: Session, column: int, height: int) -> None:
    """The explorer; its charts are as wide as ``column``."""
    t, pair, seed = session.texts, chosen_pair(session), session.view.seed
    worlds = pair_worlds(session.scenario)

    def run(_: Tell, overtaken: Overtaken) -> Ensemble:
        return run_ensemble(session.scenario, pair, worlds, seed, overtaken)

    work = use_work((session.scenario.hash, pair, worlds, seed), run)
    ensemble = None if work.busy else work.result
    digest = ensemble.digest if ensemble else ""
    solara.use_effect(lambda: session.vouch(digest), [digest, session.view])
    if ensemble is None:
        _Choices(session, pair, np.zeros(0), None)
        Progress(t("explore.progress", worlds=worlds))
        return
    month = min(session.month, ensemble.months)
    differences = 100 * (ensemble.values(pair[0]) - ensemble.values(pair[1]))[:, month]
    chosen = _chosen_world(session, differences)
    said = pairs_sentence(differences, pair, session)
    solara.v.Html(tag="p", class_="ci-sentence", attributes={"aria-live": "polite"}, children=[said])
    _Choices(session, pair, differences, chosen)
    dots = pair_dots(differences, pair, chosen, session, column, height)
    _World(session, pair, chosen, dots, worlds)


def _chosen_world(session: Session, differences: Floats) -> int:
    text = session.view.choice("explore.world")
    sound = text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < len(differences)
    return int(text) if sound else pick_world(differences, "most") or 0


@solara.component
def _Choices(session: Session, pair: tuple[str, str], differences: Floats, chosen: int | None) -> None:
    t = session.texts

    def choose(told: dict[str, str]) -> None:
        key, value = str(told.get("key")), str(told.get("value"))
        if key in {"arm", "against", "world", "threshold"}:
            session.go(session.view.choose(f"explore.{key}", value[:60]))

    order = np.argsort(differences, kind="stable")
    listed = [
        {"world": int(world), "label": t("explore.world_spoken", world=int(world) + 1, rank=rank, worlds=len(order),
                                         points=t.number(differences[world], 1, sign=True))}
        for rank, world in enumerate(order, 1)
    ]  # fmt: skip
    kinds = [
        {"name": kind, "title": t(f"explore.kinds.{kind}"), "world": pick_world(differences, kind)}
        for kind in KINDS if len(differences)
    ]  # fmt: skip
    words = {word: t(f"explore.{word}") for word in ("arm", "against", "threshold", "group", "world")}
    known = [{"name": name, "title": session.arm_title(name)} for name in available_arms(session.scenario)]
    _Pairs(
        words=words, arms=known, arm=pair[0], against=pair[1], threshold=chosen_level(session), levels=list(LEVELS),
        worlds=listed, kinds=kinds, chosen=chosen, event_choose=choose,
    )  # fmt: skip


@solara.component
def _World(session: Session, pair: tuple[str, str], world: int, dots: Chart, worlds: int) -> None:
    """All worlds beside the one chosen: both its courses, and what differed by the month they part."""
    t, level, seed = session.texts, chosen_level(session), session.view.seed
    work = use_work(
        (session.scenario.hash, pair, world, seed), lambda _, __: relive(session.scenario, pair, world, seed)
    )
    parting = work.result if not work.busy else None
    about = {t("shared.worlds"): str(worlds), t("shared.command"): _command(session, pair, worlds)}
    with solara.Div(classes=["ci-row"]):
        ChartCard(session, dots, about_more=about)
        if parting is None:
            solara.v.Html(tag="p", class_="ci-card ci-busy", children=[t("shared.calculating")])
        else:
            chart = parting_course(parting, pair, level, session, dots.width, dots.height)
            ChartCard(session, chart, about_more=about | {t("shared.worlds"): t("explore.one_world", world=world + 1)})
    if parting is not None:
        _Parted(session, pair, parting)


def _command(session: Session, pair: tuple[str, str], worlds: int) -> str:
    """The command line that runs these pairs."""
    command = replace(session, view=replace(session.view, arms=pair)).command()
    return command.replace(f"--replications {session.worlds}", f"--replications {worlds}")


@solara.component
def _Parted(session: Session, pair: tuple[str, str], parting: Parting) -> None:
    """What differed by the month in which the futures part, or by the end."""
    t, level = session.texts, chosen_level(session)
    apart = parting.month_apart(level / 100)
    month = parting.world.scenario.horizon.months if apart is None else apart
    with solara.Div(classes=["ci-card", "ci-differed"]):
        solara.v.Html(tag="h2", children=[t("explore.by_then", month=month)])
        said = parting_sentence(parting, pair, level, session)
        solara.v.Html(tag="p", attributes={"aria-live": "polite"}, children=[said])
        heads = [t("explore.what"), *(session.arm_title(arm) for arm in pair), t("explore.apart_by")]
        html = table(t("explore.table_caption", month=month), heads, parting_rows(parting, month, session))
        solara.HTML(tag="div", unsafe_innerHTML=html)
        _Watch(session, pair, parting.world.replication, month)


@solara.component
def _Watch(session: Session, pair: tuple[str, str], world: int, month: int) -> None:
    """On to the Watch page, at this world and month."""

    def watch(*_: object) -> None:
        view = replace(session.view, page="watch", month=max(1, month)).choose("watch.world", world)
        session.go(view.choose("watch.left", pair[1]).choose("watch.right", pair[0]))

    text = session.texts("explore.watch", world=world + 1, month=month)
    button = solara.v.Html(tag="button", attributes={"type": "button", "id": "explore-watch"}, children=[text])
    solara.v.use_event(button, "click", watch)


def parting_rows(parting: Parting, month: int, session: Session) -> list[list[str]]:
    """What differs between the arms in a month, row by row: in the arm, in the other, and by how much."""
    t, rows = session.texts, []
    hundredths = [("indicator", t("explore.rows.indicator"))]
    hundredths += [(name, t("explore.rows.maturity", name=t(f"conditions.names.{name}"))) for name in CONDITIONS]
    hundredths += [(name, t(f"explore.rows.{name}")) for name in RECORDED_ROWS]
    for name, title in hundredths:
        own, other = (100 * float(records[name][month]) for records in parting.records)
        rows.append(_row(title, own, other, session))
    for name in ("joint_actions_agreed", "tries_lost"):
        sums = [float(records[name][: month + 1].sum()) for records in parting.records]
        rows.append(_row(t(f"explore.rows.{name}"), sums[0], sums[1], session))
    elsewhere = parting.programs_elsewhere(month)
    rows.append([t("explore.rows.programs"), *(t.number(count) for count in elsewhere), ""])
    practices, places = parting.practices_apart(month), parting.providers[0, month].size
    rows.append([t("explore.rows.practices", places=t.number(places)), "", "", t.number(practices)])
    return rows


def _row(title: str, own: float, other: float, session: Session) -> list[str]:
    number = session.texts.number
    return [title, number(own), number(other), number(own - other, sign=round(own - other) != 0)]
