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
from ci_sim.analysis.regret import regret
from ci_sim.analysis.words import listed, signed_points
from ci_sim.arms import STANDARD_ARMS
from ci_sim.explore.plans import full_staff, staffed, staffing
from ci_sim.explore.question import ARM, ISOLATED, SAME_MONEY, Answer, Asked, Question, Study, by_chance
from ci_sim.figures.page import caption_of
from ci_sim.scenario import CustomArm, Scenario
from ci_sim.sweep.design import Design, Value

__all__ = ["QUESTION"]

NARROW = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
WIDE = (0.25, 0.5, 1.0, 1.5, 2.0)
"""Levels of staff, as multiples of the scenario's."""
INTERDEPENDENCE = (0, 2, 5, 8)
MEMBERSHIP = (0.25, 0.5, 0.75, 1.0)
PRICES = (0.5, 1.0, 2.0)
FIFTH = 0.2
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
    values = runs.pivot(index="replication", columns="level", values="outcome").dropna()  # noqa: PD010
    table = _by_level(values)
    finding = Finding("staff", "What is one more staff member worth?", table, _in_words(table))
    how = (
        "Left: outcome at the horizon minus that without staff, in the same worlds. Right: change per additional staff "
        "member since the next lower level, drawn at the higher one; its interval is paired. " + study.in_words + "."
    )
    figure = figures.levels(
        table, {"over_none": "Over no staff (points)", "per_member": "One more member adds (points)"},
        level=LEVEL, axis="Backbone staff (full-time equivalents)", title=finding.title, own=full_staff(case),
        sentence=finding.sentence, note=caption_of(how, asked.note),
    )  # fmt: skip
    return Answer(finding, figure)


def _by_level(values: pd.DataFrame) -> pd.DataFrame:
    """A row per level: outcome over none, change per member since the level below, and whether in the best set."""
    best = regret(values).set_index("alternative")
    levels = [float(level) for level in values.columns]
    none = levels[0]
    rows = [{LEVEL: none, **mean_interval(values[none].to_numpy()).columns("outcome")}]
    for lower, level in pairwise(levels):
        step = (values[level] - values[lower]).to_numpy() / (level - lower)
        row = {LEVEL: level, **mean_interval(values[level].to_numpy()).columns("outcome")}
        row |= mean_interval((values[level] - values[none]).to_numpy()).columns("over_none")
        rows.append(row | mean_interval(step).columns("per_member"))
    regrets = best.loc[levels, ["regret", "regret_low", "regret_high", "in_best_set"]]
    return pd.DataFrame(rows).join(regrets, on=LEVEL).assign(worlds=len(values))


def _in_words(table: pd.DataFrame) -> str:
    """From which level on nothing more can be told, and what the members up to there add."""
    told = table[table["in_best_set"]]
    enough, best = told.iloc[0], table.sort_values("regret").iloc[0]
    if len(told) == len(table):
        return by_chance("What staff change", int(table["worlds"].iloc[0]))
    steps = table[(table[LEVEL] <= enough[LEVEL]) & table["per_member"].notna()]
    clear = [row for _, row in steps.iterrows() if standing(row["per_member_low"], row["per_member_high"])]
    each = [f"{signed_points(Interval.of(row, 'per_member'))} up to {row[LEVEL]:g}" for row in _ends(clear)]
    worth = f"One more staff member is worth, in points, {listed(each)} staff. " if each else ""
    if enough[LEVEL] == table[LEVEL].max():
        return f"{worth}More staff go on paying up to the most that was tried, {enough[LEVEL]:g}."
    if enough[LEVEL] == 0:
        return f"{worth}No level of staff can be told from none; the best mean is at {best[LEVEL]:g}."
    beyond = table[table[LEVEL] > told[LEVEL].max()]
    worse = f" More than {told[LEVEL].max():g} is worse than that." if len(beyond) else ""
    return f"{worth}Beyond {enough[LEVEL]:g} staff nothing more can be told from chance.{worse}"


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
