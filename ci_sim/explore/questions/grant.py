"""What happens after the grant?"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from ci_sim import figures
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval, ratio_interval
from ci_sim.analysis.points import standing
from ci_sim.analysis.words import listed, share_words, signed_points
from ci_sim.entries import StaffEvent
from ci_sim.explore.plans import endable, ends_of_grant, grant_ending
from ci_sim.explore.question import ARM, Answer, Asked, NotAskedError, Question, Study
from ci_sim.figures.page import caption_of
from ci_sim.sweep.design import Design

__all__ = ["QUESTION"]

YEARS_AFTER = (1, 3, 5)
RETAINED, LOST = "retained", "outcome_minus_staff_that_stay"


def _studies(asked: Asked) -> Mapping[str, Design]:
    case = endable(asked.case)
    ends = ends_of_grant(asked.case)
    if not ends:
        raise NotAskedError("the scenario has no paid staff whose grant could end before the horizon")
    points = [grant_ending(case, month) for month in (None, *ends.values())]
    return {"grant": asked.design([ARM], points, scenario=case, every=1)}


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    study, ends = studies["grant"], ends_of_grant(asked.case)
    worlds = {
        int(str(point)): one.pivot(index="replication", columns="month", values="indicator")  # noqa: PD010
        for point, one in study.series.groupby("point")
    }
    rows = [row for n, length in enumerate(ends, 1) for row in _rows(worlds[n], worlds[0], length)]
    table = pd.DataFrame(rows)
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


def _rows(worlds: pd.DataFrame, stays: pd.DataFrame, length: int) -> list[dict[str, object]]:
    """What is retained after some years, as far as they lie before the horizon; and the end against staff that stay.

    Retained is the mean indicator over that of the last month with staff, where this is clearly above 0: a ratio of
    means, for in single worlds the indicator may be near 0.

    Parameters
    ----------
    worlds, stays : (worlds, months) of the indicator.
    """
    last = int(worlds.columns[-1])
    rows: list[dict[str, object]] = []
    for years in YEARS_AFTER:
        if length + 12 * years <= last:
            later, before = (worlds[month].to_numpy(float) for month in (length + 12 * years, length))
            retained = ratio_interval(later, before)
            rows.append(
                {"grant_months": length, "measure": RETAINED, "years_after": years, **retained.columns("value")}
            )
    lost = mean_interval((worlds[last] - stays[last]).to_numpy(float))
    rows.append({"grant_months": length, "measure": LOST, "years_after": math.nan, **lost.columns("value")})
    return [row | {"worlds": len(worlds)} for row in rows]


def _in_words(table: pd.DataFrame, length: int) -> str:
    kept, final = table[(table["measure"] == RETAINED) & table["value"].notna()], table.iloc[-1]
    each = [
        f"{share_words(Interval.of(row, 'value'))} after {row['years_after']:.0f} year{'s' * (row['years_after'] > 1)}"
        for _, row in kept.iterrows()
    ]
    text = f"{_span(length).capitalize()} grant, then nothing: "
    text += f"the indicator is at {listed(each)} of what it was in the last month with staff; " if each else ""
    lost = Interval.of(final, "value")
    if standing(*lost[1:]):
        return f"{text}at the horizon {signed_points(lost)} points against staff that stay."
    return f"{text}at the horizon it cannot be told from staff that stay with {final['worlds']:,} worlds."


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
