"""How much backbone staff, and where does it stop paying?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from ci_sim import figures
from ci_sim.analysis import break_even
from ci_sim.analysis.findings import Finding
from ci_sim.analysis.intervals import Interval, mean_interval
from ci_sim.analysis.points import standing
from ci_sim.analysis.response import scale_of
from ci_sim.analysis.words import listed
from ci_sim.arms import STANDARD_ARMS
from ci_sim.entries import CustomArm
from ci_sim.explore.best import against_the_best
from ci_sim.explore.plans import full_staff, staffed, staffing
from ci_sim.explore.question import ARM, ISOLATED, SAME_MONEY, Answer, Asked, Question, Study, by_chance
from ci_sim.figures.page import caption_of
from ci_sim.scenario import Scenario
from ci_sim.sweep.design import Design, Value

__all__ = ["QUESTION"]

NARROW = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
WIDE = (0.25, 0.5, 1.0, 1.5, 2.0)
"""Levels of staff, as multiples of the scenario's."""
INTERDEPENDENCE = (0, 2, 5, 8)
MEMBERSHIP = (0.25, 0.5, 0.75, 1.0)
PRICES = (0.5, 1.0, 2.0)
FIFTH = 0.2
POINTS = scale_of("outcome")
STAFF, LEVEL = "backbone.staff", "staff"


def _studies(asked: Asked) -> Mapping[str, Design]:
    case = staffed(asked.case)
    arms = [_arm(case, level) for level in _levels(case, NARROW)]
    key, values = _second(case)
    points: list[dict[str, Value]] = [
        {**staffing(case, level), key: value} for value in values for level in _levels(case, WIDE)
    ]
    worlds = asked.share(FIFTH)
    return {
        "staff": asked.design(arms, scenario=case),
        "staff_grid": asked.design([ARM, ISOLATED, SAME_MONEY], points, scenario=case, worlds=worlds, kind="grid"),
    }


def _levels(case: Scenario, multiples: tuple[float, ...]) -> list[float]:
    """Whole numbers, the scenario's own level as it is."""
    full = full_staff(case)
    return sorted({full, *(float(round(full * multiple)) for multiple in multiples)})


def _arm(case: Scenario, level: float) -> CustomArm:
    """Collective Impact with other staff, as an arm, so that all levels share their worlds."""
    name = f"staff_{level:g}".replace(".", "_").replace("+", "")
    whole = STANDARD_ARMS[ARM].model_dump()
    factor = min(10.0, level / full_staff(case))
    return CustomArm(**whole | {"name": name, "title": f"{level:g} staff", "backbone": factor})


def _second(case: Scenario) -> tuple[str, tuple[Value, ...]]:
    """What is varied beside the staff: how complex the problem is, else who takes part, else what staff cost."""
    if case.problem.wiring != "explicit":
        most = case.problem.levers - 1
        return "problem.interdependence", tuple(sorted({min(k, most) for k in INTERDEPENDENCE}))
    if not case.groups or any(group.member is None for group in case.groups):
        return "participation.initial", MEMBERSHIP
    return "costs.staff", tuple(multiple * case.costs.staff for multiple in PRICES)


def _answer(asked: Asked, studies: Mapping[str, Study]) -> list[Answer]:
    case = staffed(asked.case)
    return [_marginal(asked, case, studies["staff"]), _grid(asked, case, studies["staff_grid"])]


def _marginal(asked: Asked, case: Scenario, study: Study) -> Answer:
    levels = {_arm(case, level).name: level for level in _levels(case, NARROW)}
    runs = study.runs.assign(level=study.runs["arm"].map(levels))
    outcome, spend = (
        runs.pivot(index="replication", columns="level", values=name).dropna()  # noqa: PD010
        for name in ("outcome", "spend")
    )
    table = _by_level(outcome, spend)
    finding = Finding("staff", "What is one more staff member worth?", table, _in_words(table))
    how = (
        "Left: outcome at the horizon minus that without staff, in the same worlds. Right: change per additional staff "
        "member since the next lower level, drawn at the higher one; its interval is paired. " + study.in_words + "."
    )
    figure = figures.levels(
        table, {"over_none": "Over no staff (points)", "per_member": "One more member adds (points)"},
        level=LEVEL, unranked=["per_member"], axis="Backbone staff (full-time equivalents)", title=finding.title,
        own=full_staff(case),
        sentence=finding.sentence, note=caption_of(how, asked.note),
    )  # fmt: skip
    return Answer(finding, figure)


def _by_level(outcome: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """A row per level: outcome over none, change and money per member since the level below, whether among the best.

    Parameters
    ----------
    outcome, spend : (worlds, levels).
    """
    best = against_the_best(outcome).set_index("alternative")
    levels = [float(level) for level in outcome.columns]
    none = outcome[levels[0]]
    rows = [{LEVEL: levels[0], **mean_interval(none.to_numpy()).columns("outcome")}]
    for lower, level in pairwise(levels):
        gained, paid = ((one[level] - one[lower]).to_numpy() / (level - lower) for one in (outcome, spend))
        row = {LEVEL: level, **mean_interval(outcome[level].to_numpy()).columns("outcome")}
        row |= mean_interval((outcome[level] - none).to_numpy()).columns("over_none")
        row |= mean_interval(gained).columns("per_member") | mean_interval(paid).columns("money_per_member")
        rows.append(row)
    regrets = best[["regret", "regret_low", "regret_high", "in_best_set"]]
    return pd.DataFrame(rows).join(regrets, on=LEVEL).assign(worlds=len(outcome))


def _in_words(table: pd.DataFrame) -> str:
    """From which level on nothing more can be told, and what the members up to there add and cost."""
    told, most = table[table["in_best_set"]], table[LEVEL].max()
    enough = told.iloc[0]
    if len(told) == len(table):
        return by_chance("What staff change", int(table["worlds"].iloc[0]))
    worth = _worth(table[table[LEVEL] <= enough[LEVEL]])
    if enough[LEVEL] == most:
        return f"{worth}More staff go on adding up to the most that was tried, {most:g}."
    if enough[LEVEL] == 0:
        return f"{worth}No level of staff can be told to be better than none."
    last = told[LEVEL].max()
    if enough[LEVEL] == last:
        return f"{worth}Of the levels that were tried {last:g} is best; more is worse."
    worse = f"; more than {last:g} is worse" if last < most else ""
    return f"{worth}Beyond {enough[LEVEL]:g} staff nothing more can be told from chance{worse}."


def _worth(table: pd.DataFrame) -> str:
    """What one more member adds first and last, where that is told from chance."""
    told = [row for _, row in table.iterrows() if standing(row["per_member_low"], row["per_member_high"])]
    each = [
        f"{POINTS.interval(Interval.of(row, 'per_member'), signed=True)} up to {row[LEVEL]:g} staff, for "
        f"{row['money_per_member']:,.0f} thousand over the run"
        for row in _ends(told)
    ]
    return f"One more staff member adds {listed(each)}. " if each else ""


def _ends(rows: list[pd.Series[float]]) -> list[pd.Series[float]]:
    """The first and the last."""
    return rows[:1] + rows[1:][-1:]


def _grid(asked: Asked, case: Scenario, study: Study) -> Answer:
    key, values = _second(case)
    levels = [level for _ in values for level in _levels(case, WIDE)]
    runs = study.runs.drop(columns=[name for name in study.design.factors if name not in (STAFF, key)])
    runs = runs.assign(**{STAFF: runs["point"].map(dict(enumerate(levels)))})
    finding = break_even.analyse(runs, arm=ARM, x=STAFF, y=key)
    sentence = finding.sentence or by_chance("Where it pays", study.design.replications)
    finding = replace(finding, name="staff_break_even", sentence=sentence)
    note = caption_of(f"{study.in_words}.", asked.note)
    return Answer(finding, figures.break_even(finding.table, title=finding.title, sentence=sentence, note=note))


QUESTION = Question(
    2,
    "staff",
    "How much backbone staff, and where does it stop paying?",
    "Levels of staff on the same worlds; and a grid of staff and what decides whether they pay: the problem's "
    "interdependence, or under explicit wiring who takes part.",
    _studies,
    _answer,
)
