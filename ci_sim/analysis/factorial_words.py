"""A factorial in words: sentences on the tables of :mod:`ci_sim.analysis.factorial`, silent on what is not clear."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ci_sim.analysis.intervals import Interval
from ci_sim.analysis.response import Scale

__all__ = ["additivity_in_words", "at_points", "effects_in_words", "shapley_in_words"]


def at_points(table: pd.DataFrame, say: Callable[[pd.DataFrame, Scale], str], scale: Scale) -> str:
    """A sentence per point; of more than four points, the first and the last."""
    by_point = [rows for _, rows in table.groupby("point")]
    shown = by_point if len(by_point) <= 4 else [by_point[0], by_point[-1]]
    sentences = []
    for rows in shown:
        worlds = int(rows["worlds"].iloc[0])
        where = "" if len(by_point) == 1 else f"{rows['label'].iloc[0]}: "
        said = say(rows, scale) if worlds > 1 else f"{worlds or 'no'} whole world{'s' * (worlds != 1)} is no evidence"
        sentences.append(f"{where}{said}.")
    left_out = int(table.drop_duplicates("point")["missing"].sum())
    more = [f"The table has {len(by_point) - 2} more points."] if len(by_point) > 4 else []
    lost = (
        [f"Left out: {left_out} world{'s that lack' if left_out > 1 else ' that lacks'} one of the 32 values."]
        if left_out
        else []
    )
    return " ".join([*(said[0].upper() + said[1:] for said in sentences), *more, *lost])


def effects_in_words(rows: pd.DataFrame, scale: Scale) -> str:
    """How many effects of a point are clear of zero, and the largest of them."""
    found = rows[(rows["coding"] == "contrast") & rows["clear"]]
    if found.empty:
        return "none of the 31 effects can be told apart from zero, allowing for 31 looks"
    interactions = int((found["order"] > 1).sum())
    largest = found.loc[found["effect"].abs().sort_values(ascending=False).index].head(3)
    named = "; ".join(
        f"{row['term'].replace('_', ' ').replace(':', ' with ')} {_said(row, 'effect', scale)}"
        for _, row in largest.iterrows()
    )
    return (
        f"{len(found) - interactions} of 5 main effects and {interactions} of 26 interactions are clear of zero, "
        f"allowing for 31 looks; the largest: {named}"
    )


def shapley_in_words(rows: pd.DataFrame, scale: Scale) -> str:
    """The Shapley values of a point that are clear of zero, the largest first, and which are not."""
    clear = rows[(rows["shapley_low"] > 0) | (rows["shapley_high"] < 0)].sort_values("shapley", ascending=False)
    unclear = [name.replace("_", " ") for name in rows["condition"] if name not in set(clear["condition"])]
    said = "; ".join(
        f"{row['condition'].replace('_', ' ')} {_said(row, 'shapley', scale)}" for _, row in clear.iterrows()
    )
    total = f"{scale.number(rows['shapley'].sum(), signed=True)} {scale.unit}".rstrip()
    said = f"of the {total} that all five change, averaged over all orders: {said}" if said else ""
    tail = f"not distinguishable from zero: {', '.join(unclear)}" if unclear else ""
    return "; ".join(filter(None, (said, tail)))


def additivity_in_words(rows: pd.DataFrame, scale: Scale) -> str:
    """Whether at a point the whole is more than the sum of its parts, or less, or cannot be told from it."""
    row = rows.iloc[0]
    together, alone, excess = (Interval.of(row, name) for name in ("together", "sum_alone", "excess"))
    if excess.low > 0:
        verdict = f"they are super-additive by {scale.interval(excess)}"
    elif excess.high < 0:
        short = Interval(-excess.estimate, -excess.high, -excess.low)
        verdict = f"they fall short of additivity by {scale.interval(short)}"
    else:
        verdict = f"the excess, {scale.interval(excess, signed=True)}, cannot be told apart from none"
    return (
        f"all five together change {scale.interval(together, signed=True)}, the five alone sum to "
        f"{scale.interval(alone, signed=True)}: {verdict}"
    )


def _said(row: pd.Series[float], name: str, scale: Scale) -> str:
    return scale.interval(Interval.of(row, name), signed=True)
