"""The order lab: five cards on a timeline, what their order leads to, and what it falls short of the best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import solara

from ci_sim.analysis.intervals import Floats
from ci_sim.analysis.regret import regret
from ci_sim.app.charts.card import ChartCard
from ci_sim.app.charts.orders import order_course, regrets
from ci_sim.app.condition_words import design_in_words, order_sentence, regret_sentence
from ci_sim.app.session import Session
from ci_sim.app.tables import table
from ci_sim.app.trials import AT_ONCE, order_trial, orders_trial
from ci_sim.app.work import Overtaken, Tell, use_work
from ci_sim.complaints import InputError
from ci_sim.parameters import CONDITIONS
from ci_sim.sweep.orders import all_orders, order_text, read_order

__all__ = ["CHOICE", "OrderLab", "chosen_order", "regret_table"]

CHOICE = "conditions.order"
"""Where the link keeps the order, as :func:`ci_sim.sweep.orders.order_text` writes it."""
USUAL = 12
"""Months between beginnings where nothing else is said."""
NAMED = 12
"""Orders of the best set that are named at once; the others when unfolded."""
COLOURS = ("var(--arm-3)", "var(--arm-1)", "var(--arm-2)", "var(--arm-4)", "var(--arm-5)")

Order = tuple[str, ...]


@solara.component_vue("pages/orders.vue")
def _Cards(
    words: dict[str, str],
    cards: list[dict[str, Any]],
    interval: int,
    most: int,
    can_best: bool,
    event_move: Callable[[dict[str, Any]], None],
    event_space: Callable[[int], None],
    event_put: Callable[[str], None],
) -> None:
    """The cards; told are moves, months between beginnings, and whole orders."""


def most_months(session: Session) -> int:
    """Most months between beginnings, so that the last condition begins within the horizon."""
    return (session.scenario.horizon.months - 1) // (len(CONDITIONS) - 1)


def chosen_order(session: Session) -> tuple[Order, int]:
    """The order a view has chosen, and the months between beginnings; the usual ones where it says nothing sound."""
    most = most_months(session)
    try:
        order, interval = read_order(session.view.choice(CHOICE))
    except InputError:
        return CONDITIONS, min(USUAL, most)
    return order, min(interval, most)


def regret_table(values: Floats, interval: int) -> pd.DataFrame:
    """:func:`ci_sim.analysis.regret.regret` of all orders, in points of 100.

    Parameters
    ----------
    values : (worlds, 120) in 0..1, in the order of :func:`ci_sim.sweep.orders.all_orders`.
    """
    names = [order_text(order, interval) for order in all_orders()]
    return regret(pd.DataFrame(100 * values, columns=names))


@solara.component
def OrderLab(session: Session, column: int, regret_column: int, height: int) -> None:
    """The lab; its charts have the widths given."""
    t, month = session.texts, session.month
    order, interval = chosen_order(session)
    trial = order_trial(session.scenario, order, interval, session.view.seed)
    courses = use_work(trial.key, trial.run)
    every = orders_trial(session.scenario, interval, session.view.seed)
    possible = interval != AT_ONCE and every.worlds > 0

    def rank(tell: Tell, overtaken: Overtaken) -> pd.DataFrame | None:
        if not possible:
            return None
        return regret_table(every.run(tell, overtaken)[:, :, month], interval)

    ranked = use_work((every.key, month, possible), rank)
    ranks = ranked.result if not ranked.busy else None
    _Timeline(session, order, interval, ranks)
    said = []
    fits = courses.result is not None and courses.result.shape[2] > month  # the last result may be of a shorter horizon
    if interval == AT_ONCE:
        said.append(t("conditions.regret_at_once"))
    elif courses.result is not None and not courses.busy:
        said.append(order_sentence(courses.result[:, :, month], session))
    if ranks is not None:
        said.append(regret_sentence(ranks, order_text(order, interval), every.worlds, session))
    solara.v.Html(tag="p", class_="ci-sentence ci-order-said", attributes={"aria-live": "polite"},
                  children=[" ".join(said) or t("shared.calculating")])  # fmt: skip
    with solara.Div(classes=["ci-row"]):
        if courses.result is not None and fits:
            begins = [1 + interval * number for number in range(len(order))]
            chart = order_course(courses.result, begins, session, column, height)
            ChartCard(session, chart, courses.busy, about_more=_about(session, order, interval, trial.worlds))
        with solara.Div(classes=["ci-regret"]):
            if not every.worlds:
                solara.v.Html(tag="p", class_="ci-card", children=[t("conditions.too_large")])
            elif ranks is None and possible:
                Progress(t("conditions.regret_progress", worlds=every.worlds), ranked.done)
            elif ranks is not None:
                _Regret(session, ranks, order_text(order, interval), every.worlds, regret_column, height)


@solara.component
def _Timeline(session: Session, order: Order, interval: int, ranks: pd.DataFrame | None) -> None:
    t = session.texts

    def put(new: Order, months: int) -> None:
        session.go(session.view.choose(CHOICE, order_text(new, months)))

    def move(told: dict[str, Any]) -> None:
        name, to = str(told.get("name")), told.get("to")
        if name not in order or not isinstance(to, int):
            return
        if not 0 <= to < len(order):
            session.say(t("conditions.at_the_end", name=t(f"conditions.names.{name}"), place=order.index(name) + 1))
            return
        rest = [one for one in order if one != name]
        put((*rest[:to], name, *rest[to:]), interval)
        session.say(t("conditions.moved", name=t(f"conditions.names.{name}"), place=to + 1, month=1 + interval * to))

    def space(months: int) -> None:
        put(order, max(0, min(int(months), most_months(session))))

    def whole(what: str) -> None:
        best = order if ranks is None else read_order(str(ranks["alternative"].iloc[0]))[0]
        new = {"listed": CONDITIONS, "reversed": order[::-1], "best": best}.get(what, order)
        put(new, interval)
        session.say(_said(new, session))

    words = ("hint", "earlier", "later", "start", "end", "interval", "listed", "reversed", "best", "simultaneous")
    told = {word: t(f"conditions.lab.{word}") for word in words if word not in {"end", "simultaneous"}}
    told["end"] = t("conditions.lab.end", years=t.number(session.scenario.horizon.months / 12, 1))
    told |= {"at_once": t("conditions.lab.simultaneous"), "months": t("conditions.lab.months", months="0000")}
    _Cards(
        words=told, cards=[_card(session, name, place, interval) for place, name in enumerate(order)],
        interval=interval, most=most_months(session), can_best=ranks is not None, event_move=move, event_space=space,
        event_put=whole,
    )  # fmt: skip


def _card(session: Session, name: str, place: int, interval: int) -> dict[str, Any]:
    t, month = session.texts, 1 + interval * place
    title = t(f"conditions.names.{name}")
    return {
        "name": name, "title": title, "colour": COLOURS[CONDITIONS.index(name)],
        "begins": t("conditions.lab.begins", month=month), "at": month / session.scenario.horizon.months,
        "earlier": t("conditions.lab.move_earlier", name=title), "later": t("conditions.lab.move_later", name=title),
    }  # fmt: skip


def _said(order: Order, session: Session) -> str:
    return ", ".join(session.texts(f"conditions.names.{name}") for name in order)


def _about(session: Session, order: Order, interval: int, worlds: int) -> dict[str, str]:
    t = session.texts
    command = design_in_words(session, "orders", worlds, interval=interval)
    shown = t("conditions.lab.about", order=_said(order, session), months=interval)
    return {t("shared.worlds"): str(worlds), t("shared.command"): command, t("conditions.lab.order_head"): shown}


@solara.component
def _Regret(session: Session, ranks: pd.DataFrame, order: str, worlds: int, width: int, height: int) -> None:
    """What the order falls short of, and which orders cannot be told apart from the best."""
    t = session.texts
    chart = solara.use_memo(
        lambda: regrets(ranks, order, worlds, session, width, height), [ranks, order, worlds, width, height]
    )
    ChartCard(session, chart, about_more=_about(session, *read_order(order), worlds))
    best = ranks[ranks["in_best_set"]]
    rows = [_row(row, session) for _, row in best.iterrows()]
    heads = [t(f"conditions.lab.{head}") for head in ("order_head", "mean_head", "regret_head")]
    caption = t("conditions.best_set", count=len(best), orders=len(ranks), worlds=worlds)
    with solara.v.Html(
        tag="details", class_="ci-card ci-table", attributes={"open": True} if len(best) <= NAMED else {}
    ):
        solara.v.Html(tag="summary", children=[caption])
        solara.HTML(tag="div", unsafe_innerHTML=table(caption, heads, rows))


def _row(row: pd.Series[Any], session: Session) -> list[str]:
    t = session.texts
    regret_said = t("findings.interval", middle=t.number(row["regret"], 1), low=t.number(row["regret_low"], 1),
                    high=t.number(row["regret_high"], 1))  # fmt: skip
    order = " > ".join(t(f"conditions.short.{name}") for name in read_order(row["alternative"])[0])
    return [order, t.number(row["mean"], 1), regret_said]


@solara.component
def Progress(text: str, share: float | None = None) -> None:
    """How far some work is, where that is known."""
    with solara.Div(classes=["ci-card"]):
        solara.v.Html(tag="p", children=[text])
        attributes = {"max": "100", "aria-label": text}
        if share is not None:
            attributes["value"] = str(round(100 * share))
        solara.v.Html(tag="progress", attributes=attributes, class_="ci-progress")
