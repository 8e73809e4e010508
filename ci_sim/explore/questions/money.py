"""What would the same money do, spent otherwise?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval, ratio_interval
from ci_sim.analysis.points import standing
from ci_sim.analysis.words import interval_of, signed_points
from ci_sim.arms import STANDARD_ARMS
from ci_sim.explore.question import ARM, ISOLATED, SAME_MONEY, Answer, Asked, Question, Study, by_chance
from ci_sim.explore.standard import STANDARD, standard_study
from ci_sim.figures.estimates import Row, rows_page
from ci_sim.figures.page import caption_of

__all__ = ["QUESTION"]

PAIRS = ((ARM, ISOLATED), (SAME_MONEY, ISOLATED), ("ordinary_coalition", ISOLATED), (ARM, SAME_MONEY))


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study = studies[STANDARD]
    arms = {str(arm): one.set_index("replication").sort_index() for arm, one in study.runs.groupby("arm")}
    table = pd.DataFrame([_row(arms[arm], arms[other], arm, other) for arm, other in PAIRS])
    sentence = _in_words(table)
    finding = Finding("money", QUESTION.text, table, sentence)
    rows = [_drawn(row) for _, row in table.iterrows()]
    how = (
        "Outcome at the horizon minus that of the other arm in the same worlds. Money: spent over the whole run beyond "
        "the other arm, in thousand; a point: that money per point gained, where the gain is clear."
    )
    caption = caption_of(sentence, how, f"{study.in_words}.", asked.note)
    figure, _ = rows_page({"": rows}, title=finding.title, axis="Difference (points)", caption=caption)
    return [Answer(finding, figure)]


def _row(own: pd.DataFrame, other: pd.DataFrame, arm: str, reference: str) -> dict[str, object]:
    """What an arm gains and costs beyond another, and the money per point gained, where it gains clearly."""
    gain, spend = ((own[name] - other[name]).to_numpy(float) for name in ("outcome", "spend"))
    difference = mean_interval(gain)
    per_point = Interval(math.nan, math.nan, math.nan)
    if standing(*difference[1:]) > 0 and spend.mean() > 0:
        per_point = ratio_interval(spend, 100 * gain)
    row: dict[str, object] = {"arm": arm, "reference": reference, "worlds": len(gain)}
    return row | difference.columns("difference") | mean_interval(spend).columns("extra_spend") | per_point.columns(
        "money_per_point"
    )  # fmt: skip


def _drawn(row: pd.Series[float]) -> Row:
    titles = {name: arm.title for name, arm in STANDARD_ARMS.items()}
    interval = Interval(*(100 * bound for bound in Interval.of(row, "difference")))
    money = f"{row['extra_spend']:+,.0f}".replace("-", "\u2212")
    point = "" if math.isnan(row["money_per_point"]) else f", {row['money_per_point']:,.0f} a point"
    label = f"{titles[str(row['arm'])]} minus {titles[str(row['reference'])]} (money {money}{point})"
    return Row(label, interval, bool(standing(*interval[1:])))


def _in_words(table: pd.DataFrame) -> str:
    rows = {(str(row["arm"]), str(row["reference"])): row for row in table.to_dict("records")}
    own, instead, direct = rows[ARM, ISOLATED], rows[SAME_MONEY, ISOLATED], rows[ARM, SAME_MONEY]
    lead = interval_of(direct, "difference")
    if standing(*lead[1:]):
        where = "above" if lead.estimate > 0 else "below"
        head = f"At the same money Collective Impact ends {where} more services instead: {signed_points(lead)} points."
    else:
        head = by_chance("At the same money Collective Impact and more services instead", own["worlds"])
    each = f"{_price(own)} for Collective Impact, {_price(instead)} for more services"
    return f"{head} Per point gained over isolated impact: {each}."


def _price(row: Mapping[Any, Any]) -> str:
    price = interval_of(row, "money_per_point")
    if math.isnan(price.estimate):
        return "no clear gain" if standing(*interval_of(row, "difference")[1:]) <= 0 else "no extra money"
    return f"{price.estimate:,.0f} [{price.low:,.0f}, {price.high:,.0f}] thousand"


QUESTION = Question(
    6,
    "money",
    "What would the same money do, spent otherwise?",
    "The standard arms on the same worlds: Collective Impact against its money spent on more programs and tries.",
    standard_study,
    _answer,
)
