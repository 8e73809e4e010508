"""When to expect results?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ci_sim import figures
from ci_sim.analysis import horizons
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import paired
from ci_sim.analysis.reaching import first_clear_month, median_interval, reached_by
from ci_sim.analysis.words import interval_of, listed, share_words
from ci_sim.arms import STANDARD_ARMS
from ci_sim.explore.question import ARM, ISOLATED, Answer, Asked, Question, Study
from ci_sim.explore.standard import STANDARD, standard_study
from ci_sim.figures.page import caption_of
from ci_sim.outcomes import first_month_at

__all__ = ["QUESTION"]

MEASURES = ("indicator", *horizons.LEADING)


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    return [_reaching(asked, studies[STANDARD]), _horizons(asked, studies[STANDARD])]


def _reaching(asked: Asked, study: Study) -> Answer:
    titles = {name: arm.title for name, arm in STANDARD_ARMS.items()}
    horizon = asked.case.horizon
    table = reached_by(study.runs, list(titles))
    rows = {str(row["arm"]): row for row in table.to_dict("records")}
    own, other = rows[ARM], rows[ISOLATED]
    level = f"{100 * horizon.threshold:.0f} points"
    sentence = (
        f"{titles[ARM]} reaches {level} {_reached(own)}; isolated impact {_reached(other)} "
        f"(of {own['worlds']:,} worlds)."
    )
    finding = Finding("when_threshold", f"When are {level} reached, and in how many worlds never?", table, sentence)
    figure = figures.reaching(
        study.runs, table, titles, title=finding.title, last=horizon.months, sentence=sentence,
        note=caption_of(f"Threshold: {level} of the indicator. {study.in_words}.", asked.note),
    )  # fmt: skip
    return Answer(finding, figure)


def _reached(row: Mapping[Any, Any]) -> str:
    """Never first, then the middle of all worlds, those that never reach it counted as later than any month."""
    never = f"never in {share_words(interval_of(row, 'never'))} of worlds"
    if math.isinf(row["q10"]):
        return never
    if math.isinf(row["median"]):
        return f"{never}; a tenth of all worlds are there by month {row['q10']:.0f}, half never"
    span = f"{_month(row['median_low'])} to {_month(row['median_high'])}"
    return f"{never}; half of all worlds are there by month {row['median']:.0f} [{span}]"


def _month(month: float) -> str:
    return "never" if math.isinf(month) else f"{month:.0f}"


def _horizons(asked: Asked, study: Study) -> Answer:
    last, worlds = asked.case.horizon.months, study.design.replications
    months = [month for month in horizons.MONTHS if month <= last] or [last]
    found = horizons.analyse(study.series, months=months, arm=ARM, reference=ISOLATED)
    rises, clear = _half_of_the_rise(study.series), _first_clear(study.series)
    rows = [(last, measure, "half of its rise", *month, "") for measure, month in rises.items()]
    rows.append((last, "indicator", "first clear month", clear, math.nan, math.nan, ""))
    table = pd.concat([found.table, pd.DataFrame(rows, columns=found.table.columns)], ignore_index=True)
    sentence = " ".join(filter(None, (found.sentence, _signs(rises, clear, worlds))))
    found = replace(found, name="when_horizons", table=table, sentence=sentence)
    note = caption_of(f"{study.in_words}.", asked.note)
    figure = figures.horizons(study.series, table, title=found.title, sentence=sentence, note=note)
    return Answer(found, figure)


def _half_of_the_rise(series: pd.DataFrame) -> dict[str, Interval]:
    """The median month in which a measure of Collective Impact is half-way from its start to its highest.

    Worlds in which it never rises count as later than any month.
    """
    own = horizons.yearly(series[series["arm"] == ARM])
    found = {}
    for measure in MEASURES:
        worlds = own.pivot(index="replication", columns="month", values=measure).to_numpy(float)  # noqa: PD010
        rise = worlds.max(axis=1) - worlds[:, 0]
        half = [first_month_at(one, one[0] + up / 2) for one, up in zip(worlds, rise, strict=True)]
        found[measure] = median_interval(np.sort(np.where(rise > 0, half, math.inf)))
    return found


def _first_clear(series: pd.DataFrame) -> float:
    """The month from which on the indicator can be told from isolated impact; NaN where it cannot at the end."""
    differences = paired(series, ARM, ISOLATED, ["indicator"], ["month", "replication"])["indicator"]
    bounds = {month: mean_interval(one.to_numpy()) for month, one in differences.groupby("month")}
    table = pd.DataFrame(bounds.values(), index=list(bounds), columns=["estimate", "low", "high"])
    return first_clear_month(table["low"], table["high"])


def _signs(rises: Mapping[str, Interval], clear: float, worlds: int) -> str:
    named = {"indicator": "the indicator itself", "joint_actions_agreed": "joint actions"}
    each = [
        f"{named.get(measure, measure.replace('_', ' '))} {rise.estimate:.0f} [{_month(rise.low)}, {_month(rise.high)}]"
        for measure, rise in sorted(rises.items(), key=lambda pair: pair[1].estimate)
        if not math.isinf(rise.estimate)
    ]
    first = f"Half of its rise is made by month: {listed(each)}. " if each else ""
    if math.isnan(clear):
        return f"{first}At the end the indicator cannot be told from that of isolated impact with {worlds:,} worlds."
    return f"{first}The indicator can be told from that of isolated impact from month {clear:.0f} on."


QUESTION = Question(
    3,
    "when",
    "When to expect results?",
    "The standard arms on the same worlds, every month: leading indicators, time to the threshold, and what evaluators "
    "after 3, 5 and 10 years conclude.",
    standard_study,
    _answer,
)
