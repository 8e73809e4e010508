"""What the factorial and the orders of the conditions say, in sentences: computed, and silent on what is not clear."""

from __future__ import annotations

import pandas as pd

from ci_sim.analysis.factorial import additivity
from ci_sim.analysis.intervals import Floats, Interval, mean_interval
from ci_sim.app.charts.contributions import contribution_table
from ci_sim.app.charts.courses import when
from ci_sim.app.session import Session
from ci_sim.app.texts import Texts

__all__ = ["conditions_sentence", "design_in_words", "is_clear", "order_sentence", "points", "regret_sentence"]


def is_clear(value: Interval) -> bool:
    """Whether an interval misses zero."""
    return value.low > 0 or value.high < 0


def points(value: Interval, t: Texts, *, sign: bool = True) -> dict[str, str]:
    """An interval in points of 100 as the placeholders ``estimate``, ``low`` and ``high``."""
    return {name: t.number(part, 1, sign=sign) for name, part in value._asdict().items()}


def conditions_sentence(values: Floats, session: Session) -> str:
    """What the 32 combinations say; empty where nothing is clear.

    Parameters
    ----------
    values : (worlds, 32) in 0..1.
    """
    t, sums = session.texts, additivity(100 * values).iloc[0]
    table = contribution_table(values)
    together, excess = Interval.of(sums, "together"), Interval.of(sums, "excess")
    said = []
    if is_clear(together):
        said.append(t("conditions.together", when=when(session), **points(together, t)))
    said += _shapley(table, t)
    alone = table[(table["kind"] == "alone") & table["clear"]]
    if len(alone):
        said.append(t("conditions.alone", parts=_listed(alone, t)))
    elif said:
        said.append(t("conditions.none_alone"))
    if is_clear(excess):
        kind = "more" if excess.estimate > 0 else "less"
        low, high = sorted((abs(excess.low), abs(excess.high)))
        away = Interval(abs(excess.estimate), low, high)
        said.append(t(f"conditions.{kind}_than_alone", **points(away, t, sign=False)))
    return " ".join(said)


def _shapley(table: pd.DataFrame, t: Texts) -> list[str]:
    values = table[table["kind"] == "shapley"].sort_values("effect", ascending=False)
    clear, unclear = values[values["clear"]], values[~values["clear"]]
    if clear.empty:
        return []
    said = [t("conditions.over_all_orders", parts=_listed(clear, t))]
    if len(unclear):
        names = ", ".join(t(f"conditions.names.{name}") for name in unclear["condition"])
        said.append(t("conditions.not_clear", names=names))
    return said


def _listed(rows: pd.DataFrame, t: Texts) -> str:
    parts = []
    for _, row in rows.sort_values("effect", ascending=False).iterrows():
        name = t(f"conditions.names.{row['condition']}")
        parts.append(t("conditions.effect_in_words", name=name, **points(Interval.of(row, "effect"), t)))
    return "; ".join(parts)


def order_sentence(values: Floats, session: Session) -> str:
    """What an order came to beside all at once.

    Parameters
    ----------
    values : (worlds, 2) in 0..1: at once, in the order.
    """
    t = session.texts
    difference = mean_interval(100 * (values[:, 1] - values[:, 0]))
    kind = "order_differs" if is_clear(difference) else "order_same"
    means = {name: t.number(100 * float(values[:, n].mean())) for n, name in enumerate(("at_once", "order"))}
    return t(f"conditions.{kind}", when=when(session), worlds=len(values), **means, **points(difference, t))


def design_in_words(session: Session, kind: str, worlds: int, **settings: object) -> str:
    """The sweep that gives the same runs on the command line, with its design."""
    view = session.view
    asked = {"kind": kind, "scenario": view.scenario, "replications": worlds, "seed": view.seed, **settings}
    changes = "".join(f" --set {key}={value}" for key, value in view.overrides)
    return f"ci-sim sweep DESIGN{changes} ({', '.join(f'{key} = {value!r}' for key, value in asked.items())})"


def regret_sentence(table: pd.DataFrame, order: str, worlds: int, session: Session) -> str:
    """How far an order falls short of the best of all, and how many cannot be told apart from the best.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.regret.regret`, in points of 100.
    """
    t, row = session.texts, table[table["alternative"] == order].iloc[0]
    value = Interval.of(row, "regret")
    numbers = {"best_set": int(table["in_best_set"].sum()), "orders": len(table), "worlds": worlds}
    if row["regret"] == 0:
        return t("conditions.regret_best", **numbers)
    kind = "regret_in_set" if row["in_best_set"] else "regret_behind"
    return t(f"conditions.{kind}", **points(value, t, sign=False), **numbers)
