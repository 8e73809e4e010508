"""What happens after the grant?"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import standing
from ci_sim.analysis.words import listed, share_words, signed_points
from ci_sim.explore.plans import endable, ends_of_grant, grant_ending
from ci_sim.explore.question import ARM, Answer, Asked, NotAskedError, Question, Study
from ci_sim.figures.page import caption_of
from ci_sim.scenario import StaffEvent
from ci_sim.sweep.design import Design

__all__ = ["QUESTION"]

RETAINED = {1: "retained_1_year", 3: "retained_3_years", 5: "retained_5_years"}


def _studies(asked: Asked) -> Mapping[str, Design]:
    case = endable(asked.case)
    ends = ends_of_grant(asked.case)
    if not ends:
        raise NotAskedError("the scenario has no paid staff whose grant could end before the horizon")
    points = [grant_ending(case, month) for month in (None, *ends.values())]
    return {"grant": asked.design([ARM], points, scenario=case, every=3)}


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study, ends = studies["grant"], ends_of_grant(asked.case)
    runs = {int(str(point)): one.set_index("replication") for point, one in study.runs.groupby("point")}
    table = pd.DataFrame([
        row for point, length in enumerate(ends, 1) for row in _rows(runs[point], runs[0], length)
    ])  # fmt: skip
    sentence = " ".join(_in_words(table[table["grant_months"] == length], length) for length in ends)
    finding = Finding("grant", QUESTION.text, table, sentence)
    other = [(event.month, event.note) for event in asked.case.events if not isinstance(event, StaffEvent)]
    titles = {"0": "staff stay"} | {str(n): f"{_span(length)} grant" for n, length in enumerate(ends, 1)}
    figure = figures.trajectories(
        study.series.assign(arm=study.series["point"].astype(str)), titles, title=finding.title,
        events=[*other, *((month, f"{_span(length)} grant ends") for length, month in ends.items())],
        note=caption_of(sentence, f"Collective Impact. {study.in_words}.", asked.note),
    )  # fmt: skip
    return [Answer(finding, figure)]


def _rows(runs: pd.DataFrame, stays: pd.DataFrame, length: int) -> list[dict[str, object]]:
    """Retained after some years, as far as they lie before the horizon; and the outcome against staff that stay."""
    rows: list[dict[str, object]] = []
    for years, outcome in RETAINED.items():
        retained = mean_interval(runs[outcome].to_numpy(float))
        if not math.isnan(retained.estimate):
            rows.append({"grant_months": length, "measure": outcome, "years_after": years, **retained.columns("value")})
    lost = mean_interval((runs["outcome"] - stays["outcome"]).to_numpy(float))
    rows.append({"grant_months": length, "measure": "outcome_minus_staff_that_stay", **lost.columns("value")})
    return [row | {"worlds": len(runs)} for row in rows]


def _in_words(table: pd.DataFrame, length: int) -> str:
    kept, final = table[table["measure"] != "outcome_minus_staff_that_stay"], table.iloc[-1]
    each = [
        f"{share_words(Interval.of(row, 'value'))} after {row['years_after']:.0f} year{'s' * (row['years_after'] > 1)}"
        for _, row in kept.iterrows()
    ]
    text = f"{_span(length).capitalize()} grant, then nothing: "
    text += f"the indicator is at {listed(each)}, of what it was in the last month with staff; " if each else ""
    told = standing(final["value_low"], final["value_high"])
    lost = Interval.of(final, "value")
    return f"{text}at the horizon " + (
        f"{signed_points(lost)} points against staff that stay." if told
        else f"it cannot be told from staff that stay with {final['worlds']:,} worlds."
    )  # fmt: skip


def _span(months: int) -> str:
    return f"{months // 12}-year" if months % 12 == 0 else f"{months}-month"


QUESTION = Question(
    4,
    "grant",
    "What happens after the grant?",
    "Staff stay, or go to zero after two, three or five years, on the same worlds.",
    _studies,
    _answer,
)
