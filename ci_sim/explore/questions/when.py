"""When to expect results?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ci_sim import figures
from ci_sim.analysis import horizons
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import paired
from ci_sim.analysis.reaching import first_clear_month, reached_by
from ci_sim.analysis.words import listed, share_words
from ci_sim.arms import STANDARD_ARMS
from ci_sim.explore.question import ARM, ISOLATED, Answer, Asked, Question, Study, by_chance
from ci_sim.explore.standard import STANDARD, standard_study
from ci_sim.figures.page import caption_of

__all__ = ["QUESTION"]

MEASURES = ("indicator", *horizons.LEADING)


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    return [_reaching(asked, studies[STANDARD]), _horizons(asked, studies[STANDARD])]


def _reaching(asked: Asked, study: Study) -> Answer:
    titles = {name: arm.title for name, arm in STANDARD_ARMS.items()}
    horizon = asked.case.horizon
    table = reached_by(study.runs, list(titles))
    own, other = (table.set_index("arm").loc[arm] for arm in (ARM, ISOLATED))
    level = f"{100 * horizon.threshold:.0f} points"
    sentence = (
        f"{titles[ARM]} reaches {level} {_reached(own)}; isolated impact {_reached(other)} "
        f"(of {int(own['worlds']):,} worlds)."
    )
    finding = Finding("when_threshold", f"When are {level} reached, and in how many worlds never?", table, sentence)
    figure = figures.reaching(
        study.runs, table, titles, title=finding.title, last=horizon.months, sentence=sentence,
        note=caption_of(f"Threshold: {level} of the indicator. {study.in_words}.", asked.note),
    )  # fmt: skip
    return Answer(finding, figure)


def _reached(row: pd.Series[float]) -> str:
    """Never first, then the middle of all worlds, those that never reach it counted as later than any month."""
    never = f"never in {share_words(Interval.of(row, 'never'))} of worlds"
    if math.isinf(row["q10"]):
        return never
    if math.isinf(row["median"]):
        return f"{never}; a tenth of all worlds are there by month {row['q10']:.0f}, half never"
    span = f"{_month(row['median_low'])} to {_month(row['median_high'])}"
    return f"{never}; half of all worlds are there by month {row['median']:.0f} [{span}]"


def _month(month: float) -> str:
    return "never" if math.isinf(month) else f"{month:.0f}"


def _horizons(asked: Asked, study: Study) -> Answer:
    last = asked.case.horizon.months
    months = [month for month in horizons.MONTHS if month <= last] or [last]
    found = horizons.analyse(study.series, months=months, arm=ARM, reference=ISOLATED)
    clear = _first_clear(study.series)
    rows = [(last, measure, "first clear month", month, math.nan, math.nan, "") for measure, month in clear.items()]
    table = pd.concat([found.table, pd.DataFrame(rows, columns=found.table.columns)], ignore_index=True)
    sentence = f"{found.sentence} {_signs(clear, study.design.replications)}".strip()
    found = replace(found, name="when_horizons", table=table, sentence=sentence)
    note = caption_of(f"{study.in_words}.", asked.note)
    figure = figures.horizons(study.series, table, title=found.title, sentence=sentence, note=note)
    return Answer(found, figure)


def _first_clear(series: pd.DataFrame) -> dict[str, float]:
    """For every measure the month from which on the arms can be told apart; NaN where they cannot at the end."""
    differences = paired(horizons.yearly(series), ARM, ISOLATED, list(MEASURES), ["month", "replication"])
    found = {}
    for measure in MEASURES:
        bounds = {month: mean_interval(one.to_numpy()) for month, one in differences[measure].groupby("month")}
        table = pd.DataFrame(bounds.values(), index=list(bounds), columns=["estimate", "low", "high"])
        found[measure] = first_clear_month(table["low"], table["high"])
    return found


def _signs(clear: Mapping[str, float], worlds: int) -> str:
    named = {"indicator": "the indicator itself", "joint_actions_agreed": "joint actions"}
    told = sorted((month, measure) for measure, month in clear.items() if not math.isnan(month))
    if not told:
        return by_chance("Neither the indicator nor what moves before it", worlds)
    each = [f"{named.get(one, one.replace('_', ' '))} from month {month:.0f}" for month, one in told]
    return f"Told from isolated impact for good: {listed(each)}."


QUESTION = Question(
    3,
    "when",
    "When to expect results?",
    "The standard arms on the same worlds, every month: leading indicators, time to the threshold, and what evaluators "
    "after 3, 5 and 10 years conclude.",
    standard_study,
    _answer,
)
