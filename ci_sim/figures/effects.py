"""Effects of arms and of conditions: paired differences, the factorial's effects, Shapley values, what is in excess."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from ci_sim.analysis.intervals import Interval
from ci_sim.figures.estimates import Row, few_points, rows_page, scale_of_table, spread_out
from ci_sim.figures.over_factor import lines_over_factor, only_factor
from ci_sim.figures.page import caption_of, plain
from ci_sim.parameters import CONDITIONS

if TYPE_CHECKING:
    import pandas as pd

    from ci_sim.analysis.response import Scale

__all__ = ["additivity", "differences", "factorial_effects", "shapley"]

MOST_BESIDE_TERMS = 4
"""Points that have a panel each beside the names of interactions."""
MOST_ARMS = 4
"""Arms that have a panel each; of more, points and arms share one panel."""


def differences(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Paired differences: mean with its interval, and the band that holds 8 of 10 worlds.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.differences.paired_differences`.
    sentence, note : for the caption.
    """
    scale, one_point = scale_of_table(table), len(table["point"].unique()) == 1
    many = len(table["arm"].unique()) > MOST_ARMS
    shown, more = few_points(table, "difference", f"the difference of {plain(str(table['arm_title'].iloc[-1]))}")
    panels: dict[str, list[Row]] = {}
    for _, row in shown.iterrows():
        name = plain(str(row["arm_title"]))
        label = name if one_point else f"{name}, {row['label']}" if many else str(row["label"])
        interval = _scaled(Interval.of(row, "difference"), scale)
        band = (scale.factor * row["q10"], scale.factor * row["q90"])
        drawn = Row(label, interval, interval.low > 0 or interval.high < 0, band)
        panels.setdefault("" if one_point or many else name, []).append(drawn)
    outcome, reference = str(table["outcome"].iloc[0]).replace("_", " "), plain(str(table["reference_title"].iloc[0]))
    what = f"Difference: {outcome} minus that of {reference} in the same world."
    lost = int(table["missing"].sum())
    left_out = f"Left out: {lost} paired worlds without a value." if lost else ""
    caption = caption_of(sentence, f"{what} {_worlds(table, 'paired worlds at each point')}", left_out, more, note)
    return rows_page(panels, title=title, axis=f"Difference{_unit(scale)}", caption=caption)[0]


def factorial_effects(
    table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "", coding: str = "contrast"
) -> Figure:
    """All 31 effects of the five conditions, a panel per point.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.factorial.analyse`, ``factorial_effects``.
    coding : one of :data:`ci_sim.analysis.contrasts.CODINGS`.
    """
    chosen, scale = table[table["coding"] == coding], scale_of_table(table)
    panels, more = _panels(chosen, lambda row: Row(
        _term(row["term"]), _scaled(Interval.of(row, "effect"), scale), bool(row["clear"])
    ), most=MOST_BESIDE_TERMS)  # fmt: skip
    meaning = {
        "contrast": "Effect: mean with the condition minus mean without it, over all that the others do; of several "
        "conditions their interaction (half the difference of two effects, and so on).",
        "alone": "Effect: what a condition adds where all others are off; of several, what goes beyond their parts.",
        "last": "Effect: what a condition adds to all others; of several, how far these depend on each other.",
    }[coding]
    tested = "Grey: not distinguishable from zero, allowing for 31 looks (Holm, 5 %)."
    caption = caption_of(sentence, f"{meaning} {tested} {_worlds(chosen, 'worlds at each point')}", more, note)
    return rows_page(panels, title=title, axis=f"Effect{_unit(scale)}", caption=caption)[0]


def shapley(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """Shapley values of the five conditions: bars in a panel per point, or lines over a factor of many values.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.factorial.analyse`, ``shapley``.
    """
    scale, factor = scale_of_table(table), only_factor(table)
    panels, more = _panels(table, lambda row: _bar(row, "shapley", str(row["condition"]).replace("_", " "), scale))
    meaning = (
        "Shapley value: what a condition adds, averaged over all orders in which the five could be put in place; the "
        "five sum to what all five change together."
    )
    about, axis = f"{meaning} {_worlds(table, 'worlds at each point')}", f"Shapley value{_unit(scale)}"
    if more and factor:
        series = {str(name).replace("_", " "): rows for name, rows in table.groupby("condition", sort=False)}
        caption = caption_of(sentence, f"{about} Upright lines: 95 % intervals.", note)
        return lines_over_factor(series, factor, "shapley", scale.factor, title=title, axis=axis, caption=caption)
    return rows_page(panels, title=title, axis=axis, caption=caption_of(sentence, about, more, note), bars=True)[0]


def additivity(table: pd.DataFrame, *, title: str, sentence: str = "", note: str = "") -> Figure:
    """All five conditions together, the sum of each alone, and the excess: bars by point, or lines over a factor.

    Parameters
    ----------
    table : of :func:`ci_sim.analysis.factorial.analyse`, ``additivity``.
    """
    names = {"together": "all five together", "sum_alone": "sum of the five alone", "excess": "excess"}
    shown, scale, factor = spread_out(sorted(table["point"].unique())), scale_of_table(table), only_factor(table)
    about, axis = _worlds(table, "worlds at each point"), f"Change{_unit(scale)}"
    if factor and len(table) > len(shown):
        ends = ("", "_low", "_high")
        series = {
            label: table[[factor]].assign(**{f"change{end}": table[f"{name}{end}"] for end in ends})
            for name, label in names.items()
        }
        caption = caption_of(sentence, f"{about} Upright lines: 95 % intervals.", note)
        return lines_over_factor(series, factor, "change", scale.factor, title=title, axis=axis, caption=caption)
    panels = {
        str(row["label"]): [_bar(row, name, label, scale) for name, label in names.items()]
        for _, row in table[table["point"].isin(shown)].iterrows()
    }
    caption = caption_of(sentence, about, _more(table, shown), note)
    return rows_page(panels, title=title, axis=axis, caption=caption, bars=True)[0]


def _bar(row: pd.Series[float], name: str, label: str, scale: Scale) -> Row:
    interval = _scaled(Interval.of(row, name), scale)
    return Row(label, interval, interval.low > 0 or interval.high < 0)


def _panels(
    table: pd.DataFrame, make: Callable[[pd.Series[Any]], Row], most: int = 5
) -> tuple[dict[str, list[Row]], str]:
    """Rows by point, and what is said of points that are not shown."""
    shown = spread_out(sorted(table["point"].unique()), most)
    panels: dict[str, list[Row]] = {}
    for point in shown:
        rows = table[table["point"] == point]
        panels[str(rows["label"].iloc[0])] = [make(row) for _, row in rows.iterrows()]
    return panels, _more(table, shown)


def _more(table: pd.DataFrame, shown: list[int]) -> str:
    points = table["point"].nunique()
    return f"Shown: {len(shown)} of {points} points." if points > len(shown) else ""


def _term(term: str) -> str:
    """Conditions by their last word; of four, the one that is not there."""
    parts = str(term).split(":")
    if len(parts) == len(CONDITIONS):
        return "all five"
    if len(parts) == len(CONDITIONS) - 1:
        absent = next(condition for condition in CONDITIONS if condition not in parts)
        return f"all but {absent.rpartition('_')[2]}"
    return " \N{MULTIPLICATION SIGN} ".join(part.rpartition("_")[2] for part in parts)


def _scaled(interval: Interval, scale: Scale) -> Interval:
    return Interval(*(scale.factor * bound for bound in interval))


def _unit(scale: Scale) -> str:
    return f" ({scale.unit})" if scale.unit else ""


def _worlds(table: pd.DataFrame, what: str) -> str:
    fewest, most = int(table["worlds"].min()), int(table["worlds"].max())
    return f"{fewest:,} {what}." if fewest == most else f"{fewest:,} to {most:,} {what}."
