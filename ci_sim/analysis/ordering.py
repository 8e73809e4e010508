"""Orders of the five conditions against one another: regret, and the set not distinguishable from the best."""

from __future__ import annotations

import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.regret import regret
from ci_sim.analysis.response import check_names, scale_of
from ci_sim.parameters import CONDITIONS

__all__ = ["KINDS", "analyse"]

ORDER = "order"
KINDS = tuple(f"{name.replace('_', ' ')} first" for name in CONDITIONS)
"""Kinds of orders, by the condition that begins."""


def analyse(runs: pd.DataFrame, *, arm: str = "collective_impact", outcome: str = "outcome") -> Finding:
    """What each order falls short of the best, in the same worlds.

    Parameters
    ----------
    runs : of a design of kind "orders"; where other factors vary too, of one of their combinations.
    outcome : more is better.

    Returns
    -------
    ``orders``, its table as of :func:`ci_sim.analysis.regret.regret` with ``kind`` (of :data:`KINDS`) and ``outcome``.

    Raises
    ------
    InputError : an arm or outcome that is not there.
    """
    check_names("arm", [arm], [str(name) for name in runs["arm"].unique()])
    check_names("outcome", [outcome], [str(name) for name in runs])
    chosen = runs[runs["arm"] == arm]
    cells = chosen.pivot_table(index="replication", columns=ORDER, values=outcome, aggfunc="first").dropna()
    table = regret(cells)
    table.insert(1, "kind", [f"{order.partition('>')[0].replace('_', ' ')} first" for order in table["alternative"]])
    table.insert(0, "outcome", outcome)
    title = f"Which order of the conditions: {outcome.replace('_', ' ')}"
    return Finding("orders", title, table, _in_words(table, outcome) if len(cells) > 1 else "")


def _in_words(table: pd.DataFrame, outcome: str) -> str:
    """Silent where no order can be told apart from the best."""
    best, worst, size = table.iloc[0], table.iloc[-1], int(table["in_best_set"].sum())
    if size == len(table):
        return ""
    short = scale_of(outcome).interval(Interval.of(worst, "regret"))
    return (
        f"{size} of {len(table)} orders cannot be told apart from the best ({_words(best['alternative'])}); the worst "
        f"({_words(worst['alternative'])}) falls {short} short of it."
    )


def _words(order: str) -> str:
    return ", ".join(name.replace("_", " ") for name in order.partition("@")[0].split(">"))
